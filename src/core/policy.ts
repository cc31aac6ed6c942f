/**
 * Owns what a tool's policy comes to: its own fields, over its MCP annotations, over the hook's defaults, over ours.
 * Misuse throws here, at set-up.
 */
import type { ToolSet } from 'ai';
import type { ToolCallError } from './errors.ts';
import { expectField, isCount, isMilliseconds } from './expect.ts';
import { misuse } from './misuse.ts';
import { isMcpFailure } from './output.ts';
import { POLICY_DEFAULTS, readMcpAnnotations, type ToolPolicyDefaults } from './policy-sources.ts';
import { readField } from './read-field.ts';
import { expectTool, type ToolCoalescing, type ToolPolicy, type ToolRateLimit } from './tool.ts';

/** A policy with every default filled in. */
export interface ResolvedToolPolicy {
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  readonly destructive: boolean;
  /** The SDK's own `needsApproval`: the server may ask for a yes once it has the call. */
  readonly needsApproval: boolean;
  readonly start: 'early' | 'eager' | 'step-end';
  readonly concurrency: number;
  readonly locks?: ToolPolicy['locks'] | undefined;
  readonly rateLimit?: (ToolRateLimit & { readonly key: string }) | undefined;
  readonly after: readonly string[];
  readonly sequential: boolean;
  readonly timeout: number | false;
  readonly retry: NonNullable<ToolPolicy['retry']>;
  readonly retryDelay?: NonNullable<ToolPolicy['retryDelay']> | undefined;
  readonly approval: NonNullable<ToolPolicy['approval']>;
  readonly approvalKey?: ToolPolicy['approvalKey'] | undefined;
  readonly onFailure: 'report' | 'hold';
  readonly onReload: 'run' | 'ask' | 'fail';
  readonly onUnmount: 'abort' | 'finish';
  readonly dedupe: boolean;
  /** Only of a tool with `executeMany`: calls that are ready together run as one. */
  readonly coalesce?: Required<ToolCoalescing> | undefined;
  /** How long its results are used again; 0 for a tool that is not `readOnly`. */
  readonly staleTime: number;
  readonly undo?: ToolPolicy['undo'];
  readonly undoFor: number;
  readonly errorText: (error: ToolCallError) => string;
  readonly isFailure: (output: unknown) => unknown;
  readonly persist: boolean | 'outcome-only';
  readonly reconcile?: ToolPolicy['reconcile'] | undefined;
  readonly untrusted: boolean;
  readonly openWorld: boolean;
  readonly labels: NonNullable<ToolPolicy['labels']>;
  readonly redact?: ToolPolicy['redact'] | undefined;
  readonly maxModelBytes?: number | undefined;
  readonly shorten?: ToolPolicy['shorten'] | undefined;
}

const isBoolean = (value: unknown) => typeof value === 'boolean';
const isFunction = (value: unknown) => typeof value === 'function';
const isOneOf =
  (...choices: readonly unknown[]) =>
  (value: unknown) =>
    choices.includes(value);
const isNames = (value: unknown) => Array.isArray(value) && value.every((name) => typeof name === 'string');

/** What the value of each field has to be. */
const FITS: Readonly<Record<keyof ToolPolicy, (value: unknown) => boolean>> = {
  readOnly: isBoolean,
  idempotent: isBoolean,
  destructive: isBoolean,
  start: isOneOf('early', 'eager', 'step-end'),
  concurrency: (value) => isCount(value, 1),
  locks: isFunction,
  rateLimit: (value) => typeof value === 'object' && value !== null,
  after: (value) => typeof value === 'string' || isNames(value),
  sequential: isBoolean,
  timeout: (value) => value === false || isMilliseconds(value, 1),
  retry: (value) => isBoolean(value) || isFunction(value) || isCount(value, 0),
  retryDelay: (value) => isFunction(value) || isMilliseconds(value, 0),
  approval: (value) => isBoolean(value) || isFunction(value),
  approvalKey: isFunction,
  onFailure: isOneOf('report', 'hold'),
  onReload: isOneOf('run', 'ask', 'fail'),
  onUnmount: isOneOf('abort', 'finish'),
  dedupe: isBoolean,
  staleTime: (value) => value === Infinity || isMilliseconds(value, 0),
  undo: isFunction,
  undoFor: (value) => value === Infinity || isMilliseconds(value, 0),
  coalesce: (value) => typeof value === 'object',
  errorText: isFunction,
  isFailure: isFunction,
  persist: (value) => isBoolean(value) || value === 'outcome-only',
  reconcile: isFunction,
  labels: (value) => isFunction(value) || isNames(value),
  untrusted: isBoolean,
  openWorld: isBoolean,
  redact: isFunction,
  maxModelBytes: (value) => isCount(value, 1),
  shorten: isFunction,
};

/**
 * Resolves and checks the policy of every tool of a set. `isOpen`: other tools come and go, and `after` may name them.
 *
 * @throws TypeError on the first field that makes no sense
 */
export function resolvePolicies(
  tools: ToolSet,
  defaults: ToolPolicyDefaults,
  isOpen = false,
): Map<string, ResolvedToolPolicy> {
  expectField('tools', '', tools, typeof tools === 'object' && tools !== null);
  const ours = readPolicy(POLICY_DEFAULTS, [defaults], '');
  const policies = new Map<string, ResolvedToolPolicy>();
  for (const [name, tool] of Object.entries(tools)) {
    expectTool(`tool \`${name}\``, tool);
    policies.set(name, resolvePolicy(name, tool, ours));
  }
  if (!isOpen) expectKnownAfter(policies);
  expectNoCycle(policies);
  expectOneRateLimitPerKey(policies);
  return policies;
}

