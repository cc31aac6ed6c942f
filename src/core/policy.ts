/**
 * Owns what a tool's policy comes to: its own fields, over its MCP annotations, over the hook's defaults, over ours.
 * Misuse throws here, at set-up.
 */
import type { ToolSet } from 'ai';
import type { ToolCallError } from './errors.ts';
import { expectBooleanOrFunction, expectCount, expectMilliseconds, expectOneOf, show } from './expect.ts';
import { expectTool, type ToolPolicy, type ToolRateLimit } from './tool.ts';

/** The policy fields that can be set for all tools of a hook or runner at once. */
export type ToolPolicyDefaults = Pick<
  ToolPolicy,
  'start' | 'timeout' | 'retry' | 'retryDelay' | 'onFailure' | 'onReload' | 'errorText' | 'dedupe'
>;

/** A policy with every default filled in. */
export interface ResolvedToolPolicy {
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  readonly destructive: boolean;
  readonly start: 'eager' | 'step-end';
  readonly concurrency: number;
  readonly locks: ToolPolicy['locks'];
  readonly rateLimit: (ToolRateLimit & { readonly key: string }) | undefined;
  readonly after: readonly string[];
  readonly sequential: boolean;
  readonly timeout: number | false;
  readonly retry: NonNullable<ToolPolicy['retry']>;
  readonly retryDelay: NonNullable<ToolPolicy['retryDelay']> | undefined;
  readonly approval: NonNullable<ToolPolicy['approval']>;
  readonly onFailure: 'report' | 'hold';
  readonly onReload: 'run' | 'ask' | 'fail';
  readonly dedupe: boolean;
  readonly errorText: (error: ToolCallError) => string;
}

/** Resolves and checks the policy of every tool of a set. @throws TypeError on the first field that makes no sense */
export function resolvePolicies(tools: ToolSet, defaults: ToolPolicyDefaults): Map<string, ResolvedToolPolicy> {
  if (typeof tools !== 'object' || tools === null) {
    throw new TypeError(`Expected \`tools\` to be an object of tools by name, got ${show(tools)}.`);
  }
  const policies = new Map<string, ResolvedToolPolicy>();
  for (const [name, tool] of Object.entries(tools)) {
    expectTool(`tool \`${name}\``, tool);
    policies.set(name, resolvePolicy(name, tool, defaults));
  }
  for (const [name, policy] of policies) expectKnownAfter(name, policy, policies);
  expectNoCycle(policies);
  return policies;
}

function resolvePolicy(name: string, tool: ToolSet[string], defaults: ToolPolicyDefaults): ResolvedToolPolicy {
  // SAFETY: a plain AI SDK tool simply has none of the optional policy fields.
  const own = tool as ToolPolicy;
  const policy = { ...dropUndefined(defaults), ...readMcpAnnotations(tool), ...dropUndefined(own) } as ToolPolicy;
  expectPolicy(name, policy);
  const harmless = policy.readOnly === true || policy.idempotent === true;
  const { after = [], rateLimit } = policy;
  return {
    readOnly: policy.readOnly ?? false,
    idempotent: policy.idempotent ?? false,
    destructive: policy.destructive ?? false,
    start: policy.start ?? (harmless && !hasApproval(tool) ? 'eager' : 'step-end'),
    concurrency: policy.concurrency ?? Infinity,
    locks: policy.locks,
    rateLimit: rateLimit && { ...rateLimit, key: rateLimit.key ?? name },
    after: typeof after === 'string' ? [after] : after,
    sequential: policy.sequential ?? false,
    timeout: policy.timeout ?? 60_000,
    retry: policy.retry ?? (harmless ? 2 : 0),
    retryDelay: policy.retryDelay,
    approval: policy.approval ?? false,
    onFailure: policy.onFailure ?? 'report',
    onReload: policy.onReload ?? (harmless ? 'run' : 'ask'),
    dedupe: policy.dedupe ?? false,
    errorText: policy.errorText ?? ((error) => error.message),
  };
}

/** What holds for a call of a tool that is not in the set: it fails at once. */
export const UNKNOWN_TOOL_POLICY: ResolvedToolPolicy = resolvePolicy('', { inputSchema: undefined } as never, {});

