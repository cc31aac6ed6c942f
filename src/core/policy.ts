/**
 * Owns what a tool's policy comes to: its own fields, over its MCP annotations, over the hook's defaults, over ours.
 * Misuse throws here, at set-up.
 */
import type { ToolSet } from 'ai';
import type { ToolCallError } from './errors.ts';
import { expectCount, expectMilliseconds, expectOneOf, expectType, show } from './expect.ts';
import { isMcpFailure } from './failure-output.ts';
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
  readonly approvalKey: ToolPolicy['approvalKey'];
  readonly onFailure: 'report' | 'hold';
  readonly onReload: 'run' | 'ask' | 'fail';
  readonly onUnmount: 'abort' | 'finish';
  readonly dedupe: boolean;
  /** Only of a tool with `executeMany`: calls that are ready together run as one. */
  readonly coalesce: { readonly max: number; readonly wait: number; readonly atStepEnd: boolean } | undefined;
  /** How long its results are used again; 0 for a tool that is not `readOnly`. */
  readonly staleTime: number;
  readonly errorText: (error: ToolCallError) => string;
  readonly isFailure: (output: unknown) => unknown;
  readonly persist: boolean | 'outcome-only';
  readonly reconcile: ToolPolicy['reconcile'];
  readonly untrusted: boolean;
  readonly openWorld: boolean;
  readonly labels: NonNullable<ToolPolicy['labels']>;
  readonly redact: ToolPolicy['redact'];
  readonly maxModelBytes: number | undefined;
  readonly shorten: ToolPolicy['shorten'];
}

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
  if (typeof tools !== 'object' || tools === null) {
    throw new TypeError(`Expected \`tools\` to be an object of tools by name, got ${show(tools)}.`);
  }
  const ours = pickDefaults(defaults);
  expectPolicy(ours, '');
  const policies = new Map<string, ResolvedToolPolicy>();
  for (const [name, tool] of Object.entries(tools)) {
    expectTool(`tool \`${name}\``, tool);
    policies.set(name, resolvePolicy(name, tool, ours));
  }
  if (!isOpen) for (const [name, policy] of policies) expectKnownAfter(name, policy, policies);
  expectNoCycle(policies);
  expectOneRateLimitPerKey(policies);
  return policies;
}

function resolvePolicy(name: string, tool: ToolSet[string], defaults: ToolPolicyDefaults): ResolvedToolPolicy {
  // SAFETY: a plain AI SDK tool simply has none of the optional policy fields.
  const own = tool as ToolPolicy;
  const policy: ToolPolicy = { ...defaults, ...readMcpAnnotations(tool), ...dropUndefined(own) };
  const owner = ` of tool \`${name}\``;
  expectPolicy(policy, owner);
  const harmless = policy.readOnly === true || policy.idempotent === true;
  const { after = [], rateLimit } = policy;
  return {
    readOnly: policy.readOnly ?? false,
    idempotent: policy.idempotent ?? false,
    destructive: policy.destructive ?? false,
    needsApproval: hasApproval(tool),
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
    approvalKey: policy.approvalKey,
    onFailure: policy.onFailure ?? 'report',
    onReload: policy.onReload ?? (harmless ? 'run' : 'ask'),
    onUnmount: policy.onUnmount ?? (harmless ? 'finish' : 'abort'),
    dedupe: policy.dedupe ?? false,
    coalesce: resolveCoalescing(tool, owner, policy.coalesce),
    staleTime: policy.staleTime ?? 0,
    errorText: toErrorText(policy.errorText),
    isFailure: policy.isFailure ?? isMcpFailure,
    persist: policy.persist ?? true,
    reconcile: policy.reconcile,
    untrusted: policy.untrusted ?? false,
    openWorld: policy.openWorld ?? false,
    labels: policy.labels ?? [],
    redact: policy.redact,
    maxModelBytes: policy.maxModelBytes,
    shorten: policy.shorten,
  };
}

