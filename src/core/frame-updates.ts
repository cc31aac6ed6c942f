/**
 * Owns what the page hears once a frame: what running tools report, and what becomes of calls by itself. However many calls report
 * and settle within a frame, subscribers are told once, and of the end of a batch at once; who reads the store always sees what has happened.
 */
import type { CancelTimer, Clock } from './clock.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolCallStore, ToolCallStoreEvent } from './tool-call-store.ts';
import type { ToolCallEvent, ToolCallKey, ToolCallProgress } from './tool-call.ts';

/** What can happen to a call that is there, without saying to which. */
export type CallNews = ToolCallEvent extends infer TEvent
  ? TEvent extends { readonly key: ToolCallKey }
    ? Omit<TEvent, 'key'>
    : never
  : never;

export interface FrameUpdates {
  /** Applies events; subscribers hear of them with the next frame. */
  record(...events: readonly ToolCallStoreEvent[]): void;
  /** Applies what happens to one call. */
  tell(task: ToolCallTask, news: CallNews): void;
  /** Tells subscribers now: a person has done something, and wants to see it. */
  publish(): void;
  /** Keeps what a tool reported for the next frame, progress somewhat longer; a later report of the same kind replaces it. */
  report(task: ToolCallTask, news: NonNullable<ToolCallTask['report']>): void;
  /** Forgets what was not shown yet: the attempt is over. */
  dropReport(task: ToolCallTask): void;
}

/** Progress is shown so many milliseconds apart (or with whatever else is told): nobody reads it quicker, and a page renders its card each time. */
const PROGRESS_PACE = 100;

export function createFrameUpdates(clock: Clock, toolCallStore: ToolCallStore): FrameUpdates {
  const reporting = new Set<ToolCallTask>();
  let cancelFrame: CancelTimer | undefined;
  /** Whether the frame that was asked for may be late. */
  let isPaced = false;
  let shownAt = -Infinity;
  let isAsking = false;

  /** `wait`: how late (ms) it may be, if nothing else asks for it. */
  function askForFrame(wait = 0): void {
    if (cancelFrame !== undefined && (wait > 0 || !isPaced)) return;
    cancelFrame?.();
    isPaced = wait > 0;
    cancelFrame = clock.setFrame(() => {
      cancelFrame = undefined;
      toolCallStore.record(...takeReports());
      toolCallStore.publish();
    }, wait);
  }

  /** Once what is under way is done: a call is to start first, and subscribers may be told before there is a frame. */
  function askSoon(): void {
    if (isAsking || (cancelFrame !== undefined && !isPaced)) return;
    isAsking = true;
    queueMicrotask(() => {
      isAsking = false;
      if (toolCallStore.isUnheard()) askForFrame();
    });
  }

  function takeReports(): ToolCallStoreEvent[] {
    const events: ToolCallStoreEvent[] = [];
    if (reporting.size > 0) shownAt = clock.now();
    for (const task of reporting) {
      const { batchKey, key, report } = task;
      if (report?.progress !== undefined)
        events.push({ type: 'progress-reported', batchKey, key, progress: report.progress });
      if (report?.output !== undefined)
        events.push({ type: 'output-streamed', batchKey, key, output: report.output.value });
      task.report = undefined;
    }
    reporting.clear();
    return events;
  }

  function dropFrame(): void {
    if (reporting.size > 0 || toolCallStore.isUnheard()) return;
    cancelFrame?.();
    cancelFrame = undefined;
  }

  function record(...events: readonly ToolCallStoreEvent[]): void {
    toolCallStore.record(...events);
    if (toolCallStore.isUnheard()) askSoon();
  }

  return {
    record,
    // SAFETY: each kind of news gets the key that it lacks.
    tell: ({ batchKey, key }, news) => record({ ...news, batchKey, key } as ToolCallStoreEvent),
    publish() {
      toolCallStore.publish();
      dropFrame();
    },
    report(task, news) {
      task.report = { ...task.report, ...news };
      reporting.add(task);
      // A clock may be set back.
      askForFrame(news.output ? 0 : Math.min(PROGRESS_PACE, shownAt + PROGRESS_PACE - clock.now()));
    },
    dropReport(task) {
      task.report = undefined;
      if (reporting.delete(task)) dropFrame();
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
