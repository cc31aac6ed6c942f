/** Owns where a policy's fields come from beside the tool itself: the defaults of a hook or runner, and MCP's annotations. */
import { readField } from './read-field.ts';
import type { ToolPolicy } from './tool.ts';

/** The policy fields that can be set for all tools of a hook or runner at once. */
export type ToolPolicyDefaults = Pick<
  ToolPolicy,
  'start' | 'timeout' | 'retry' | 'retryDelay' | 'onFailure' | 'onReload' | 'errorText' | 'dedupe'
>;

const DEFAULTS: Record<keyof ToolPolicyDefaults, true> = {
  start: true,
  timeout: true,
  retry: true,
  retryDelay: true,
  onFailure: true,
  onReload: true,
  errorText: true,
  dedupe: true,
};
// SAFETY: the keys of the record above.
export const POLICY_DEFAULTS = Object.keys(DEFAULTS) as (keyof ToolPolicyDefaults)[];

/** Reads MCP's hints, wherever an MCP client may have left them on the tool. */
export function readMcpAnnotations(tool: object): ToolPolicy {
  const places = ['metadata', '_meta'].map((field) => readField(tool, field));
  for (const place of [...[tool, ...places].map((holder) => readField(holder, 'annotations')), ...places]) {
    const hints: ToolPolicy = {};
    for (const field of ['readOnly', 'idempotent', 'destructive', 'openWorld'] as const) {
      const hint = readField(place, `${field}Hint`);
      if (typeof hint === 'boolean') hints[field] = hint;
    }
    if (Object.keys(hints).length > 0) return hints;
  }
  return {};
}
