/**
 * Owns what can go wrong with a tool call, as data: one error class, its kinds and its words.
 * Misuse of the API is not here: that throws a `TypeError` at once (`expect.ts`).
 */

/** Why a tool call has no good output. */
export type ToolCallErrorKind =
  | 'invalid-input'
  | 'invalid-output'
  | 'unknown-tool'
  | 'execution'
  | 'timeout'
  | 'cancelled'
  | 'denied'
  | 'interrupted';

/**
 * Who ended a call before it had a result. It is also the `reason` of the abort signal that the tool receives
 * (as the `by` of a {@link ToolCallError}).
 */
export type ToolCallCancelledBy = 'user' | 'timeout' | 'unmount' | 'superseded' | 'stop' | 'new-message' | 'not-run';

export interface ToolCallErrorOptions {
  /** What the tool threw, exactly as thrown. */
  cause?: unknown;
  /** Milliseconds to wait before the next attempt, as the failing service asked. */
  retryAfter?: number | undefined;
  /** For `cancelled`: who cancelled. */
  by?: ToolCallCancelledBy;
}

/**
 * The failure of one tool call. A tool's failure is data: it is kept in the store and reported to the model, never
 * thrown at React or at the chat.
 */
export class ToolCallError extends Error {
  override readonly name = 'ToolCallError';
  readonly kind: ToolCallErrorKind;
  /** Milliseconds that the failing service asked to wait, when it did. */
  readonly retryAfter: number | undefined;
  /** For `cancelled`: who cancelled. */
  readonly by: ToolCallCancelledBy | undefined;

  constructor(kind: ToolCallErrorKind, message: string, options: ToolCallErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.retryAfter = options.retryAfter;
    this.by = options.by;
  }
}

/**
 * Turns whatever a tool threw or rejected with into an `execution` error. Never throws itself, whatever the value:
 * a thrown `undefined`, a string, an object with a throwing getter. `now` (epoch ms) reads a `Retry-After` date.
 */
export function toToolCallError(thrown: unknown, now: number): ToolCallError {
  if (thrown instanceof ToolCallError) return thrown;
  return new ToolCallError('execution', readMessage(thrown), { cause: thrown, retryAfter: readRetryAfter(thrown, now) });
}

function readMessage(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message || thrown.name;
    if (typeof thrown === 'string' && thrown.trim() !== '') return thrown;
    if (isResponse(thrown)) return `HTTP ${thrown.status}${thrown.statusText ? ` ${thrown.statusText}` : ''}`;
    if (typeof thrown === 'object' && thrown !== null) {
      const { message } = thrown as { message?: unknown };
      if (typeof message === 'string' && message !== '') return message;
      const json = JSON.stringify(thrown);
      if (json !== undefined && json !== '{}') return `The tool threw ${json}`;
    }
    return `The tool threw ${describe(thrown)}`;
  } catch {
    return 'The tool threw a value that cannot be read';
  }
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return 'an object';
  return `${String(value)} (${typeof value})`;
}

function isResponse(value: unknown): value is Response {
  return typeof Response !== 'undefined' && value instanceof Response;
}

/**
 * Reads how long the failing service asked to wait, in milliseconds: `retryAfter` (ms) on the thrown value or its
 * cause, or the `Retry-After` header (seconds or an HTTP date) of a thrown `Response`, or of a `response` on the error.
 */
export function readRetryAfter(thrown: unknown, now: number): number | undefined {
  try {
    if (typeof thrown !== 'object' || thrown === null) return undefined;
    const { retryAfter, response, cause } = thrown as { retryAfter?: unknown; response?: unknown; cause?: unknown };
    if (typeof retryAfter === 'number' && retryAfter >= 0) return retryAfter;
    for (const candidate of [thrown, response, cause]) {
      if (!isResponse(candidate)) continue;
      const header = candidate.headers.get('retry-after');
      if (header === null) continue;
      const seconds = Number(header);
      if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
      const date = Date.parse(header);
      if (!Number.isNaN(date)) return Math.max(0, date - now);
    }
    return undefined;
  } catch {
    return undefined;
  }
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
  'not-run': 'Not run: the response ended before it was complete',
};

/** The words for a call that was given up after a reload. */
export function createInterruptedError(): ToolCallError {
  return new ToolCallError('interrupted', 'The page was reloaded while the call was running; it may have run before the reload');
}

/** The words for a call of a tool that nobody registered. */
export function createUnknownToolError(toolName: string): ToolCallError {
  return new ToolCallError('unknown-tool', `There is no tool named ${toolName} on this page`);
}
