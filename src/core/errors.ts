/**
 * Owns what can go wrong with a tool call, as data: one error class, its kinds and its words.
 * Misuse of the API is not here: that throws a `TypeError` at once (`expect.ts`).
 */
import { readField } from './read-field.ts';

/** Why a tool call has no good output. */
export type ToolCallErrorKind =
  | 'invalid-input'
  | 'invalid-output'
  | 'unknown-tool'
  | 'unavailable'
  | 'execution'
  | 'timeout'
  | 'cancelled'
  | 'denied'
  | 'interrupted';

/**
 * Who ended a call before it had a result. It is also the `reason` of the abort signal that the tool receives
 * (as the `by` of a {@link ToolCallError}).
 */
export type ToolCallCancelledBy =
  | 'user'
  | 'timeout'
  | 'unmount'
  | 'superseded'
  | 'stop'
  | 'new-message'
  | 'not-run'
  | 'answered'
  | 'caller'
  | 'unavailable';

export interface ToolCallErrorOptions {
  /** What the tool threw, exactly as thrown. */
  cause?: unknown;
  /** Milliseconds to wait before the next attempt, as the failing service asked. */
  retryAfter?: number | undefined;
  /** The HTTP status that the tool got, where it threw a `Response`. */
  status?: number | undefined;
  /** The beginning of that response's body. */
  body?: string | undefined;
  /** For `cancelled`: who cancelled. */
  by?: ToolCallCancelledBy;
}

/**
 * The failure of one tool call. A tool's failure is data: it is kept in the store and reported to the model, never
 * thrown at React or at the chat.
 */
export class ToolCallError extends Error {
  override readonly name = 'ToolCallError';
  declare readonly kind: ToolCallErrorKind;
  /** Milliseconds that the failing service asked to wait, when it did. */
  declare readonly retryAfter: number | undefined;
  /** The HTTP status, where the tool threw a `Response`. */
  declare readonly status: number | undefined;
  /** The first 2 kB of the body of that `Response`, as text. */
  declare readonly body: string | undefined;
  /** For `cancelled`: who cancelled. */
  declare readonly by: ToolCallCancelledBy | undefined;

  constructor(kind: ToolCallErrorKind, message: string, options: ToolCallErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.retryAfter = options.retryAfter;
    this.status = options.status;
    this.body = options.body;
    this.by = options.by;
  }
}

/**
 * Turns whatever a tool threw or rejected with into an `execution` error. Never throws itself, whatever the value: a thrown
 * `undefined`, a string, an object with a throwing getter. `now` (epoch ms) reads a `Retry-After` date, `body` is what a thrown
 * `Response` says. What kind of failure it is, the runner knows: a tool's own `ToolCallError` of another kind becomes the `cause`.
 */
export function toToolCallError(thrown: unknown, now: number, body?: string): ToolCallError {
  if (isExecutionError(thrown)) return thrown;
  const message = readMessage(thrown);
  return new ToolCallError('execution', body !== undefined && isForReading(thrown) ? `${message}: ${body}` : message, {
    cause: thrown,
    retryAfter: readRetryAfter(thrown, now),
    ...(isResponse(thrown) && { status: thrown.status, body }),
  });
}

/** JSON and plain text tell a model what was wrong; a page of HTML tells it nothing, and may show a server's stack. */
function isForReading(thrown: unknown): boolean {
  const type = isResponse(thrown) ? (thrown.headers.get('content-type') ?? '') : '';
  return /^(text\/plain|application\/([\w.-]+\+)?json)\b/i.test(type);
}

function isExecutionError(thrown: unknown): thrown is ToolCallError {
  try {
    return thrown instanceof ToolCallError && thrown.kind === 'execution';
  } catch {
    return false;
  }
}

/** What the model reads of a no that gave no reason. */
export const DENIED_WITHOUT_REASON = 'The user said no';

/** How much of a thrown object the message shows. */
const LONGEST_JSON = 300;

/** The words for whatever `who` threw. Never throws. */
export function readMessage(thrown: unknown, who = 'The tool'): string {
  try {
    if (typeof thrown === 'string' && thrown.trim() !== '') return thrown;
    if (typeof thrown !== 'object' || thrown === null) return `${who} threw ${describe(thrown)}`;
    if (isResponse(thrown)) return `HTTP ${thrown.status}${thrown.statusText ? ` ${thrown.statusText}` : ''}`;
    const message = readField(thrown, 'message');
    if (typeof message === 'string' && message !== '') return message;
    if (thrown instanceof Error) return thrown.name;
    const json = JSON.stringify(thrown) ?? '{}';
    if (json === '{}') return `${who} threw an object`;
    return `${who} threw ${json.length > LONGEST_JSON ? `${json.slice(0, LONGEST_JSON)}…` : json}`;
  } catch {
    return `${who} threw a value that cannot be read`;
  }
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return typeof value === 'function' ? 'a function' : `${String(value)} (${typeof value})`;
}

