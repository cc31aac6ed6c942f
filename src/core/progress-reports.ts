/**
 * Owns what running tools report: progress and preliminary outputs, gathered, so that a tool that reports 10,000 times costs
 * at most one store update a frame.
 */
import type { CancelTimer, Clock } from './clock.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolCallStore, ToolCallStoreEvent } from './tool-call-store.ts';
import type { ToolCallProgress } from './tool-call.ts';

export interface ProgressReports {
  /** Keeps the news for the next frame; a later report of the same kind replaces it. */
  add(task: ToolCallTask, news: NonNullable<ToolCallTask['report']>): void;
  /** Forgets what was not shown yet: the attempt is over. */
  drop(task: ToolCallTask): void;
}

export function createProgressReports(clock: Clock, dispatch: ToolCallStore['dispatch']): ProgressReports {
  const reporting = new Set<ToolCallTask>();
  let cancelFrame: CancelTimer | undefined;

  function flush(): void {
    cancelFrame = undefined;
    const events: ToolCallStoreEvent[] = [];
    for (const task of reporting) {
      const { batchKey, key, report } = task;
      if (report?.progress !== undefined)
        events.push({ type: 'progress-reported', batchKey, key, progress: report.progress });
      if (report?.output !== undefined)
        events.push({ type: 'output-streamed', batchKey, key, output: report.output.value });
      task.report = undefined;
    }
    reporting.clear();
    dispatch(...events);
  }

  return {
    add(task, news) {
      task.report = { ...task.report, ...news };
      reporting.add(task);
      cancelFrame ??= clock.setFrame(flush);
    },
    drop(task) {
      task.report = undefined;
      reporting.delete(task);
      if (reporting.size > 0) return;
      cancelFrame?.();
      cancelFrame = undefined;
    },
  };
}

/** Brings what a tool reported into shape: a fraction from 0 to 1, a message that is a string. */
export function normalizeProgress(progress: ToolCallProgress): ToolCallProgress {
  const { fraction, message } = progress ?? {};
  return {
    ...(typeof fraction === 'number' && !Number.isNaN(fraction) && { fraction: Math.min(1, Math.max(0, fraction)) }),
    ...(message != null && { message: String(message) }),
  };
}
