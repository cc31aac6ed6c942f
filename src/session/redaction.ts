/**
 * Owns what a redacted session keeps: who, when, in which state and in which order. Everything that anybody or any tool said is given to `redact`, and so is
 * every field that this file does not know.
 */
import type { ToolCallSession } from './recording.ts';

/** Gives what takes the place of a value. `field` is the name of the field that has it: `input`, `output`, `text`, `errorText`, `message`, … */
export type RedactSession = (value: unknown, field: string) => unknown;

/** Fields whose values say what happened, and nothing of what it was about. */
const KEPT: ReadonlySet<string> = new Set(
  (
    'type format version chatId startedAt endedAt settledAt queuedAt retryAt at until from batchKey callKey messageId id role state status step toolCallId ' +
    'toolName kind by generation streaming destructive scope heldBy heldByToolName order halt retryBlock block told fraction maxAttempts approved ' +
    'approvalId providerExecuted dynamic preliminary held unknownEnd isAutomatic answeredBy plugin name retryAfter'
  ).split(' '),
);

/** Fields that hold others. */
const WALKED: ReadonlySet<string> = new Set(
  'initial batches calls call log event messages parts attempts earlierRuns ending error reason $error waitingFor progress approval interruption'.split(
    ' ',
  ),
);

/** Fields that have other records by their keys. */
const BY_KEY: ReadonlySet<string> = new Set(['batches', 'calls']);

export function redactSession(session: ToolCallSession, redact: RedactSession = toShape): ToolCallSession {
  const walk = (value: unknown, isByKey = false): unknown => {
    if (Array.isArray(value)) return value.map((each) => (typeof each === 'object' ? walk(each) : redact(each, '')));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, each]) => [field, isByKey ? walk(each) : walkField(value, field, each)]),
    );
  };
  const walkField = (owner: object, field: string, value: unknown): unknown => {
    if (KEPT.has(field) || (field === 'key' && !hasNamedKey(owner))) return value;
    const isHolder = WALKED.has(field) && typeof value === 'object';
    return isHolder ? walk(value, BY_KEY.has(field)) : redact(value, field);
  };
  // SAFETY: the same fields, with other values.
  return walk(session) as ToolCallSession;
}

/** The key of a lock or a rate limit is made of inputs. */
function hasNamedKey(owner: object): boolean {
  return 'type' in owner && (owner.type === 'lock' || owner.type === 'rate-limit');
}

/** The shape of a value: its keys and how long it is. */
function toShape(value: unknown): unknown {
  if (typeof value === 'string') return `(${value.length} characters)`;
  if (typeof value === 'number') return 0;
  if (Array.isArray(value)) return value.map(toShape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toShape(each)]));
}
