/**
 * Owns the file of a session, one JSON: how it is written and read. Devtools and the test kit do both. Of outputs it holds only what the model was given.
 */
import type { UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import { redactSession, type RedactSession } from './redaction.ts';
import { createSpokenValues } from './spoken-values.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { SessionEntry, SessionRecording, ToolCallSession } from './recording.ts';

const FORMAT = 'use-parallel-tools/session';
const VERSION = 1;

export interface ExportSessionOptions {
  /**
   * What takes the place of inputs, outputs, texts and the words of errors: `true` for their shape alone, or your own function. Names of tools, ids, statuses
   * and times stay. @default false
   */
  redact?: boolean | RedactSession | undefined;
}

/**
 * Makes the file of a recording: `JSON.stringify` writes it. An output, or an error's words, that the model was given in another form is there in that form; one
 * that it was not given is not there.
 */
export function exportSession(
  recording: SessionRecording,
  { redact = false }: ExportSessionOptions = {},
): ToolCallSession {
  const { chatId, startedAt } = recording;
  const { toSpokenEvent, toSpokenState } = createSpokenValues(recording);
  const log = recording.log.map((entry, index) =>
    toPlain(entry.type === 'event' ? { ...entry, event: toSpokenEvent(entry.event, index) } : entry),
  );
  const session: ToolCallSession = {
    format: FORMAT,
    version: VERSION,
    chatId,
    startedAt,
    initial: toPlain(toSpokenState()),
    log,
    messages: recording.messages.map(toPlain),
  };
  if (redact === false) return session;
  return { ...redactSession(session, redact === true ? undefined : redact), isRedacted: true };
}

/** Reads a file that `exportSession` made, as text or parsed. @throws TypeError where it is none */
export function readSession(file: unknown): SessionRecording {
  const session = revive(typeof file === 'string' ? parse(file) : file) as Partial<ToolCallSession> | null;
  if (typeof session !== 'object' || session?.format !== FORMAT)
    throw new TypeError(
      `Expected the file of a session, which has \`"format": "${FORMAT}"\`. Export one with exportSession.`,
    );
  if (session.version !== VERSION)
    throw new TypeError(
      `This session is of version ${String(session.version)}, and this version of use-parallel-tools reads version ${VERSION}. Record it again.`,
    );
  const { chatId, startedAt, initial, log, messages, isRedacted } = session;
  if (!Array.isArray(log) || !Array.isArray(messages) || typeof startedAt !== 'number' || !hasBatches(initial))
    throw new TypeError('The file of the session is damaged: it needs `startedAt`, `initial`, `log` and `messages`.');
  // SAFETY: what exportSession wrote; what somebody changed by hand since is theirs to have right.
  return {
    chatId: String(chatId),
    startedAt,
    initial,
    log: log as SessionEntry[],
    messages: messages as UIMessage[],
    ...(isRedacted === true && { isRedacted }),
  };
}

function hasBatches(initial: unknown): initial is ToolCallState {
  return typeof initial === 'object' && initial !== null && 'batches' in initial;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError('The file of the session is no JSON.', { cause });
  }
}

// ── Plain data ───────────────────────────────────────────────────────────────

/** What stands for an error in the file. */
interface PlainError {
  readonly $error: Pick<ToolCallError, 'kind' | 'message' | 'by' | 'status' | 'retryAfter' | 'body'>;
}

/** What JSON carries of a value. A plugin may have noted anything: what cannot be carried is not there. */
function toPlain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, replace) ?? 'null');
  } catch {
    return value instanceof Object && 'at' in value ? { at: value.at, type: 'unreadable' } : null;
  }
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof ToolCallError)) return value;
  const { kind, message, by, status, retryAfter, body } = value;
  return { $error: { kind, message, by, status, retryAfter, body } } satisfies PlainError;
}

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ('$error' in value) {
    // SAFETY: what `replace` wrote.
    const { kind, message, by, ...options } = (value as PlainError).$error;
    return new ToolCallError(kind, message, { ...options, ...(by !== undefined && { by }) });
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]));
}