/** Whether a value is what `fetch` gives. Never throws. */
export function isResponse(value: unknown): value is Response {
  try {
    return typeof Response !== 'undefined' && value instanceof Response;
  } catch {
    return false;
  }
}

/**
 * Reads how long the failing service asked to wait, in milliseconds: `retryAfter` (ms), or the `Retry-After` header (seconds or
 * an HTTP date) of a `Response`. Looked for on what was thrown, on its `response` and on its `cause`, in this order.
 */
export function readRetryAfter(thrown: unknown, now: number): number | undefined {
  try {
    for (const place of [thrown, readField(thrown, 'response'), readField(thrown, 'cause')]) {
      const wait = readOwnRetryAfter(place, now);
      if (wait !== undefined) return wait;
    }
  } catch {
    // What cannot be read asked for nothing.
  }
  return undefined;
}

function readOwnRetryAfter(value: unknown, now: number): number | undefined {
  const retryAfter = readField(value, 'retryAfter');
  if (typeof retryAfter === 'number') return Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : undefined;
  const header = isResponse(value) ? value.headers.get('retry-after') : null;
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = seconds >= 0 ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The error of a call whose policy could not be asked: `what` says which field, the rest is what it threw. */
export function explainError(what: string, thrown: unknown): ToolCallError {
  return new ToolCallError('execution', `${what}: ${readMessage(thrown, 'It')}`, { cause: thrown });
}

/** What a model reads of a call that ran, and of which it gets nothing. To call it cancelled would have the model do it again. */
export function explainUnsent(why: string): string {
  return `It ran, but its result was not sent: ${why}`;
}

/** The words a cancelled call reports, by who cancelled it. */
export function createCancelledError(by: ToolCallCancelledBy): ToolCallError {
  return new ToolCallError('cancelled', CANCELLED_MESSAGES[by], { by });
}

const CANCELLED_MESSAGES: Record<ToolCallCancelledBy, string> = {
  user: 'Cancelled by the user',
  timeout: 'Cancelled: the attempt took too long',
  unmount: 'Cancelled: the page that ran it was closed',
  superseded: 'Cancelled: the conversation moved on without this call',
  stop: 'Cancelled: the user stopped the response',
  'new-message': 'Cancelled: the user sent a new message',
  answered: 'Cancelled: the call was answered elsewhere',
  caller: 'Cancelled by the one who made the call',
  unavailable: 'Cancelled: the part of the page with this tool was closed',
  'not-run': 'Not run: the response ended before it was complete',
};

/**
 * What is known of a call that a reload interrupted: that it started, and no answer was seen; that it ended, and its result was not kept;
 * that it never started. Times are epoch milliseconds.
 */
export type ToolCallInterruption =
  | { readonly type: 'ended'; readonly at: number }
  | { readonly type: 'started'; readonly at: number }
  | { readonly type: 'never-started' };

/** The words for a call that was given up after a reload. */
export function createInterruptedError(interruption?: ToolCallInterruption): ToolCallError {
  return new ToolCallError('interrupted', explainInterruption(interruption));
}

function explainInterruption(interruption: ToolCallInterruption | undefined): string {
  if (interruption === undefined)
    return 'The page was reloaded while the call was running; it may have run before the reload';
  if (interruption.type === 'never-started') return 'The page was reloaded before the call started; it has not run';
  const at = new Date(interruption.at).toISOString();
  if (interruption.type === 'ended')
    return `The call ended at ${at}, before the page was reloaded, and its result was not kept`;
  return `The page was reloaded while the call was running; it started at ${at} and no answer was seen, so it may have run`;
}

/** One id for two different calls: a result can answer only one of them, so neither is answered. */
export function createConflictError(toolCallId: string): ToolCallError {
  return new ToolCallError(
    'invalid-input',
    `The model gave the id ${toolCallId} to two different calls of one step, so a result could not say which it answers`,
  );
}

/** The words for a call of a tool that is not there: nobody registered it, or (`wasThere`) what did has gone. */
export function createMissingToolError(toolName: string, wasThere = false): ToolCallError {
  if (wasThere) {
    return new ToolCallError(
      'unavailable',
      `The tool ${toolName} is not available: the part of the page with it is closed`,
    );
  }
  return new ToolCallError('unknown-tool', `There is no tool named ${toolName} on this page`);
}
