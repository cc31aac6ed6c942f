/** Owns where each field of a tool's policy came from. Pure. */
import type { ToolSet } from 'ai';
import { POLICY_DEFAULTS, readMcpAnnotations, type ToolPolicyDefaults } from '../core/policy-sources.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { readField } from '../core/read-field.ts';

/** The tool's own field (or `withPolicy`'s), an MCP annotation, an option of the hook, or what holds without any. */
export type PolicyOrigin = 'tool' | 'annotation' | 'hook' | 'default';

export interface PolicyField {
  readonly field: keyof ResolvedToolPolicy;
  readonly value: unknown;
  readonly origin: PolicyOrigin;
}

/** The fields of a policy that say something, those that somebody set first. Without a tool nobody knows who set them. */
export function listPolicyFields(
  policy: ResolvedToolPolicy,
  tool: ToolSet[string] | undefined,
  defaults: ToolPolicyDefaults,
): PolicyField[] {
  const annotations = tool === undefined ? {} : readMcpAnnotations(tool);
  const isHookField = new Set<string>(POLICY_DEFAULTS);
  // SAFETY: the keys of an object that was built by name.
  const fields = (Object.keys(policy) as (keyof ResolvedToolPolicy)[]).map((field): PolicyField => {
    const isOwn = tool !== undefined && readField(tool, field) !== undefined;
    const isAnnotated = readField(annotations, field) !== undefined;
    const isOfHook = isHookField.has(field) && readField(defaults, field) !== undefined;
    const origin = isOwn ? 'tool' : isAnnotated ? 'annotation' : isOfHook ? 'hook' : 'default';
    return { field, value: policy[field], origin };
  });
  return [
    ...fields.filter(({ origin }) => origin !== 'default'),
    ...fields.filter(({ origin, value }) => origin === 'default' && !isNothing(value)),
  ];
}

/** A default that says nothing: no lock, no limit, no label. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === Infinity || (Array.isArray(value) && value.length === 0);
}
