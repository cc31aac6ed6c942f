/**
 * Owns which call may start now: locks first, in call order, then a slot and the rate limits. It knows nothing of what a call
 * does, and emits starts and waits through its two callbacks.
 */
import type { CancelTimer, Clock } from './clock.ts';
import { createLockTable } from './locks.ts';
import { createRateLimiter } from './rate-limit.ts';
import type { ToolRateLimit } from './tool.ts';
import type { ToolCallWait } from './tool-call.ts';

export interface ScheduleRequest {
  readonly id: string;
  /** The call's place in call order, over all batches. */
  readonly sequence: number;
  readonly toolName: string;
  /** How many calls of this tool may run at once. */
  readonly concurrency: number;
  readonly rateLimit: (ToolRateLimit & { readonly key: string }) | undefined;
  readonly locks: ReadonlyMap<string, 'read' | 'write'>;
}

export interface SchedulerOptions {
  /** How many calls may run at once. */
  concurrency: number;
  clock: Clock;
  /** The call holds its locks and a slot: run it. */
  onStart(id: string): void;
  /** What the call waits for has changed. */
  onWait(id: string, waitingFor: ToolCallWait): void;
}

export interface Scheduler {
  /** Joins the line; starts at once where it can. */
  enqueue(request: ScheduleRequest): void;
  /** A backoff begins: the slot is given back, the locks are kept. */
  pause(id: string): void;
  /** The backoff is over: waits for a slot again, at the call's old place. */
  resume(id: string): void;
  /** The call is settled or cancelled, wherever it stands: everything is given back. */
  release(id: string): void;
  setConcurrency(concurrency: number): void;
}

interface Entry {
  readonly request: ScheduleRequest;
  phase: 'locked-out' | 'ready' | 'running' | 'paused' | 'gone';
  wait?: ToolCallWait;
}

/** The calls of one tool that hold their locks and want a slot, in call order. */
interface Lane {
  running: number;
  queue: Entry[];
  head: number;
}

