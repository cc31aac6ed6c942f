/**
 * Owns which call may start now: locks first, in call order, then a slot and the rate limits. It knows nothing of what a call
 * does, and emits starts and waits through its two callbacks, one at a time: a command given inside of one is taken up after it.
 */
import type { CancelTimer, Clock } from './clock.ts';
import { createLockTable, type LockModes } from './locks.ts';
import { createRateLimiter } from './rate-limit.ts';
import type { ToolCoalescing, ToolRateLimit } from './tool.ts';
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
  /** The call may start together with others of its tool: they take one slot, and are one start of a rate limit. */
  readonly coalesce?: Required<ToolCoalescing> | undefined;
  /** Once the call holds its locks it is asked for by `onLocked`, and wants no slot before it is resumed. */
  readonly isAsked?: boolean | undefined;
}

export interface SchedulerOptions {
  /** How many calls may run at once. */
  concurrency: number;
  clock: Clock;
  /** The calls hold their locks and, together, a slot: run them. More than one only where `coalesce` says so. */
  onStart(ids: readonly string[]): void;
  /** The call holds its locks and wants no slot: resume it, or release it. */
  onLocked(id: string): void;
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

interface Entry extends ScheduleRequest {
  readonly lane: Lane;
  phase: 'locked-out' | 'ready' | 'running' | 'paused' | 'gone';
  wait: ToolCallWait | undefined;
  /** Those that started together with it, and hold the slot as long as one of them runs. */
  group?: { running: number } | undefined;
}

/** The calls of one tool that hold their locks and want a slot, in call order. */
interface Lane {
  /** Starts that hold a slot. */
  running: number;
  queue: Entry[];
  /** How many of the queue are ready. */
  ready: number;
  head: number;
  /** What its first call waited for when it was told last. */
  told: ToolCallWait | undefined;
  /** While there are ready calls that may start together: until when they wait for more of them, or 0 when they do no longer. */
  gathers: number | undefined;
}

/** How far down a lane the calls are told what they wait for now; those behind learn it when they move up. */
const TOLD_CALLS = 16;
/** How much of a lane is left behind before it is cut off, in one go. */
const LONGEST_TAIL = 1024;

const NO_SLOT: ToolCallWait = { type: 'slot', scope: 'all' };
const NO_SLOT_OF_TOOL: ToolCallWait = { type: 'slot', scope: 'tool' };

export function createScheduler({ concurrency, clock, onStart, onLocked, onWait }: SchedulerOptions): Scheduler {
  const entries = new Map<string, Entry>();
  const lanes = new Map<string, Lane>();
  const locks = createLockTable<Entry>();
  const rates = createRateLimiter();
  let limit = concurrency;
  let running = 0;
  /** Whether a round is under way, and whether it has to be made again. */
  let round: 'none' | 'under-way' | 'again' = 'none';
  /** Of the first call that may start then. */
  let cancelTimer: CancelTimer | undefined;
  /** Calls that joined a line since the last round: they have not been told what they wait for. */
  const untold: Entry[] = [];
  /** Calls that hold their locks and are still to be asked for. */
  const locked: Entry[] = [];

  function laneOf(toolName: string): Lane {
    let lane = lanes.get(toolName);
    if (lane === undefined)
      lanes.set(toolName, (lane = { running: 0, ready: 0, queue: [], head: 0, told: undefined, gathers: undefined }));
    return lane;
  }

  function takeLocks(entry: Entry): void {
    if (entry.isAsked !== true) return makeReady(entry);
    entry.phase = 'paused';
    locked.push(entry);
  }

  function makeReady(entry: Entry): void {
    entry.phase = 'ready';
    entry.lane.ready++;
    untold.push(entry);
    // The first ready call waits for others: those of the same task, or for so long.
    if (entry.coalesce !== undefined) entry.lane.gathers ??= clock.now() + (Number(entry.coalesce.wait) || 0);
    const { queue, head } = entry.lane;
    let place = queue.length;
    while (place > head && queue[place - 1]!.sequence > entry.sequence) place--;
    if (place === queue.length) queue.push(entry);
    else queue.splice(place, 0, entry);
  }

  /** Nobody is ready any more: the next one waits for others again. */
  function endGathering(lane: Lane): void {
    if (lane.ready === 0) lane.gathers = undefined;
  }

  function headOf(lane: Lane): Entry | undefined {
    while (lane.head < lane.queue.length && lane.queue[lane.head]!.phase !== 'ready') lane.head++;
    // A long queue is copied when half of it is gone, so that a call's share of the copies does not grow with it.
    if (lane.head > Math.max(LONGEST_TAIL, lane.queue.length / 2)) {
      lane.queue = lane.queue.slice(lane.head);
      lane.head = 0;
    }
    return lane.queue[lane.head];
  }

  /** The call to start next, once all who hold their locks were asked for: the first in call order whose tool has room and whose rate limit allows it. */
  function next(): Entry | undefined {
    if (locked.length > 0 && limit > 0)
      for (const { id, phase } of locked.splice(0)) if (phase === 'paused') onLocked(id);
    if (running >= limit) return undefined;
    let best: Entry | undefined;
    for (const lane of lanes.values()) {
      const entry = headOf(lane);
      if (entry === undefined || (best !== undefined && entry.sequence > best.sequence)) continue;
      if (waitFor(entry) === undefined) best = entry;
    }
    return best;
  }

  /** What a call that holds its locks waits for. */
  function waitFor({ rateLimit, lane, concurrency: limitOfTool, coalesce }: Entry): ToolCallWait | undefined {
    if (coalesce !== undefined && lane.gathers && lane.ready < coalesce.max)
      return { type: 'coalesce', until: lane.gathers };
    if (rateLimit !== undefined) {
      const now = clock.now();
      const until = rates.availableAt(rateLimit.key, rateLimit, now);
      if (until > now) return { type: 'rate-limit', key: rateLimit.key, until };
    }
    if (lane.running >= limitOfTool) return NO_SLOT_OF_TOOL;
    return running >= limit ? NO_SLOT : undefined;
  }

  function start(entry: Entry): void {
    const { lane, rateLimit, coalesce } = entry;
    lane.running++;
    running++;
    if (rateLimit !== undefined) rates.start(rateLimit.key, rateLimit, clock.now());
    const max = coalesce?.max ?? 1;
    const ids: string[] = [];
    const group = coalesce && { running: 0 };
    let member = entry;
    do {
      member.phase = 'running';
      member.wait = undefined;
      member.group = group;
      if (group !== undefined) group.running++;
      // Out of its lane, where it stands first.
      lane.head++;
      lane.ready--;
      ids.push(member.id);
    } while (ids.length < max && (member = headOf(lane)!)?.coalesce);
    endGathering(lane);
    onStart(ids);
  }

  /** Starts whatever may start and tells the others why they wait, until nothing more changes. */
  function pump(): void {
    const isUnderWay = round !== 'none';
    round = 'again';
    if (isUnderWay) return;
    try {
      while (round === 'again') {
        round = 'under-way';
        for (let entry = next(); entry !== undefined; entry = next()) start(entry);
        locks.takeDisturbed().forEach(tellWait);
        untold.splice(0).forEach(tellWait);
        lanes.forEach(tellLane);
      }
    } finally {
      round = 'none';
    }
    armTimer();
  }

  /** All calls of a lane wait for the same: when that changes for the first, the next ones are told too. */
  function tellLane(lane: Lane): void {
    const head = headOf(lane);
    endGathering(lane);
    const wait = head && waitFor(head);
    const isNews = wait !== undefined && !isSameWait(lane.told, wait);
    lane.told = wait;
    const { queue, head: from } = lane;
    const to = Math.min(queue.length, from + (isNews ? TOLD_CALLS : 1));
    for (let place = from; place < to; place++) tellWait(queue[place]!);
  }

  function tellWait(entry: Entry): void {
    const wait = findWait(entry);
    if (wait === undefined || isSameWait(entry.wait, wait)) return;
    entry.wait = wait;
    onWait(entry.id, wait);
  }

  function findWait(entry: Entry): ToolCallWait | undefined {
    if (entry.phase === 'ready') return waitFor(entry);
    const block = entry.phase === 'locked-out' ? locks.blockOf(entry) : undefined;
    return block && { type: 'lock', key: block.key, heldBy: block.heldBy.id, heldByToolName: block.heldBy.toolName };
  }

  /** Wakes when the first rate limit opens that a call waits for, or when one need not wait for others any more. */
  function armTimer(): void {
    let wake = Infinity;
    for (const { told } of lanes.values()) if (told !== undefined && 'until' in told) wake = Math.min(wake, told.until);
    cancelTimer?.();
    cancelTimer = wake === Infinity ? undefined : clock.setTimer(onTime, wake - clock.now());
  }

  /** Only a timer ends it: calls of one task are there together, however long that takes. */
  function onTime(): void {
    for (const lane of lanes.values()) if (lane.gathers! <= clock.now()) lane.gathers = 0;
    pump();
  }

  function giveSlotBack({ lane, group }: Entry): void {
    if (group !== undefined && --group.running > 0) return;
    running--;
    lane.running--;
  }

  return {
    enqueue(request) {
      const lane = laneOf(request.toolName);
      const entry: Entry = { ...request, lane, phase: 'locked-out', wait: undefined };
      entries.set(entry.id, entry);
      if (locks.join(entry)) takeLocks(entry);
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
        if (entry.phase === 'ready') entry.lane.ready--;
        entry.phase = 'gone';
        locks.leave(entry).forEach(takeLocks);
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
