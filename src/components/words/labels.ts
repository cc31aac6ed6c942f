/**
 * Owns every word that the components show or speak, in English. Another language is a partial override of this table.
 * Names of tools and what tools themselves report are not words of ours and are shown as they are.
 */
import type { ToolCallCancelledBy, ToolCallErrorKind, ToolCallInterruption } from '../../core/errors.ts';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { RetryBlock } from '../../core/selectors.ts';
import { createDurationFormat, type DurationFormat } from './format-duration.ts';
import type { TimelineUnit } from '../spans/scale.ts';
import type { TimelinePhase } from '../spans/spans.ts';

/** What a person can do with one call. */
export type ToolCallAction =
  | 'retry'
  | 'cancel'
  | 'approve'
  | 'deny'
  | 'run'
  | 'runAgain'
  | 'skip'
  | 'send'
  | 'edit'
  | 'back'
  | 'undo';

/** Every visible and spoken word. Functions get numbers as numbers, times in milliseconds. */
export interface ToolCallLabels {
  /** The name of a group of calls, for assistive technology. */
  group: string;
  status: Record<DisplayedToolCall['status'], string>;
  /** In place of `Needs approval`, where only the end of the model's answer is not known. */
  readyToRun: string;
  /** Title of a finished group: `5 tools`. */
  toolCount: (total: number) => string;
  /** Title of any other group: `2 of 5 done`. */
  doneCount: (done: number, total: number) => string;
  failedCount: (failed: number) => string;
  cancelledCount: (cancelled: number) => string;
  deniedCount: (denied: number) => string;
  /** `3 need you`. */
  awaitingCount: (awaiting: number) => string;
  /** Results that a person has yet to let go to the model. */
  awaitingConsent: (results: number) => string;
  /** Who made a call that no answer made; `from` is `'page'`, `'browser-agent'`, or the page's own word. */
  calledBy: (from: string) => string;
  /** What the live region says: the parts are finished labels, the ones above. */
  announcement: (parts: readonly string[]) => string;
  /** A settled duration, exact. */
  duration: DurationFormat;
  /** A running duration; always whole seconds. */
  elapsed: DurationFormat;
  /** The backoff that is left; always whole seconds. */
  retryIn: DurationFormat;
  saved: (milliseconds: number) => string;
  /** Why a call is queued. */
  waitingForLock: (lock: string, holder: string) => string;
  waitingForSlot: string;
  waitingForRateLimit: string;
  /** More calls of the same tool, which run together with it. */
  waitingForMoreCalls: string;
  waitingForCall: (name: string) => string;
  waitingForStepEnd: string;
  /** `name`: a plugin that has something to do before the call starts. */
  waitingForPlugin: (name: string) => string;
  /** `Attempt 1 of 3: rate limited`; how many there will be at most is known where `retry` is a number. */
  attemptFailed: (attempt: number, reason: string, maxAttempts?: number) => string;
  /** An error in short, for the head of a card. `undefined` shows the first line of its message. */
  errorSummary: Record<ToolCallErrorKind, string | undefined>;
  /** A timeout in short. */
  timedOut: (after: number) => string;
  cancelledBy: Record<ToolCallCancelledBy, string>;
  /** What a person wrote when saying no. */
  deniedReason: (reason: string) => string;
  interrupted: string;
  input: string;
  output: string;
  error: string;
  attempts: string;
  /** `3 attempts`. */
  attemptCount: (attempts: number) => string;
  actions: Record<ToolCallAction, string>;
  /** A button's spoken name, which says whose it is: `Retry convertCurrency: 120 · EUR`. `input` is `''` where there is nothing to say of it. */
  actionOf: (action: string, name: string, input: string) => string;
  retryFailed: string;
  cancelAll: string;
  approveAll: (count: number) => string;
  /** In place of `Approve all`, where only the end of the model's answer is not known. */
  runAll: (count: number) => string;
  answer: string;
  destructiveNote: string;
  interruptedNote: string;
  /** What a journal knows of an interrupted call. `at`: when it started or ended. */
  interruptionNote: Record<ToolCallInterruption['type'], (at: Date) => string>;
  /** A result that a journal gave back after a reload. */
  restored: string;
  /** Calls that run in another tab of the browser, of which this page shows what happens. */
  runningElsewhere: string;
  /** A result that an equal call had brought so many milliseconds before (`staleTime`); 0 where both waited for it. */
  reused: (milliseconds: number) => string;
  /** In place of `Done`, for a call that is being undone, and for one that was. */
  undoing: string;
  undone: string;
  /** `error`: why a call could not be undone, in short. */
  undoFailed: (error: string) => string;
  undoneCount: (undone: number) => string;
  undoFailedCount: (failed: number) => string;
  /** What the model reads in place of an output: without what is private, a shorter one, or nothing. */
  modelReads: Record<'redacted' | 'shortened' | 'withheld', string>;
  readyToRunNote: string;
  /** In place of *Edit*, where the server would refuse another input. */
  signedNote: string;
  /** The caption over what a person has changed in an input. */
  changed: string;
  /** Beside the name of a field that may be left empty. */
  optional: string;
  /** The name of the text of JSON, where a value is too deep for fields. */
  asJson: (caption: string) => string;
  invalidJson: (message: string) => string;
  retryBlocked: Record<RetryBlock, string | undefined>;
  /** The name of a timeline, for assistive technology. */
  timeline: (total: number) => string;
  /** The legend of a timeline. */
  timelinePhase: Record<TimelinePhase | 'failed' | 'cancelled' | 'gap' | 'request', string>;
  /** One bar of a timeline in words: `queued 1.1 s`. */
  timelineSpan: Record<TimelinePhase | 'failed' | 'cancelled', (duration: string) => string>;
  /** One line of a timeline in words: its status, and its bars in order. */
  timelineRow: (status: string, spans: readonly string[]) => string;
  /** Of a line whose call went in one request with others (`executeMany`): how many calls that has. */
  sharedRequest: (calls: number) => string;
  inParallel: string;
  oneByOne: string;
  /** What running in parallel saved, where the words around it say so. */
  savedShort: (milliseconds: number) => string;
  /** A number on the axis, in the unit of the last one. */
  axisNumber: (value: number) => string;
  axisUnit: Record<TimelineUnit, string>;
  /** What stands where a renderer or a card could not be shown. */
  renderFailed: (message: string) => string;
  /** What stands for the rest of a value that is too large to show. */
  moreEntries: (count: number) => string;
  moreCharacters: (count: number) => string;
  /** The button that shows more of such a value. */
  showMore: string;
  /** The buttons on a line of a value that opens an object or array. */
  fold: string;
  unfold: string;
  copy: string;
  copied: string;
  /** Images of an output, numbered from 1. */
  showImage: (number: number) => string;
  hideImage: (number: number) => string;
  image: (number: number) => string;
  circular: string;
  unreadable: string;
}