function resolveCoalescing(tool: object, owner: string, given: unknown): ResolvedToolPolicy['coalesce'] {
  const canCoalesce = typeof readField(tool, 'executeMany') === 'function';
  if (given !== undefined && (!canCoalesce || typeof given !== 'object')) {
    throw new TypeError(
      `Expected \`coalesce\`${owner} to be { max?, wait? } beside \`executeMany\`, got ${show(given)}.`,
    );
  }
  if (!canCoalesce) return undefined;
  const { max = Infinity, wait = 'step-end' } = { ...(given as ToolCoalescing | undefined) };
  expectCount(`\`coalesce.max\`${owner}`, max, 1);
  if (wait === 'step-end') return { max, wait: 0, atStepEnd: true };
  expectMilliseconds(`\`coalesce.wait\`${owner}`, wait, 0, ", or `'step-end'`");
  return { max, wait, atStepEnd: false };
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

function pickDefaults(source: ToolPolicyDefaults): ToolPolicyDefaults {
  return dropUndefined(Object.fromEntries(POLICY_DEFAULTS.map((field) => [field, source[field]])));
}

function dropUndefined<TObject extends object>(object: TObject): TObject {
  // SAFETY: a field that is undefined counts as left out, wherever a field may be left out.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as TObject;
}

/** Throws on the first field that makes no sense. `owner` says whose it is: of a tool, or nobody's for the defaults. */
function expectPolicy(policy: ToolPolicy, owner: string): void {
  const given = (key: keyof ToolPolicy, check: (field: string, value: unknown) => void) => {
    if (policy[key] !== undefined) check(`\`${key}\`${owner}`, policy[key]);
  };
  for (const key of [
    'readOnly',
    'idempotent',
    'destructive',
    'sequential',
    'dedupe',
    'untrusted',
    'openWorld',
  ] as const) {
    given(key, (field, value) => expectType(field, value, 'boolean'));
  }
  for (const key of ['locks', 'approvalKey', 'errorText', 'isFailure', 'reconcile', 'redact', 'shorten'] as const)
    given(key, (field, value) => expectType(field, value, 'function'));
  given('approval', (field, value) => expectType(field, value, 'boolean', 'function'));
  given('start', (field, value) => expectOneOf(field, value, ['eager', 'step-end']));
  given('onFailure', (field, value) => expectOneOf(field, value, ['report', 'hold']));
  given('onReload', (field, value) => expectOneOf(field, value, ['run', 'ask', 'fail']));
  given('onUnmount', (field, value) => expectOneOf(field, value, ['abort', 'finish']));
  given('persist', (field, value) => {
    if (typeof value !== 'boolean') expectOneOf(field, value, ['outcome-only'], ', or a boolean');
  });
  given('concurrency', (field, value) => expectCount(field, value, 1));
  given('after', expectNames);
  given('labels', (field, value) => {
    if (typeof value !== 'function') expectNames(field, value, 'labels');
  });
  given('maxModelBytes', (field, value) => expectCount(field, value, 1));
  given('timeout', (field, value) => {
    if (value !== false) expectMilliseconds(field, value, 1, ', or `false` for none');
  });
  given('retry', (field, value) => {
    expectType(field, value, 'number', 'boolean', 'function');
    if (typeof value === 'number') expectCount(field, value, 0);
  });
  given('retryDelay', (field, value) => {
    if (typeof value !== 'function') expectMilliseconds(field, value, 0, ', or a function');
  });
  given('staleTime', (field, value) => {
    if (value !== Infinity) expectMilliseconds(field, value, 0, ', or `Infinity`');
  });
  given('rateLimit', (_field, value) => expectRateLimit(owner, value));
}

function expectNames(field: string, value: unknown, what: 'tools' | 'labels' = 'tools'): void {
  const isList = Array.isArray(value) && value.every((name) => typeof name === 'string');
  if (isList || (what === 'tools' && typeof value === 'string')) return;
  const expected = what === 'tools' ? "a tool's name or an array of names" : 'an array of strings, or a function';
  throw new TypeError(`Expected ${field} to be ${expected}, got ${show(value)}.`);
}

function expectRateLimit(owner: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`Expected \`rateLimit\`${owner} to be { limit, interval, key? }, got ${show(value)}.`);
  }
  expectCount(`\`rateLimit.limit\`${owner}`, readField(value, 'limit'), 1, { finite: true });
  expectMilliseconds(`\`rateLimit.interval\`${owner}`, readField(value, 'interval'), 1);
  const key = readField(value, 'key');
  if (key !== undefined && typeof key !== 'string') {
    throw new TypeError(`Expected \`rateLimit.key\`${owner} to be a string, got ${show(key)}.`);
  }
}

/** Tools that share a rate limit must mean the same one: with two, neither could be kept. */
function expectOneRateLimitPerKey(policies: ReadonlyMap<string, ResolvedToolPolicy>): void {
  const owners = new Map<string, { readonly name: string; readonly limit: number; readonly interval: number }>();
  for (const [name, { rateLimit }] of policies) {
    if (rateLimit === undefined) continue;
    const { key, limit, interval } = rateLimit;
    const owner = owners.get(key) ?? { name, limit, interval };
    owners.set(key, owner);
    if (owner.limit !== limit || owner.interval !== interval) {
      throw new TypeError(
        `Expected tools with the same \`rateLimit.key\` to have the same limit, got ${owner.limit} in ${owner.interval} ms for ` +
          `\`${owner.name}\` and ${limit} in ${interval} ms for \`${name}\`, both with the key \`${key}\`. Give them one limit, or two keys.`,
      );
    }
  }
}

function expectKnownAfter(
  name: string,
  policy: ResolvedToolPolicy,
  policies: ReadonlyMap<string, ResolvedToolPolicy>,
): void {
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
      throw new TypeError(
        `Expected \`after\` to form no cycle, got ${cycle}: none of these tools could ever start. Take one \`after\` away.`,
      );
    }
    if (done.has(name)) return;
    for (const other of policies.get(name)?.after ?? []) visit(other, [...path, name]);
    done.add(name);
  };
  for (const name of policies.keys()) visit(name, []);
}
