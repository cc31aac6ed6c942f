/** Owns the words of the panel: for waits, events and times. Pure. */
import { createDurationFormat } from '../../components/words/format-duration.ts';
import { englishLabels } from '../../components/words/labels.ts';
import { selectUndo } from '../../core/undo-facts.ts';
import type { ToolCall, ToolCallKey } from '../../core/tool-call.ts';
import type { LogEntry } from '../event-log.ts';
import type { WaitCause } from '../wait-graph.ts';
import type { PathPiece } from '../critical-path.ts';

const formatDuration = createDurationFormat('en', { millisecond: 'ms', second: 's', minute: 'min', hour: 'h' });

export const writeDuration = (ms: number): string => formatDuration(Math.max(0, ms));

export function writeStatus(call: Pick<ToolCall, 'status'>): string {
  const undo = selectUndo(call)?.status;
  return undo === 'undoing' || undo === 'undone' ? englishLabels[undo] : englishLabels.status[call.status];
}

/** Why a call waits, as the end of a sentence: "waits for …". */
export function writeWait(wait: WaitCause['wait'], now: number): string {
  switch (wait.type) {
    case 'slot':
      return wait.scope === 'all' ? 'a free slot of the hook' : 'a free slot of its tool';
    case 'lock':
      return `the lock ${wait.key}, held by ${wait.heldByToolName}`;
    case 'rate-limit':
      return `the rate limit ${wait.key}, for ${writeDuration(wait.until - now)}`;
    case 'order':
      return `${wait.toolName}, which has to end first`;
    case 'coalesce':
      return `more calls of its tool, for ${writeDuration(wait.until - now)}`;
    case 'step-end':
      return 'the end of the answer';
    case 'plugin':
      return `the plugin ${wait.name}`;
    case 'person':
      return 'a person';
    case 'backoff':
    case 'running':
    case 'starting':
      return '';
    default:
      return wait satisfies never;
  }
}

/** A cause as a sentence. `index`: how far it is from the call that waits. */
export function writeCause({ wait }: WaitCause, index: number, now: number): string {
  const who = index === 0 ? 'It' : 'That one';
  if (wait.type === 'running') return `${who} runs`;
  if (wait.type === 'backoff') return `${who} has failed, and is tried again soon`;
  if (wait.type === 'starting') return `${who} is about to start`;
  return `${who} waits for ${writeWait(wait, now)}`;
}

/** What a piece of the critical path was. */
export function writePiece({ kind }: PathPiece): string {
  return PIECES[kind];
}

const PIECES: Record<PathPiece['kind'], string> = {
  running: 'ran',
  backoff: 'failed and backed off',
  slot: 'waited for a slot',
  lock: 'waited for a lock',
  'rate-limit': 'waited for a rate limit',
  order: 'waited for its turn',
  coalesce: 'waited for more calls',
  'step-end': 'waited for the end of the answer',
  plugin: 'waited for a plugin',
  person: 'waited for a person',
};

/** One line of the log: what kind of thing it was, and of what. `nameOf` knows the tools of calls. */
export function writeEntry(
  entry: LogEntry,
  nameOf: (key: ToolCallKey) => string | undefined,
): { readonly kind: string; readonly detail: string } {
  switch (entry.type) {
    case 'status':
      return { kind: `chat ${entry.status}`, detail: '' };
    case 'simulation':
      return { kind: 'simulated', detail: entry.words };
    case 'request': {
      const { question, messages } = entry.request;
      const what = question === undefined ? 'follow-up' : `“${question}”`;
      return {
        kind: 'request',
        detail: `${what}, ${messages.length} ${messages.length === 1 ? 'message' : 'messages'}`,
      };
    }
    case 'event':
      return { kind: entry.event.type, detail: writeEvent(entry.event, nameOf) };
    default:
      return entry satisfies never;
  }
}

function writeEvent(
  event: Extract<LogEntry, { type: 'event' }>['event'],
  nameOf: (key: ToolCallKey) => string | undefined,
): string {
  if (event.type === 'call-added') return `${event.call.toolName} ${event.call.toolCallId}`;
  const key = 'key' in event ? event.key : event.batchKey;
  const id = `${nameOf(key) ?? ''} ${key.slice(key.lastIndexOf('/') + 1)}`.trim();
  if (event.type === 'wait-changed') return `${id}${event.waitingFor ? ` for ${event.waitingFor.type}` : ''}`;
  if ('error' in event) return `${id}: ${event.error.message}`;
  if (event.type === 'batch-halted') return event.halt ?? 'goes on';
  return 'key' in event ? id : key;
}

/** A value of a policy on one line. */
export function writePolicyValue(value: unknown): string {
  if (typeof value === 'function') return 'function';
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value, (_key, inner: unknown) => (inner === Infinity ? '∞' : inner)) ?? String(value);
  } catch {
    return String(value);
  }
}