const number = new Intl.NumberFormat('en');
const format = (value: number) => number.format(value);
const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const plural = (count: number, one: string, other: string) => `${format(count)} ${count === 1 ? one : other}`;
const duration = createDurationFormat('en', { millisecond: 'ms', second: 's', minute: 'min', hour: 'h' });

/** Whole seconds, which the duration format shows with a decimal below ten. */
const wholeSeconds: DurationFormat = (milliseconds) =>
  milliseconds < 10_000
    ? `${Math.floor(milliseconds / 1000)}\u00A0s`
    : duration(Math.floor(milliseconds / 1000) * 1000);

/** The words that are built in. */
export const englishLabels: ToolCallLabels = {
  group: 'Tool calls',
  status: {
    'input-streaming': 'Preparing',
    queued: 'Queued',
    'awaiting-approval': 'Needs approval',
    'awaiting-input': 'Needs input',
    interrupted: 'Interrupted',
    running: 'Running',
    retrying: 'Retrying',
    succeeded: 'Done',
    failed: 'Failed',
    denied: 'Denied',
    cancelled: 'Cancelled',
  },
  readyToRun: 'Ready to run',
  toolCount: (total) => plural(total, 'tool', 'tools'),
  doneCount: (done, total) => `${format(done)} of ${format(total)} done`,
  failedCount: (failed) => `${format(failed)} failed`,
  cancelledCount: (cancelled) => `${format(cancelled)} cancelled`,
  deniedCount: (denied) => `${format(denied)} denied`,
  awaitingCount: (awaiting) => plural(awaiting, 'needs you', 'need you'),
  awaitingConsent: (results) => `asks before sending ${plural(results, 'result', 'results')}`,
  calledBy(from) {
    if (from === 'page') return 'Called by this page';
    return from === 'browser-agent' ? 'Called by the browser’s agent' : from;
  },
  announcement: (parts) => parts.join(', '),
  duration,
  elapsed: wholeSeconds,
  retryIn: (milliseconds) => `in ${wholeSeconds(milliseconds)}`,
  saved: (milliseconds) => `${duration(milliseconds)} saved by running in parallel`,
  waitingForLock: (lock, holder) => `Waiting for ${lock}, held by ${holder}`,
  waitingForSlot: 'Waiting for a free slot',
  waitingForRateLimit: 'Waiting for the rate limit',
  waitingForMoreCalls: 'Waiting for more calls to run with it',
  waitingForCall: (name) => `Waiting for ${name}`,
  waitingForStepEnd: 'Starts when the answer is complete',
  waitingForPlugin: (name) => `Waiting for ${name}`,
  attemptFailed: (attempt, reason, maxAttempts) =>
    maxAttempts === undefined
      ? `Attempt ${format(attempt)}: ${reason}`
      : `Attempt ${format(attempt)} of ${format(maxAttempts)}: ${reason}`,
  errorSummary: {
    'invalid-input': 'The input does not fit the tool',
    'invalid-output': 'The output cannot be used',
    'unknown-tool': 'No such tool here',
    unavailable: 'Its part of the page is closed',
    execution: undefined,
    timeout: 'Timed out',
    cancelled: undefined,
    denied: undefined,
    interrupted: 'The page was reloaded',
  },
  timedOut: (after) => `Timed out after ${duration(after)}`,
  cancelledBy: {
    user: 'By you',
    timeout: 'Timed out',
    unmount: 'The page was closed',
    superseded: 'The conversation moved on',
    stop: 'You stopped the answer',
    'new-message': 'You sent a message',
    'not-run': 'The answer ended early',
    answered: 'Answered elsewhere',
    caller: 'By its caller',
    unavailable: 'Its part of the page was closed',
  },
  deniedReason: (reason) => `“${reason}”`,
  interrupted: 'The page was reloaded',
  input: 'Input',
  output: 'Output',
  error: 'Error',
  attempts: 'Attempts',
  attemptCount: (attempts) => plural(attempts, 'attempt', 'attempts'),
  actions: {
    retry: 'Retry',
    cancel: 'Cancel',
    approve: 'Approve',
    deny: 'Deny',
    run: 'Run',
    runAgain: 'Run again',
    skip: 'Skip',
    send: 'Send',
    edit: 'Edit',
    back: 'Discard changes',
    undo: 'Undo',
  },
  actionOf: (action, name, input) => `${action} ${name}${input && `: ${input}`}`,
  retryFailed: 'Retry failed',
  cancelAll: 'Cancel',
  approveAll: (count) => `Approve all (${format(count)})`,
  runAll: (count) => `Run all (${format(count)})`,
  answer: 'Answer',
  destructiveNote: 'Destructive: changes may be permanent',
  interruptedNote: 'It may have run before the reload',
  interruptionNote: {
    started: (at) => `Started ${time.format(at)}, no answer seen: it may have run`,
    ended: (at) => `Ended ${time.format(at)}; its result was not kept`,
    'never-started': () => 'It has not run',
  },
  restored: 'Restored after the reload',
  runningElsewhere: 'Running in another tab',
  reused: (milliseconds) =>
    milliseconds < 1000 ? 'Shared with an equal call' : `Result from ${wholeSeconds(milliseconds)} ago`,
  undoing: 'Undoing',
  undone: 'Undone',
  undoFailed: (error) => `Not undone: ${error}`,
  undoneCount: (undone) => `${format(undone)} undone`,
  undoFailedCount: (failed) => `${format(failed)} not undone`,
  modelReads: {
    redacted: 'Partly withheld from the model',
    shortened: 'Shortened for the model',
    withheld: 'Withheld from the model',
  },
  readyToRunNote: 'This page was not told whether the answer is complete',
  signedNote: 'The server has signed this input, so it cannot be changed',
  changed: 'Changed by you',
  optional: '(optional)',
  asJson: (caption) => `${caption} as JSON`,
  invalidJson: (message) => `This is not JSON: ${message}`,
  retryBlocked: {
    'not-failed': undefined,
    'not-runnable': undefined,
    'new-message': 'Cannot run again: you wrote a later message',
    'later-write': 'Cannot run again: a later step changed something',
  },
  timeline: (total) => `Timeline of ${plural(total, 'tool', 'tools')}`,
  timelinePhase: {
    queued: 'Queued',
    running: 'Running',
    backoff: 'Backing off',
    failed: 'Failed attempt',
    cancelled: 'Cancelled attempt',
    gap: 'Idle time left out',
    request: 'One request',
  },
  timelineSpan: {
    queued: (duration) => `queued ${duration}`,
    running: (duration) => `ran ${duration}`,
    backoff: (duration) => `backed off ${duration}`,
    failed: (duration) => `failed after ${duration}`,
    cancelled: (duration) => `cancelled after ${duration}`,
  },
  timelineRow: (status, spans) => (spans.length === 0 ? status : `${status}: ${spans.join(', ')}`),
  sharedRequest: (calls) => `one request for ${plural(calls, 'call', 'calls')}`,
  inParallel: 'In parallel',
  oneByOne: 'One by one',
  savedShort: (milliseconds) => `${duration(milliseconds)} saved`,
  axisNumber: format,
  axisUnit: { millisecond: 'ms', second: 's', minute: 'min' },
  renderFailed: (message) => `This could not be shown: ${message}`,
  moreEntries: (count) => `${format(count)} more`,
  moreCharacters: (count) => plural(count, 'more character', 'more characters'),
  showMore: 'Show more',
  fold: 'Collapse',
  unfold: 'Expand',
  copy: 'Copy',
  copied: 'Copied',
  showImage: (number) => `Show image ${format(number)}`,
  hideImage: (number) => `Hide image ${format(number)}`,
  image: (number) => `Image ${format(number)} of the output`,
  circular: 'circular',
  unreadable: 'unreadable',
};

