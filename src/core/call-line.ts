/**
 * Owns the line in which calls wait for their turn, as their lives see it: the scheduler knows calls by what never changes, and a cache
 * (`staleTime`) is asked about those that hold their locks.
 */
import type { Clock } from './clock.ts';
import type { LockModes } from './locks.ts';
import { pluginsWith, type ToolCallsPlugin } from './plugins.ts';
import type { ResultCache } from './result-cache.ts';
import { createScheduler, type Scheduler, type ScheduleRequest } from './scheduler.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolCallEnding, ToolCallWait } from './tool-call.ts';

export interface CallLineOptions {
  readonly clock: Clock;
  readonly concurrency: number;
  readonly plugins: readonly ToolCallsPlugin[];
  /** The calls hold their locks and, together, a slot: run them. */
  readonly onStart: (tasks: readonly ToolCallTask[]) => void;
  readonly onWait: (task: ToolCallTask, waitingFor: ToolCallWait) => void;
  /** The call need not run. */
  readonly settle: (task: ToolCallTask, ending: ToolCallEnding) => void;
}

export interface CallLine extends Pick<Scheduler, 'pause' | 'resume' | 'setConcurrency'> {
  /** Joins the line; starts at once where it can. */
  join(task: ToolCallTask, locks: LockModes): void;
  /** Stands in line again for what an ended call had. `then`: it has that. Returns what gives it back, or leaves the line. */
  takeTurn(task: ToolCallTask, sequence: number, then: () => void): () => void;
  /** The calls leave the line, and give back what they had. */
  leave(tasks: readonly ToolCallTask[], announce: () => void): void;
  /** What becomes of the call is no result of its tool. */
  disown(task: ToolCallTask): void;
  /** Known results are stale, and so are those on their way. */
  readonly invalidate: ResultCache['invalidate'];
}

export function createCallLine({ clock, concurrency, plugins, onStart, onWait, settle }: CallLineOptions): CallLine {
  const lined = new Map<string, ToolCallTask>();
  /** Of those that stand in line for no attempt. */
  const turns = new Map<string, () => void>();
  const scheduler = createScheduler({
    concurrency,
    clock,
    onStart(ids) {
      const started = ids.map((id) => lined.get(id)!);
      if (cache !== undefined) started.forEach(cache.noteWrite);
      const then = turns.get(ids[0]!);
      if (then === undefined) onStart(started);
      else then();
    },
    onLocked: (id) => cache?.ask(lined.get(id)!),
    onWait(id, waitingFor) {
      if (!turns.has(id)) onWait(lined.get(id)!, named(waitingFor));
    },
  });
  // SAFETY: a cache gives back the tasks that it was asked about.
  const cache = pluginsWith(plugins, 'createCache')[0]?.createCache({
    now: clock.now,
    run: ({ id }: ToolCallTask) => scheduler.resume(id),
    wait: (task: ToolCallTask, { key, toolName }) => onWait(task, { type: 'order', call: key, toolName }),
    settle,
  });

  /** The scheduler names calls by their ids, the page by their keys. */
  function named(waitingFor: ToolCallWait): ToolCallWait {
    return waitingFor.type === 'lock' ? { ...waitingFor, heldBy: lined.get(waitingFor.heldBy)!.key } : waitingFor;
  }

  function enqueue(task: ToolCallTask, place: Pick<ScheduleRequest, 'id' | 'sequence' | 'coalesce' | 'isAsked'>): void {
    const { toolName, policy, locks } = task;
    lined.set(place.id, task);
    scheduler.enqueue({ ...place, toolName, concurrency: policy.concurrency, rateLimit: policy.rateLimit, locks });
  }

  return {
    join(task, locks) {
      const { id, sequence, policy } = task;
      task.locks = locks;
      enqueue(task, { id, sequence, coalesce: policy.coalesce, isAsked: policy.staleTime > 0 });
    },
    takeTurn(task, sequence, then) {
      const id = `turn ${sequence}`;
      turns.set(id, then);
      enqueue(task, { id, sequence });
      return () => {
        lined.delete(id);
        scheduler.release([id]);
        turns.delete(id);
      };
    },
    leave(tasks, announce) {
      const ids = tasks.map(({ id }) => id);
      for (const id of ids) lined.delete(id);
      const goOnWithout = cache?.leave(tasks);
      scheduler.release(ids, announce);
      goOnWithout?.();
    },
    disown: (task) => cache?.leave([task])(),
    invalidate: (filter) => cache?.invalidate(filter),
    pause: scheduler.pause,
    resume: scheduler.resume,
    setConcurrency: scheduler.setConcurrency,
  };
}
