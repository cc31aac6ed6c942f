/** Owns what people did in a recorded session: what they said, and which buttons they pressed. */
import { DENIED_WITHOUT_REASON } from '../core/errors.ts';
import type { UIMessage } from 'ai';
import type { DirectCallOptions } from '../core/direct-calls.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import { isSettled, type ToolBatchKey, type ToolCall, type ToolCallKey } from '../core/tool-call.ts';
import { listSnapshots, type SessionRecording } from '../session/recording.ts';
import type { TestChat } from './test-chat.ts';

/** One thing that a person did. `at` is milliseconds since the recording began. */
export interface SessionAct {
  readonly at: number;
  /** Whether the chat stands where it can be done; it is done all the same when nothing more happens. */
  readonly isDue: (chat: TestChat) => boolean;
  readonly play: (chat: TestChat) => void;
  /** It is a message or another answer: in a conversation these come when everything before is over. */
  readonly isTurn: boolean;
}

export function readActs(recording: SessionRecording): SessionAct[] {
  const snapshots = listSnapshots(recording).values();
  const required = recording.log.flatMap((entry) =>
    entry.type === 'event' && entry.event.type === 'approval-required' ? entry.event.key : [],
  );
  const seen: Seen = {
    messages: new Set(),
    asked: new Set(),
    ended: new Set(),
    direct: new Map(),
    required: new Set(required),
    interrupted: [],
    isStopped: false,
  };
  return recording.log.flatMap((entry): SessionAct[] => {
    const { at } = entry;
    if (entry.type === 'event') {
      const press = readPress(entry.event, seen);
      note(entry.event, seen);
      return press === undefined ? [] : [{ ...press, at, isTurn: false }];
    }
    const messages = snapshots.next().value?.messages ?? [];
    return entry.type === 'request' ? readTurn(messages, at, seen) : [];
  });
}

/** What has been seen of the log so far. */
interface Seen {
  readonly messages: Set<string>;
  /** Calls that were asked to a person. */
  readonly asked: Set<ToolCallKey>;
  readonly ended: Set<ToolCallKey>;
  /** Batches of calls that no answer made. */
  readonly direct: Map<ToolBatchKey, DirectCallOptions>;
  /** Calls that a person is asked about at any time of the session. */
  readonly required: ReadonlySet<ToolCallKey>;
  /** Calls that a new message has cancelled, since the last one. */
  interrupted: ToolCallKey[];
  isStopped: boolean;
}

/** A request that a message, or a wish for another answer, has made. */
function readTurn(messages: readonly UIMessage[], at: number, seen: Seen): SessionAct[] {
  const { interrupted } = seen;
  seen.interrupted = [];
  seen.isStopped = false;
  const last = messages.at(-1);
  if (last?.role !== 'user') return [];
  const isNew = !seen.messages.has(last.id);
  seen.messages.add(last.id);
  const { id, parts, metadata } = last;
  const play = (chat: TestChat) => (isNew ? chat.send({ id, parts, metadata }) : chat.regenerate());
  const isDue = ({ calls }: TestChat) => calls.some((call) => interrupted.includes(call.key) && !isSettled(call));
  return [{ at, isTurn: interrupted.length === 0, isDue, play }];
}

function note(event: ToolCallStoreEvent, seen: Seen): void {
  if (event.type === 'input-required') seen.asked.add(event.key);
  if (event.type === 'batch-opened' && event.direct !== undefined) seen.direct.set(event.batchKey, event.direct);
  if (event.type === 'call-failed' || event.type === 'call-succeeded') seen.ended.add(event.key);
  if (event.type !== 'call-cancelled') return;
  // What was superseded begins again by itself.
  if (event.error.by !== 'superseded') seen.ended.add(event.key);
  if (event.error.by === 'new-message') seen.interrupted.push(event.key);
  if (event.error.by === 'stop') seen.isStopped = true;
}

type Press = Pick<SessionAct, 'isDue' | 'play'>;

/** The button that was pressed, where an event tells of one. */
function readPress(event: ToolCallStoreEvent, seen: Seen): Press | undefined {
  const { asked, ended, isStopped } = seen;
  switch (event.type) {
    case 'call-added':
      return readDirectCall(event, seen);
    case 'approval-granted':
      return onCall(event.key, isStatus('awaiting-approval'), (chat, call) =>
        chat.toolCalls.approve(call, changedInput(event)),
      );
    case 'approval-denied': {
      const { message } = event.error;
      const reason = message === DENIED_WITHOUT_REASON ? undefined : message;
      return onCall(event.key, isStatus('awaiting-approval'), (chat, call) => chat.toolCalls.deny(call, reason));
    }
    case 'call-resumed':
      return onCall(event.key, isStatus('interrupted'), (chat, call) => chat.toolCalls.run(call));
    case 'call-skipped':
      return onCall(
        event.key,
        ({ held }) => held === true,
        (chat, call) => chat.toolCalls.skip(call),
      );
    case 'call-retried':
      return ended.has(event.key)
        ? onCall(event.key, isSettled, (chat, call) => {
            if (call.status === 'succeeded') chat.toolCalls.run(call);
            else chat.toolCalls.retry(call, changedInput(event));
          })
        : undefined;
    case 'call-cancelled': {
      const { by } = event.error;
      const isOpen = (call: ToolCall) => !isSettled(call);
      if (by === 'user') return onCall(event.key, isOpen, (chat, call) => chat.toolCalls.cancel(call));
      return by === 'stop' && !isStopped ? onCall(event.key, isOpen, (chat) => chat.stop()) : undefined;
    }
    case 'call-succeeded': {
      const { output } = event;
      return asked.has(event.key)
        ? onCall(event.key, isStatus('awaiting-input'), (chat, call) => chat.toolCalls.respond(call, output))
        : undefined;
    }
    default:
      return undefined;
  }
}

/** A call that no answer made is made again. What it rejects with is its result. */
function readDirectCall(
  { call, batchKey }: Extract<ToolCallStoreEvent, { type: 'call-added' }>,
  { direct, required }: Seen,
): Press | undefined {
  const made = direct.get(batchKey);
  if (made === undefined) return undefined;
  const { key, toolCallId: id, toolName, input } = call;
  const options = { ...made, id, ask: required.has(key) };
  return {
    isDue: () => true,
    play: (chat) => void chat.toolCalls.call(toolName, input, options).catch(() => undefined),
  };
}

/** What a person has put in the place of the input. */
function changedInput(event: object): { readonly input?: unknown } {
  return 'input' in event ? { input: event.input } : {};
}

const isStatus =
  (...statuses: readonly ToolCall['status'][]) =>
  ({ status }: ToolCall) =>
    statuses.includes(status);

function onCall(
  key: ToolCallKey,
  isDue: (call: ToolCall) => boolean,
  play: (chat: TestChat, call: ToolCall) => void,
): Press {
  const find = (chat: TestChat) => chat.calls.find((call) => call.key === key);
  return {
    isDue(chat) {
      const call = find(chat);
      return call !== undefined && isDue(call);
    },
    play(chat) {
      const call = find(chat);
      if (call !== undefined) play(chat, call);
    },
  };
}
