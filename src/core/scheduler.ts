/**
 * Owns which call may start now: locks first, in call order, then a slot and the rate limits. It knows nothing of what a call
 * does, and emits starts and waits through its two callbacks, one at a time: a command given inside of one is taken up after it.
 */
import type { CancelTimer, Clock } from './clock.ts';
import { createLockTable, type LockModes } from './locks.ts';
import { createRateLimiter } from './rate-limit.ts';
import type { ToolRateLimit } from './tool.ts';
import { isSameWait, type ToolCallWait } from './tool-call.ts';

export interface ScheduleRequest {
  readonly id: string;
  /** The call's place in call order, over all batches. */
  readonly sequence: number;
  readonly toolName: string;
  /** How many calls of this tool may run at once. */
  readonly concurrency: number;
  readonly rateLimit: (ToolRateLimit & { readonly key: string }) | undefined;
  readonly locks: LockModes;
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

/** `announce` runs once everything is given back and before anybody takes it: there the store hears of it. */
export interface Scheduler {
  /** Joins the line; starts at once where it can. */
  enqueue(request: ScheduleRequest): void;
  /** A backoff begins: the slot is given back, the locks are kept. */
  pause(id: string, announce?: () => void): void;
  /** The backoff is over: waits for a slot again, at the call's old place. */
  resume(id: string, announce?: () => void): void;
  /** The calls are settled or cancelled, wherever they stand: everything is given back, and none of them starts any more. */
  release(ids: readonly string[], announce?: () => void): void;
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
  /** What its first call waited for when it was told last. */
  told: ToolCallWait | undefined;
}

/** How far down a lane the calls are told what they wait for now; those behind learn it when they move up. */
const TOLD_CALLS = 16;
/** How much of a lane is left behind before it is cut off, in one go. */
const LONGEST_TAIL = 1024;

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
  /** Calls that joined a line since the last round: they have not been told what they wait for. */
  let untold: Entry[] = [];

  function laneOf(toolName: string): Lane {
    let lane = lanes.get(toolName);
    if (lane === undefined) lanes.set(toolName, (lane = { running: 0, queue: [], head: 0, told: undefined }));
    return lane;
  }

  function makeReady(entry: Entry): void {
    entry.phase = 'ready';
    untold.push(entry);
    const { queue, head } = laneOf(entry.request.toolName);
    let place = queue.length;
    while (place > head && queue[place - 1]!.request.sequence > entry.request.sequence) place--;
    queue.splice(place, 0, entry);
  }

  function headOf(lane: Lane): Entry | undefined {
    while (lane.head < lane.queue.length && lane.queue[lane.head]!.phase !== 'ready') lane.head++;
    if (lane.head > LONGEST_TAIL) {
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
      if (waitFor(entry, now) === undefined) best = entry;
    }
    return best;
  }

  /** What a call that holds its locks waits for. */
  function waitFor({ request }: Entry, now: number): ToolCallWait | undefined {
    if (request.rateLimit !== undefined) {
      const until = rates.availableAt(request.rateLimit.key, request.rateLimit, now);
      if (until > now) return { type: 'rate-limit', key: request.rateLimit.key, until };
    }
    if (laneOf(request.toolName).running >= request.concurrency) return { type: 'slot', scope: 'tool' };
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

  /** Starts whatever may start and tells the others why they wait, until nothing more changes. */
  function pump(): void {
    pumpAgain = true;
    if (pumping) return;
    pumping = true;
    try {
      while (pumpAgain) {
        pumpAgain = false;
        startAll();
        for (const id of locks.takeDisturbed()) tellWait(entries.get(id));
        for (const entry of takeUntold()) tellWait(entry);
        for (const lane of lanes.values()) tellLane(lane);
      }
    } finally {
      pumping = false;
    }
    armTimer();
  }

  function startAll(): void {
    let now = clock.now();
    for (let entry = next(now); entry !== undefined; entry = next(now)) {
      start(entry, now);
      now = clock.now();
    }
  }

  function takeUntold(): Entry[] {
    const taken = untold;
    untold = [];
    return taken;
  }

  /** All calls of a lane wait for the same: when that changes for the first, the next ones are told too. */
  function tellLane(lane: Lane): void {
    const head = headOf(lane);
    const wait = head && waitFor(head, clock.now());
    const isNews = wait !== undefined && !isSameWait(lane.told, wait);
    lane.told = wait;
    const { queue, head: from } = lane;
    for (const entry of queue.slice(from, from + (isNews ? TOLD_CALLS : 1))) tellWait(entry);
  }

  function tellWait(entry: Entry | undefined): void {
    const wait = entry && findWait(entry);
    if (entry === undefined || wait === undefined || isSameWait(entry.wait, wait)) return;
    entry.wait = wait;
    onWait(entry.request.id, wait);
  }

  function findWait(entry: Entry): ToolCallWait | undefined {
    if (entry.phase === 'ready') return waitFor(entry, clock.now());
    const block = locks.blockOf(entry.request.id);
    return block && { type: 'lock', ...block, heldByToolName: entries.get(block.heldBy)!.request.toolName };
  }

  /** Wakes when the first rate limit opens that a call waits for. */
  function armTimer(): void {
    const now = clock.now();
    let wake = Infinity;
    for (const lane of lanes.values()) {
      const entry = headOf(lane);
      const wait = entry && waitFor(entry, now);
      if (wait?.type === 'rate-limit') wake = Math.min(wake, wait.until);
    }
    cancelTimer?.();
    cancelTimer = wake === Infinity ? undefined : clock.setTimer(pump, wake - now);
  }

  function giveSlotBack(entry: Entry): void {
    running--;
    laneOf(entry.request.toolName).running--;
  }

  return {
    enqueue(request) {
      const entry: Entry = { request, phase: 'locked-out' };
      entries.set(request.id, entry);
      if (locks.join({ id: request.id, sequence: request.sequence, modes: request.locks })) makeReady(entry);
      else untold.push(entry);
      pump();
    },
    pause(id, announce) {
      const entry = entries.get(id);
      if (entry?.phase !== 'running') return;
      giveSlotBack(entry);
      entry.phase = 'paused';
      announce?.();
      pump();
    },
    resume(id, announce) {
      const entry = entries.get(id);
      if (entry?.phase !== 'paused') return;
      makeReady(entry);
      announce?.();
      pump();
    },
    release(ids, announce) {
      for (const id of ids) {
        const entry = entries.get(id);
        if (entry === undefined) continue;
        entries.delete(id);
        if (entry.phase === 'running') giveSlotBack(entry);
        entry.phase = 'gone';
        for (const granted of locks.leave(id)) makeReady(entries.get(granted)!);
      }
      announce?.();
      pump();
    },
    setConcurrency(next) {
      limit = next;
      pump();
    },
  };
}
