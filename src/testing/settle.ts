/** Owns the waiting of a test: until nothing more happens by itself, or until something has happened. The clock moves meanwhile, the real time does not. */
import type { ChatStatus } from 'ai';
import { selectToolCalls } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { ToolCall } from '../core/tool-call.ts';
import { selectUndo } from '../core/undo-facts.ts';
import { drain, nextTurn, waitReally } from './event-loop.ts';
import type { TestClock } from './test-clock.ts';

/** What waiting looks at. */
export interface WaitingWorld {
  readonly clock: TestClock;
  getState(): ToolCallState;
  getStatus(): ChatStatus;
  /** How long a tool that does not sleep on the clock may take, in real milliseconds. */
  readonly patience: number;
}

/** How many turns of the event loop without news mean that nothing is ready to go on. */
const QUIET_TURNS = 12;
/** How long a look at what is outside of the test waits for it (ms). */
const REAL_WAIT = 4;
/** A timer that arms itself again for ever would move the clock for ever. */
const MOST_TIMERS = 10_000;

/** Waits until nothing more happens by itself: what is open then waits for a person. @throws Error where a tool or an answer does not end */
export async function waitUntilSettled(world: WaitingWorld): Promise<void> {
  await waitFor(world, () => false);
}

/** Waits until `isTrue`. @throws Error where nothing more happens and it is not */
export async function waitUntil(world: WaitingWorld, isTrue: () => boolean): Promise<void> {
  let cause: unknown;
  /** One that throws asks for what is not there yet. */
  const ask = () => {
    try {
      cause = undefined;
      return isTrue();
    } catch (thrown) {
      cause = thrown;
      return false;
    }
  };
  if (await waitFor(world, ask)) return;
  throw new Error(`What was waited for has not come, and nothing more happens by itself. ${describe(world)}`, {
    cause,
  });
}

/** Moves the clock, and lets everything happen that happens meanwhile. */
export async function advance(clock: TestClock, milliseconds: number): Promise<void> {
  await drain(QUIET_TURNS);
  const end = { isReached: false };
  clock.setTimer(() => void (end.isReached = true), milliseconds);
  while (!end.isReached && (await clock.advanceToNext())) await drain(QUIET_TURNS);
  // What falls due at this very moment was armed meanwhile.
  await clock.advance(0);
  await drain(QUIET_TURNS);
}

/** Whether `isTrue` has become true; otherwise nothing more happens by itself. */
async function waitFor(world: WaitingWorld, isTrue: () => boolean): Promise<boolean> {
  const { clock, patience } = world;
  let timers = 0;
  let waited = 0;
  for (;;) {
    for (let turn = 0; turn < QUIET_TURNS; turn++) {
      if (isTrue()) return true;
      await nextTurn();
    }
    if (isTrue()) return true;
    const busy = countBusy(world);
    // Whoever does not sleep on the clock may end at any moment: time must not pass it by.
    if (clock.pending > 0 && busy <= clock.sleeping) {
      if (++timers > MOST_TIMERS)
        throw new Error(`${MOST_TIMERS} timers have fired, and still there are others. ${describe(world)}`);
      await clock.advanceToNext();
    } else if (busy === 0) return false;
    else if (waited >= patience)
      throw new Error(
        `The chat has not settled within ${patience} real milliseconds. ${describe(world)} ` +
          'Settle the promise of the tool, end the answer, or move the clock with `advance`.',
      );
    else {
      waited += REAL_WAIT;
      await waitReally(REAL_WAIT);
    }
  }
}

/** How many things are at work. */
function countBusy({ getState, getStatus }: WaitingWorld): number {
  return selectToolCalls(getState()).filter(isAtWork).length + (isStreaming(getStatus()) ? 1 : 0);
}

function isAtWork(call: ToolCall): boolean {
  const { status, waitingFor } = call;
  return status === 'running' || waitingFor?.type === 'plugin' || selectUndo(call)?.status === 'undoing';
}

function isStreaming(status: ChatStatus): boolean {
  return status === 'submitted' || status === 'streaming';
}

/** What is open, in words. */
function describe({ getState, getStatus }: WaitingWorld): string {
  const calls = selectToolCalls(getState()).map(
    ({ toolName, toolCallId, status }) => `${toolName} (${toolCallId}) is ${status}`,
  );
  return `The chat is ${getStatus()}; ${calls.length === 0 ? 'it has no calls' : calls.join(', ')}.`;
}