/** The SDK's own `needsApproval`: the server asks, after the call has reached the client. */
function hasApproval(tool: { needsApproval?: unknown }): boolean {
  return tool.needsApproval !== undefined && tool.needsApproval !== false;
}

/** Reads MCP's hints, wherever an MCP client may have left them on the tool. */
function readMcpAnnotations(tool: object): ToolPolicy {
  const { annotations, _meta, metadata } = tool as { annotations?: unknown; _meta?: unknown; metadata?: unknown };
  for (const place of [annotations, readField(metadata, 'annotations'), readField(_meta, 'annotations'), metadata, _meta]) {
    const hints: ToolPolicy = {};
    if (typeof readField(place, 'readOnlyHint') === 'boolean') hints.readOnly = readField(place, 'readOnlyHint') === true;
    if (typeof readField(place, 'idempotentHint') === 'boolean') hints.idempotent = readField(place, 'idempotentHint') === true;
    if (typeof readField(place, 'destructiveHint') === 'boolean') hints.destructive = readField(place, 'destructiveHint') === true;
    if (Object.keys(hints).length > 0) return hints;
  }
  return {};
}

function readField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}

function dropUndefined<TObject extends object>(object: TObject): TObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as TObject;
}

function expectPolicy(name: string, policy: ToolPolicy): void {
  const field = (key: keyof ToolPolicy) => `\`${key}\` of tool \`${name}\``;
  for (const key of ['readOnly', 'idempotent', 'destructive', 'sequential', 'dedupe'] as const) {
    const value: unknown = policy[key];
    if (value !== undefined && typeof value !== 'boolean') throw new TypeError(`Expected ${field(key)} to be a boolean, got ${show(value)}.`);
  }
  if (policy.start !== undefined) expectOneOf(field('start'), policy.start, ['eager', 'step-end']);
  if (policy.onFailure !== undefined) expectOneOf(field('onFailure'), policy.onFailure, ['report', 'hold']);
  if (policy.onReload !== undefined) expectOneOf(field('onReload'), policy.onReload, ['run', 'ask', 'fail']);
  if (policy.concurrency !== undefined) expectCount(field('concurrency'), policy.concurrency, 1);
  if (policy.timeout !== undefined && policy.timeout !== false) expectMilliseconds(field('timeout'), policy.timeout, 1);
  if (policy.approval !== undefined) expectBooleanOrFunction(field('approval'), policy.approval);
  if (typeof policy.retry === 'number') expectCount(field('retry'), policy.retry, 0);
  else if (policy.retry !== undefined) expectBooleanOrFunction(field('retry'), policy.retry);
  if (policy.retryDelay !== undefined && typeof policy.retryDelay !== 'function') expectMilliseconds(field('retryDelay'), policy.retryDelay, 0);
  for (const key of ['locks', 'errorText'] as const) {
    const value: unknown = policy[key];
    if (value !== undefined && typeof value !== 'function') throw new TypeError(`Expected ${field(key)} to be a function, got ${show(value)}.`);
  }
  if (policy.rateLimit !== undefined) {
    expectCount(`\`rateLimit.limit\` of tool \`${name}\``, policy.rateLimit?.limit, 1);
    expectMilliseconds(`\`rateLimit.interval\` of tool \`${name}\``, policy.rateLimit?.interval, 1);
  }
}

function expectKnownAfter(name: string, policy: ResolvedToolPolicy, policies: ReadonlyMap<string, ResolvedToolPolicy>): void {
  for (const other of policy.after) {
    if (!policies.has(other)) {
      throw new TypeError(
        `Expected \`after\` of tool \`${name}\` to name tools of the same set, got \`${other}\`. The tools are: ${[...policies.keys()].join(', ')}.`,
      );
    }
  }
}

function expectNoCycle(policies: ReadonlyMap<string, ResolvedToolPolicy>): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' → ');
      throw new TypeError(`Expected \`after\` to form no cycle, got ${cycle}: none of these tools could ever start. Take one \`after\` away.`);
    }
    if (done.has(name)) return;
    for (const other of policies.get(name)?.after ?? []) visit(other, [...path, name]);
    done.add(name);
  };
  for (const name of policies.keys()) visit(name, []);
}
