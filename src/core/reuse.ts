/**
 * Owns the results that are used again (`staleTime`): which are known, which are on their way, and which calls wait for one. A call is asked
 * when it holds its locks: nobody writes then what it reads, and what was written since a result is known has made that stale.
 */
import type { Clock } from './clock.ts';
import { stringify } from './identical-calls.ts';
import { takeSnapshot } from './json-snapshot.ts';
import type { LockModes } from './locks.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolCallEnding, ToolCallWait } from './tool-call.ts';
import type { InvalidateFilter, KnownToolResult } from './tool-calls.ts';

export interface ReuseOptions {
  readonly clock: Clock;
  /** The call has to run: it holds its locks, and wants a slot from now on. */
  readonly run: (task: ToolCallTask) => void;
  readonly settle: (task: ToolCallTask, ending: ToolCallEnding) => void;
  readonly tellWait: (task: ToolCallTask, waitingFor: ToolCallWait) => void;
}

export interface Reuse {
  /** The call holds its locks: it is settled by a known result, waits for one that is on its way, or runs. */
  ask(task: ToolCallTask): void;
  /** A call that may write what it has locked has its turn: what is known of that is stale, whatever becomes of the call. */
  noteWrite(task: ToolCallTask): void;
  /** The calls have ended, or stand in line no more. Gives what is to be done for those that waited for them, once their slots are given back. */
  leave(tasks: readonly ToolCallTask[]): () => void;
  invalidate(filter: InvalidateFilter): void;
}

/** A result, known or on its way. */
interface Result extends KnownToolResult {
  readonly identity: string;
  readonly locks: LockModes;
  /** Who brings it. */
  readonly task: ToolCallTask;
  /** How many characters of JSON the output has. */
  readonly size: number;
}

/** What is known of one chat at most: so many results, and so many characters of JSON in their outputs. The oldest go first. */
const MOST_RESULTS = 1_000;
const MOST_CHARACTERS = 5_000_000;

/** What equal calls have in common; `undefined` for one whose input JSON does not carry whole, which is like no other. */
export function identifyCall(toolName: string, parsedInput: unknown): string | undefined {
  const snapshot = takeSnapshot(parsedInput);
  const input = snapshot.success ? stringify(snapshot.value) : undefined;
  return input && `${toolName} ${input}`;
}

export function createReuse({ clock, run, settle, tellWait }: ReuseOptions): Reuse {
  /** By identity, the oldest first. */
  const known = new Map<string, Result>();
  /** By identity: those that later calls may wait for, and whose results will be known. */
  const coming = new Map<string, Result>();
  /** By the calls that bring them. */
  const running = new Map<ToolCallTask, Result>();
  /** The calls that wait, and what for. */
  const waiting = new Map<ToolCallTask, Result>();
  let characters = 0;

  function ask(task: ToolCallTask): void {
    const { toolName, parsedInput: input, locks, policy } = task;
    const identity = task.identity!;
    // A person who asks for a run gets one.
    if (!task.byHand) {
      const found = known.get(identity);
      if (found !== undefined && clock.now() - found.at! < policy.staleTime) return settleBy(task, found);
      const awaited = coming.get(identity);
      if (awaited !== undefined) {
        waiting.set(task, awaited);
        return tellWait(task, { type: 'order', call: awaited.task.key, toolName });
      }
    }
    const result: Result = { toolName, input, identity, locks, task, size: 0 };
    coming.set(identity, result);
    running.set(task, result);
    run(task);
  }

  function settleBy(task: ToolCallTask, { output, at }: KnownToolResult): void {
    settle(task, { type: 'call-succeeded', output, reused: { at: at! } });
  }

  function note(result: Result, output: unknown): Result {
    const size = JSON.stringify(output).length;
    const noted = { ...result, output, at: clock.now(), size };
    drop(known.get(result.identity));
    if (size > MOST_CHARACTERS) return noted;
    known.set(result.identity, noted);
    characters += size;
    for (const oldest of known.values()) {
      if (known.size <= MOST_RESULTS && characters <= MOST_CHARACTERS) break;
      drop(oldest);
    }
    return noted;
  }

  function drop(result: Result | undefined): void {
    if (result !== undefined && known.delete(result.identity)) characters -= result.size;
  }

  function followersOf(result: Result): ToolCallTask[] {
    return [...waiting].flatMap(([task, awaited]) => (awaited === result ? task : []));
  }

  /** The call waits no more. `false` where it has gone already. */
  function stopWaiting(task: ToolCallTask, result: Result): boolean {
    return waiting.get(task) === result && waiting.delete(task);
  }

  /** The call that brought a result has ended: gives what becomes of those that waited for it. */
  function conclude(result: Result): (task: ToolCallTask) => void {
    const { task, identity } = result;
    running.delete(task);
    const isCurrent = coming.get(identity) === result && coming.delete(identity);
    const { ending } = task;
    if (ending?.type === 'call-succeeded') {
      const noted = isCurrent ? note(result, ending.output) : { ...result, output: ending.output, at: clock.now() };
      return (follower) => settleBy(follower, noted);
    }
    if (ending?.type !== 'call-failed') return ask;
    const { error } = ending;
    return (follower) => settle(follower, { type: 'call-failed', error, held: follower.policy.onFailure === 'hold' });
  }

  return {
    ask,
    noteWrite({ policy, locks }) {
      if (policy.readOnly || known.size === 0) return;
      for (const result of known.values()) {
        if ([...result.locks.keys()].some((key) => locks.get(key) === 'write')) drop(result);
      }
    },
    leave(tasks) {
      if (running.size === 0) return nothing;
      for (const task of tasks) waiting.delete(task);
      const ended = tasks.flatMap((task) => running.get(task) ?? []);
      const goOn = ended.map((result) => [result, conclude(result)] as const);
      return () => {
        for (const [result, then] of goOn) {
          for (const task of followersOf(result)) if (stopWaiting(task, result)) then(task);
        }
      };
    },
    invalidate({ toolName, keys, predicate = () => true }) {
      const isMeant = (result: Result) =>
        (toolName === undefined || result.toolName === toolName) &&
        (keys === undefined || keys.some((key) => result.locks.has(key))) &&
        predicate(result);
      const stale = [...known.values()].filter(isMeant);
      const late = [...coming.values()].filter(isMeant);
      stale.forEach(drop);
      for (const result of late) coming.delete(result.identity);
      for (const result of late) {
        for (const task of followersOf(result)) if (stopWaiting(task, result)) ask(task);
      }
    },
  };
}

function nothing(): void {}
