/**
 * Owns the state of the scheduler as it can be read from records and policies: who holds slots and locks, who stands in line for them, which rate limits are full,
 * and why the next call does not start. Pure; it asks nothing of the scheduler.
 */
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { selectToolCall, selectToolCalls } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import { isAwaitingPerson, type ToolCall, type ToolCallKey, type ToolCallWait } from '../core/tool-call.ts';
import { toLockModes } from '../core/locks.ts';

export interface WaitGraphOptions {
  readonly state: ToolCallState;
  readonly policyOf: (toolName: string) => ResolvedToolPolicy | undefined;
  /** How many calls may run at once, where that is known. */
  readonly concurrency: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A place where calls run or wait: all of them, or those of one tool. */
export interface SlotUse {
  readonly used: number;
  /** `undefined`: nobody knows, `Infinity`: none. */
  readonly limit: number | undefined;
  readonly waiting: readonly ToolCall[];
}

export interface LockLine {
  readonly key: string;
  readonly holders: readonly { readonly call: ToolCall; readonly mode: 'read' | 'write' }[];
  /** In the order in which they get it. */
  readonly line: readonly { readonly call: ToolCall; readonly mode: 'read' | 'write' }[];
}

export interface RateWindow {
  readonly key: string;
  readonly limit: number;
  readonly interval: number;
  /** Starts that still count. */
  readonly used: number;
  /** When the next start is allowed (epoch ms), if it has to wait. */
  readonly opensAt: number | undefined;
  readonly waiting: readonly ToolCall[];
}

export interface WaitGraph {
  readonly slots: SlotUse;
  readonly tools: readonly (SlotUse & { readonly toolName: string })[];
  readonly locks: readonly LockLine[];
  readonly rates: readonly RateWindow[];
  /** Calls that run as one request. */
  readonly groups: readonly { readonly toolName: string; readonly calls: readonly ToolCall[] }[];
  readonly people: readonly ToolCall[];
  /** The first call that waits, and what keeps it, from the nearest cause to the farthest. */
  readonly next: { readonly call: ToolCall; readonly causes: readonly WaitCause[] } | undefined;
}

/** Something that keeps a call, and the call that stands behind it, where one does. */
export interface WaitCause {
  readonly wait: ToolCallWait | { readonly type: 'running' | 'backoff' | 'person' | 'starting' };
  readonly by: ToolCall | undefined;
}

export function buildWaitGraph(options: WaitGraphOptions): WaitGraph {
  const { state, policyOf, concurrency } = options;
  const calls = selectToolCalls(state);
  const queued = calls.filter((call) => call.status === 'queued');
  const running = groupRunning(calls, policyOf);
  const waitsFor = (type: ToolCallWait['type']) => queued.filter(({ waitingFor }) => waitingFor?.type === type);
  const forSlot = waitsFor('slot');
  return {
    slots: {
      used: running.length,
      limit: concurrency,
      waiting: forSlot.filter(({ waitingFor }) => waitingFor?.type === 'slot' && waitingFor.scope === 'all'),
    },
    tools: listLimitedTools(calls, running, forSlot, policyOf),
    locks: listLocks(calls, policyOf),
    rates: listRates(options, calls, waitsFor('rate-limit')),
    groups: running.filter(({ calls: members }) => members.length > 1),
    people: calls.filter(isAwaitingPerson),
    next: explainNext(state, queued),
  };
}

interface RunningGroup {
  readonly toolName: string;
  readonly calls: readonly ToolCall[];
}

/** What holds a slot: a call, or calls of a tool with `executeMany` that started together. */
function groupRunning(calls: readonly ToolCall[], policyOf: WaitGraphOptions['policyOf']): RunningGroup[] {
  const groups = new Map<string, ToolCall[]>();
  for (const call of calls) {
    const isPreparing = call.status === 'queued' && call.waitingFor?.type === 'plugin';
    if (call.status !== 'running' && !isPreparing) continue;
    const isShared = policyOf(call.toolName)?.coalesce !== undefined;
    const name = isShared ? `${call.toolName}/${call.attempts.at(-1)?.startedAt}` : call.key;
    groups.set(name, [...(groups.get(name) ?? []), call]);
  }
  return [...groups.values()].map((members) => ({ toolName: members[0]!.toolName, calls: members }));
}

function listLimitedTools(
  calls: readonly ToolCall[],
  running: readonly RunningGroup[],
  forSlot: readonly ToolCall[],
  policyOf: WaitGraphOptions['policyOf'],
): (SlotUse & { toolName: string })[] {
  return [...new Set(calls.map(({ toolName }) => toolName))].flatMap((toolName) => {
    const limit = policyOf(toolName)?.concurrency ?? Infinity;
    const used = running.filter((group) => group.toolName === toolName).length;
    const waiting = forSlot.filter(
      (call) => call.toolName === toolName && call.waitingFor?.type === 'slot' && call.waitingFor.scope === 'tool',
    );
    return limit === Infinity || used + waiting.length === 0 ? [] : [{ toolName, used, limit, waiting }];
  });
}

/** Waits in which a call has its locks already. */
const HOLDS_LOCKS: Record<ToolCallWait['type'], boolean> = {
  slot: true,
  'rate-limit': true,
  coalesce: true,
  plugin: true,
  lock: false,
  order: false,
  'step-end': false,
};

function listLocks(calls: readonly ToolCall[], policyOf: WaitGraphOptions['policyOf']): LockLine[] {
  const lines = new Map<string, { holders: LockLine['holders'][number][]; line: LockLine['line'][number][] }>();
  const lineOf = (key: string) => {
    const line = lines.get(key) ?? { holders: [], line: [] };
    lines.set(key, line);
    return line;
  };
  for (const call of calls) {
    const place = placeInLine(call);
    if (place === undefined) continue;
    for (const [key, mode] of readLocks(call, policyOf)) lineOf(key)[place].push({ call, mode });
  }
  return [...lines].map(([key, line]) => ({ key, ...line }));
}

function placeInLine(call: ToolCall): 'holders' | 'line' | undefined {
  if (call.status === 'running' || call.status === 'retrying') return 'holders';
  if (call.status !== 'queued' || call.waitingFor === undefined) return undefined;
  if (call.waitingFor.type === 'lock') return 'line';
  return HOLDS_LOCKS[call.waitingFor.type] ? 'holders' : undefined;
}

/** The keys that the policy names for a call's input. What it waits for is known in any case. */
function readLocks(call: ToolCall, policyOf: WaitGraphOptions['policyOf']): ReadonlyMap<string, 'read' | 'write'> {
  const known = call.waitingFor?.type === 'lock' ? call.waitingFor.key : undefined;
  try {
    const modes = toLockModes(policyOf(call.toolName)?.locks?.(call.input as never) ?? {});
    return known === undefined || modes.has(known) ? modes : new Map([...modes, [known, 'write']]);
  } catch {
    // It is the author's function, and here it gets the input as the model sent it.
    return new Map(known === undefined ? [] : [[known, 'write']]);
  }
}

function listRates(
  { policyOf, now }: WaitGraphOptions,
  calls: readonly ToolCall[],
  waiting: readonly ToolCall[],
): RateWindow[] {
  const windows = new Map<string, { limit: number; interval: number; starts: Set<string>; times: number[] }>();
  for (const { toolName, key: callKey, attempts, earlierRuns = [] } of calls) {
    const policy = policyOf(toolName);
    if (policy?.rateLimit === undefined) continue;
    const { key, limit, interval } = policy.rateLimit;
    const window = windows.get(key) ?? { limit, interval, starts: new Set(), times: [] };
    windows.set(key, window);
    for (const { startedAt } of [...earlierRuns.flatMap((run) => run.attempts), ...attempts]) {
      // Calls that start together are one start.
      const start = policy.coalesce === undefined ? `${callKey}/${startedAt}` : `${toolName}/${startedAt}`;
      if (startedAt <= now - interval || window.starts.has(start)) continue;
      window.starts.add(start);
      window.times.push(startedAt);
    }
  }
  return [...windows].map(([key, { limit, interval, times }]) => {
    const first = times.sort((left, right) => left - right)[times.length - limit];
    const opensAt = first === undefined ? undefined : first + interval;
    const own = waiting.filter(({ waitingFor }) => waitingFor?.type === 'rate-limit' && waitingFor.key === key);
    return { key, limit, interval, used: times.length, opensAt, waiting: own };
  });
}

/** The first call in line, and the chain of what keeps it. */
function explainNext(state: ToolCallState, queued: readonly ToolCall[]): WaitGraph['next'] {
  const [call] = queued;
  if (call === undefined) return undefined;
  return { call, causes: listCauses(state, call) };
}

/** What keeps a call: its own wait, then what the call that it waits for is at, and so on. */
export function listCauses(state: ToolCallState, first: ToolCall): WaitCause[] {
  const causes: WaitCause[] = [];
  const seen = new Set<ToolCallKey>();
  let call: ToolCall | undefined = first;
  while (call !== undefined && !seen.has(call.key)) {
    seen.add(call.key);
    const wait = waitOf(call);
    const key: ToolCallKey | undefined =
      wait.type === 'lock' ? wait.heldBy : wait.type === 'order' ? wait.call : undefined;
    const by: ToolCall | undefined = key === undefined ? undefined : selectToolCall(state, key);
    causes.push({ wait, by });
    call = by;
  }
  return causes;
}

function waitOf(call: ToolCall): WaitCause['wait'] {
  if (call.status === 'queued') return call.waitingFor ?? { type: 'starting' };
  if (call.status === 'retrying') return { type: 'backoff' };
  return { type: isAwaitingPerson(call) ? 'person' : 'running' };
}