/** The fields as the first source says that has them; one that is undefined counts as left out. Throws for the first that makes no sense. */
function readPolicy(
  fields: readonly (keyof ToolPolicy)[],
  sources: readonly ToolPolicy[],
  owner: string,
): Partial<Record<keyof ToolPolicy, unknown>> & ToolPolicy {
  const policy: Partial<Record<keyof ToolPolicy, unknown>> = {};
  for (const field of fields) {
    const value = sources.find((source) => source[field] !== undefined)?.[field];
    if (value === undefined) continue;
    expectField(field, owner, value, FITS[field](value));
    policy[field] = value;
  }
  // SAFETY: each value was checked.
  return policy as ToolPolicy;
}

function resolvePolicy(name: string, tool: ToolSet[string], defaults: ToolPolicy): ResolvedToolPolicy {
  const owner = ` of tool \`${name}\``;
  // SAFETY: the keys of the record; a plain AI SDK tool simply has none of the optional policy fields.
  const policy = readPolicy(
    Object.keys(FITS) as (keyof ToolPolicy)[],
    [tool as ToolPolicy, readMcpAnnotations(tool), defaults],
    owner,
  );
  const { readOnly = false, idempotent = false, after = [], rateLimit, errorText } = policy;
  const harmless = readOnly || idempotent;
  const needsApproval = hasApproval(tool);
  expectField('start', owner, policy.start, readOnly || policy.start !== 'early');
  return {
    destructive: false,
    start: harmless && !needsApproval ? 'eager' : 'step-end',
    concurrency: Infinity,
    sequential: false,
    timeout: 60_000,
    retry: harmless ? 2 : 0,
    approval: false,
    onFailure: 'report',
    onReload: harmless ? 'run' : 'ask',
    onUnmount: harmless ? 'finish' : 'abort',
    dedupe: false,
    staleTime: 0,
    undoFor: 30_000,
    isFailure: isMcpFailure,
    persist: true,
    untrusted: false,
    openWorld: false,
    labels: [],
    ...policy,
    readOnly,
    idempotent,
    needsApproval,
    rateLimit: rateLimit && resolveRateLimit(name, owner, rateLimit),
    after: typeof after === 'string' ? [after] : after,
    coalesce: resolveCoalescing(tool, owner, policy.coalesce),
    errorText: toErrorText(errorText),
  };
}

function resolveCoalescing(
  tool: object,
  owner: string,
  given: ToolCoalescing | undefined,
): ResolvedToolPolicy['coalesce'] {
  const canCoalesce = typeof readField(tool, 'executeMany') === 'function';
  expectField('coalesce', owner, given, given === undefined || canCoalesce);
  if (!canCoalesce) return undefined;
  const { max = Infinity, wait = 'step-end' } = { ...given };
  expectField('coalesce.max', owner, max, isCount(max, 1));
  expectField('coalesce.wait', owner, wait, wait === 'step-end' || isMilliseconds(wait, 0));
  return { max, wait };
}

/** What the model may read of an error: the policy's words, or the error's where the policy has none to give. */
function toErrorText(own: ToolPolicy['errorText']): ResolvedToolPolicy['errorText'] {
  return (error) => {
    try {
      const text: unknown = own?.(error);
      return typeof text === 'string' ? text : error.message;
    } catch {
      return error.message;
    }
  };
}

/** What holds for a call of a tool that is not in the set: it fails at once. */
export const UNKNOWN_TOOL_POLICY: ResolvedToolPolicy = resolvePolicy('', { inputSchema: undefined } as never, {});

/** The SDK's own `needsApproval`: the server asks, after the call has reached the client. */
function hasApproval(tool: { needsApproval?: unknown }): boolean {
  return tool.needsApproval !== undefined && tool.needsApproval !== false;
}

function resolveRateLimit(name: string, owner: string, rateLimit: ToolRateLimit): ResolvedToolPolicy['rateLimit'] {
  const { limit, interval, key = name } = rateLimit;
  expectField('rateLimit.limit', owner, limit, isCount(limit, 1) && limit !== Infinity);
  expectField('rateLimit.interval', owner, interval, isMilliseconds(interval, 1));
  expectField('rateLimit.key', owner, key, typeof key === 'string');
  return { limit, interval, key };
}

/** Tools that share a rate limit must mean the same one: with two, neither could be kept. */
function expectOneRateLimitPerKey(policies: ReadonlyMap<string, ResolvedToolPolicy>): void {
  const owners = new Map<string, ToolRateLimit & { readonly name: string }>();
  for (const [name, { rateLimit }] of policies) {
    if (rateLimit === undefined) continue;
    const { key, limit, interval } = rateLimit;
    const owner = owners.get(key) ?? { name, limit, interval };
    owners.set(key, owner);
    if (owner.limit !== limit || owner.interval !== interval)
      throw misuse('rate-limits', key, owner, { name, limit, interval });
  }
}

function expectKnownAfter(policies: ReadonlyMap<string, ResolvedToolPolicy>): void {
  for (const [name, { after }] of policies) {
    const unknown = after.find((other) => !policies.has(other));
    if (unknown !== undefined) throw misuse('after-unknown', name, unknown, policies.keys());
  }
}

function expectNoCycle(policies: ReadonlyMap<string, ResolvedToolPolicy>): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw misuse('after-cycle', [...path.slice(path.indexOf(name)), name]);
    if (done.has(name)) return;
    for (const other of policies.get(name)?.after ?? []) visit(other, [...path, name]);
    done.add(name);
  };
  for (const name of policies.keys()) visit(name, []);
}
