/**
 * Owns the results that are used again (`staleTime`): which are known, which are on their way, and which calls wait for one. A call is asked about
 * when it holds its locks: nobody writes then what it reads, and what was written since a result is known has made that stale.
 */
import type { CacheableCall, CacheControls, ResultCache } from '../core/result-cache.ts';
import { stringify } from '../core/identical-calls.ts';
import { takeSnapshot } from '../core/json-snapshot.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';
import type { KnownToolResult } from '../core/tool-calls.ts';
import { expectCount } from '../core/expect.ts';

export interface ResultCacheOptions {
  /** How many results are kept at most; the oldest go first. @default 1_000 */
  readonly maxResults?: number;
  /** How many characters of JSON their outputs have together at most. @default 5_000_000 */
  readonly maxSize?: number;
}

/**
 * A plugin that keeps the results of tools with `staleTime`, in memory, for as long as the chat is there.
 *
 * @throws TypeError on bounds that make no sense
 */
export function resultCache({ maxResults = 1_000, maxSize = 5_000_000 }: ResultCacheOptions = {}): ToolCallsPlugin {
  expectCount('`maxResults` of resultCache', maxResults, 1);
  expectCount('`maxSize` of resultCache', maxSize, 1);
  return { ...createPlugin(), forChat: createPlugin };

  function createPlugin(): ToolCallsPlugin {
    let results: () => readonly KnownToolResult[] = () => [];
    return {
      name: 'result-cache',
      createCache(controls) {
        const { list, ...cache } = createResultCache(controls, maxResults, maxSize);
        results = list;
        return cache;
      },
      listResults: () => results(),
    };
  }
}

/** A result, known or on its way. */
interface Result extends KnownToolResult {
  readonly identity: string;
  readonly locks: CacheableCall['locks'];
  /** Who brings it. */
  readonly call: CacheableCall;
  /** How many characters of JSON the output has. */
  readonly size: number;
}

/** What equal calls have in common; `undefined` for one whose input JSON does not carry whole, which is like no other. */
function identify({ toolName, parsedInput }: CacheableCall): string | undefined {
  const snapshot = takeSnapshot(parsedInput);
  const input = snapshot.success ? stringify(snapshot.value) : undefined;
  return input && `${toolName} ${input}`;
}

function createResultCache(
  { now, run, wait, settle }: CacheControls,
  maxResults: number,
  maxSize: number,
): ResultCache & { list(): readonly KnownToolResult[] } {
  /** By identity, the oldest first. */
  const known = new Map<string, Result>();
  /** By identity: those that later calls may wait for, and whose results will be known. */
  const coming = new Map<string, Result>();
  /** By the calls that bring them. */
  const running = new Map<CacheableCall, Result>();
  /** The calls that wait, and what for. */
  const waiting = new Map<CacheableCall, Result>();
  let totalSize = 0;

  function ask(call: CacheableCall): void {
    const { toolName, parsedInput: input, locks, policy } = call;
    const identity = identify(call);
    if (identity === undefined) return run(call);
    // A person who asks for a run gets one.
    if (!call.byHand) {
      const found = known.get(identity);
      if (found !== undefined && now() - found.at! < policy.staleTime) return settleBy(call, found);
      const awaited = coming.get(identity);
      if (awaited !== undefined) {
        waiting.set(call, awaited);
        return wait(call, awaited.call);
      }
    }
    const result: Result = { toolName, input, identity, locks, call, size: 0 };
    coming.set(identity, result);
    running.set(call, result);
    run(call);
  }

  function settleBy(call: CacheableCall, { output, at }: KnownToolResult): void {
    settle(call, { type: 'call-succeeded', output, reused: { at: at! } });
  }

  function note(result: Result, output: unknown): Result {
    const size = JSON.stringify(output).length;
    const noted = { ...result, output, at: now(), size };
    drop(known.get(result.identity));
    if (size > maxSize) return noted;
    known.set(result.identity, noted);
    totalSize += size;
    for (const oldest of known.values()) {
      if (known.size <= maxResults && totalSize <= maxSize) break;
      drop(oldest);
    }
    return noted;
  }

  function drop(result: Result | undefined): void {
    if (result !== undefined && known.delete(result.identity)) totalSize -= result.size;
  }

  function followersOf(result: Result): CacheableCall[] {
    return [...waiting].flatMap(([call, awaited]) => (awaited === result ? call : []));
  }

  /** The call waits no more. `false` where it has gone already. */
  function stopWaiting(call: CacheableCall, result: Result): boolean {
    return waiting.get(call) === result && waiting.delete(call);
  }

  /** The call that brought a result has ended: gives what becomes of those that waited for it. */
  function conclude(result: Result): (call: CacheableCall) => void {
    const { call, identity } = result;
    running.delete(call);
    const isCurrent = coming.get(identity) === result && coming.delete(identity);
    const { ending } = call;
    if (ending?.type === 'call-succeeded') {
      const noted = isCurrent ? note(result, ending.output) : { ...result, output: ending.output, at: now() };
      return (follower) => settleBy(follower, noted);
    }
    if (ending?.type !== 'call-failed') return ask;
    const { error } = ending;
    return (follower) => settle(follower, { type: 'call-failed', error, held: follower.policy.onFailure === 'hold' });
  }

  return {
    list: () => [...known.values(), ...coming.values()],
    ask,
    noteWrite({ policy, locks }) {
      if (policy.readOnly || known.size === 0) return;
      for (const result of known.values()) {
        if ([...result.locks.keys()].some((key) => locks.get(key) === 'write')) drop(result);
      }
    },
    leave(calls) {
      if (running.size === 0) return nothing;
      for (const call of calls) waiting.delete(call);
      const ended = calls.flatMap((call) => running.get(call) ?? []);
      const goOn = ended.map((result) => [result, conclude(result)] as const);
      return () => {
        for (const [result, then] of goOn) {
          for (const call of followersOf(result)) if (stopWaiting(call, result)) then(call);
        }
      };
    },
    invalidate({ toolName, keys, predicate = () => true } = {}) {
      const isMeant = (result: Result) =>
        (toolName === undefined || result.toolName === toolName) &&
        (keys === undefined || keys.some((key) => result.locks.has(key))) &&
        predicate(result);
      const stale = [...known.values()].filter(isMeant);
      const late = [...coming.values()].filter(isMeant);
      stale.forEach(drop);
      for (const result of late) coming.delete(result.identity);
      for (const result of late) {
        for (const call of followersOf(result)) if (stopWaiting(call, result)) ask(call);
      }
    },
  };
}

function nothing(): void {}