/** A partial override of the labels; nested tables may be partial too. */
export type ToolCallLabelsOverride = {
  [TName in keyof ToolCallLabels]?: ToolCallLabels[TName] extends (...args: never[]) => string
    ? ToolCallLabels[TName]
    : ToolCallLabels[TName] extends string
      ? string
      : Partial<ToolCallLabels[TName]>;
};

/** The labels with some of them replaced. */
export function mergeLabels(labels: ToolCallLabels, override: ToolCallLabelsOverride | undefined): ToolCallLabels {
  if (override === undefined) return labels;
  return {
    ...labels,
    ...override,
    status: { ...labels.status, ...override.status },
    errorSummary: { ...labels.errorSummary, ...override.errorSummary },
    cancelledBy: { ...labels.cancelledBy, ...override.cancelledBy },
    actions: { ...labels.actions, ...override.actions },
    interruptionNote: { ...labels.interruptionNote, ...override.interruptionNote },
    modelReads: { ...labels.modelReads, ...override.modelReads },
    retryBlocked: { ...labels.retryBlocked, ...override.retryBlocked },
    timelinePhase: { ...labels.timelinePhase, ...override.timelinePhase },
    timelineSpan: { ...labels.timelineSpan, ...override.timelineSpan },
    axisUnit: { ...labels.axisUnit, ...override.axisUnit },
  };
}