export function createScheduler({ concurrency, clock, onStart, onWait }: SchedulerOptions): Scheduler {
  const entries = new Map<string, Entry>();
  const lanes = new Map<string, Lane>();
  const locks = createLockTable();
  const rates = createRateLimiter();
  let limit = concurrency;
  let running = 0;
  let pumping = false;
  let pumpAgain = false;
  let cancelTimer: CancelTimer | undefined;
  /** Calls that became ready since the last round: they have not been told what they wait for. */
  let untold: Entry[] = [];

  function laneOf(toolName: string): Lane {
    let lane = lanes.get(toolName);
    if (lane === undefined) lanes.set(toolName, (lane = { running: 0, queue: [], head: 0 }));
    return lane;
  }

  function makeReady(entry: Entry): void {
    entry.phase = 'ready';
    untold.push(entry);
    const { queue, head } = laneOf(entry.request.toolName);
    let place = queue.length;
    while (place > head && queue[place - 1]!.request.sequence > entry.request.sequence) place--;
    if (place === queue.length) queue.push(entry);
    else queue.splice(place, 0, entry);
  }

  function headOf(lane: Lane): Entry | undefined {
    while (lane.head < lane.queue.length && lane.queue[lane.head]!.phase !== 'ready') lane.head++;
    if (lane.head > 1024 && lane.head * 2 > lane.queue.length) {
      lane.queue = lane.queue.slice(lane.head);
      lane.head = 0;
    }
    return lane.queue[lane.head];
  }

  /** The call to start next: the first in call order whose tool has room and whose rate limit allows it. */
  function next(now: number): Entry | undefined {
    let best: Entry | undefined;
    for (const lane of lanes.values()) {
      const entry = headOf(lane);
      if (entry === undefined || (best !== undefined && entry.request.sequence > best.request.sequence)) continue;
      if (waitFor(entry, lane, now) === undefined) best = entry;
    }
    return best;
  }

  function waitFor({ request }: Entry, lane: Lane, now: number): ToolCallWait | undefined {
    if (request.rateLimit !== undefined) {
      const until = rates.availableAt(request.rateLimit.key, request.rateLimit, now);
      if (until > now) return { type: 'rate-limit', key: request.rateLimit.key, until };
    }
    if (lane.running >= request.concurrency) return { type: 'slot', scope: 'tool' };
    if (running >= limit) return { type: 'slot', scope: 'all' };
    return undefined;
  }

  function start(entry: Entry, now: number): void {
    const { request } = entry;
    const lane = laneOf(request.toolName);
    entry.phase = 'running';
    delete entry.wait;
    lane.head++;
    lane.running++;
    running++;
    if (request.rateLimit !== undefined) rates.start(request.rateLimit.key, request.rateLimit, now);
    onStart(request.id);
  }

  /** Starts whatever may start. Calls made from inside `onStart` are taken up by the loop that is already running. */
  function pump(): void {
    if (pumping) {
      pumpAgain = true;
      return;
    }
    pumping = true;
    try {
      do {
        pumpAgain = false;
        while (running < limit) {
          const now = clock.now();
          const entry = next(now);
          if (entry === undefined) break;
          start(entry, now);
        }
      } while (pumpAgain);
    } finally {
      pumping = false;
    }
    tellWaits();
  }

  /** Tells new calls and the head of each lane what they wait for, and sets the timer for the first rate limit to open. */
  function tellWaits(): void {
    const now = clock.now();
    for (const entry of untold) {
      const wait = entry.phase === 'ready' ? waitFor(entry, laneOf(entry.request.toolName), now) : undefined;
      if (wait !== undefined) tell(entry, wait);
    }
    untold = [];
    let wake = Infinity;
    for (const lane of lanes.values()) {
      const entry = headOf(lane);
      if (entry === undefined) continue;
      const wait = waitFor(entry, lane, now);
      if (wait === undefined) continue;
      if (wait.type === 'rate-limit') wake = Math.min(wake, wait.until);
      tell(entry, wait);
    }
    cancelTimer?.();
    cancelTimer = wake === Infinity ? undefined : clock.setTimer(pump, wake - now);
  }

  function tell(entry: Entry, wait: ToolCallWait): void {
    if (isSameWait(entry.wait, wait)) return;
    entry.wait = wait;
    onWait(entry.request.id, wait);
  }

  function tellLockWaits(): void {
    for (const id of locks.takeDisturbed()) tellLockWait(entries.get(id));
  }

  function tellLockWait(entry: Entry | undefined): void {
    const block = entry && locks.blockOf(entry.request.id);
    if (entry === undefined || block === undefined) return;
    tell(entry, { type: 'lock', ...block, heldByToolName: entries.get(block.heldBy)?.request.toolName ?? '' });
  }

  function giveSlotBack(entry: Entry): void {
    if (entry.phase !== 'running') return;
    running--;
    laneOf(entry.request.toolName).running--;
  }

  return {
    enqueue(request) {
      const entry: Entry = { request, phase: 'locked-out' };
      entries.set(request.id, entry);
      if (request.locks.size > 0 && !locks.join({ id: request.id, sequence: request.sequence, modes: request.locks })) {
        tellLockWait(entry);
        tellLockWaits();
        return;
      }
      makeReady(entry);
      pump();
      tellLockWaits();
    },
    pause(id) {
      const entry = entries.get(id);
      if (entry?.phase !== 'running') return;
      giveSlotBack(entry);
      entry.phase = 'paused';
      pump();
    },
    resume(id) {
      const entry = entries.get(id);
      if (entry?.phase !== 'paused') return;
      makeReady(entry);
      pump();
    },
    release(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entries.delete(id);
      giveSlotBack(entry);
      entry.phase = 'gone';
      if (entry.request.locks.size > 0) {
        for (const granted of locks.leave(id)) {
          const waiting = entries.get(granted);
          if (waiting !== undefined) makeReady(waiting);
        }
        tellLockWaits();
      }
      pump();
    },
    setConcurrency(concurrency) {
      limit = concurrency;
      pump();
    },
  };
}


function isSameWait(left: ToolCallWait | undefined, right: ToolCallWait): boolean {
  if (left?.type !== right.type) return false;
  switch (right.type) {
    case 'slot':
      return (left as typeof right).scope === right.scope;
    case 'lock':
      return (left as typeof right).key === right.key && (left as typeof right).heldBy === right.heldBy;
    case 'rate-limit':
      return (left as typeof right).key === right.key && (left as typeof right).until === right.until;
    default:
      return false;
  }
}
