/** Owns the watching of one chat: what it does goes into its log. It changes nothing of the chat but what `faults` is asked to. */
import { systemClock } from '../core/clock.ts';
import type { PageChat } from '../core/page-chats.ts';
import type { OutgoingRequest, ToolCallsPlugin } from '../core/plugins.ts';
import { createEventLog, type EventLog, type LoggedRequest } from './event-log.ts';

/** A chat as the panel knows it. */
export interface RecordedChat {
  /** Tells chats of one page apart, which may have the same id. */
  readonly key: string;
  readonly chat: PageChat;
  readonly log: EventLog;
  stop(): void;
}

/** The longest beginning of a question that is kept as the name of its turn. */
const LONGEST_QUESTION = 120;

/** Watches a chat until `stop`. `onChange` is called for every entry; `execute` stands around its tools. */
export function recordChat(
  key: string,
  chat: PageChat,
  onChange: () => void,
  execute: (add: (words: string) => void) => NonNullable<ToolCallsPlugin['execute']>,
): RecordedChat {
  const { host, details } = chat;
  const log = createEventLog(host.store.getState());
  const add: EventLog['add'] = (entry) => {
    log.add(entry, systemClock.now());
    onChange();
  };
  let status = details?.getStatus();
  const noteStatus = () => {
    const next = details?.getStatus();
    if (next === undefined || next === status) return;
    status = next;
    add({ type: 'status', status: next }, 0);
  };
  const stops = [
    host.subscribe((event) => {
      noteStatus();
      add({ type: 'event', event }, 0);
    }),
    details?.subscribe?.(noteStatus),
  ];
  chat.request = (request) => {
    add({ type: 'request', request: readRequest(request) }, 0);
    return request;
  };
  chat.execute = execute((words) => add({ type: 'simulation', words }, 0));
  return {
    key,
    chat,
    log,
    stop() {
      for (const stop of stops) stop?.();
      delete chat.request;
      delete chat.execute;
    },
  };
}

function readRequest({ messages, body }: OutgoingRequest): LoggedRequest {
  const last = messages.at(-1);
  const text = last?.role === 'user' ? last.parts?.find((part) => part.type === 'text')?.text : undefined;
  return {
    // The messages themselves go on changing, and are not ours to keep.
    messages: messages.map(({ id, role }) => ({ id, role })),
    body,
    question: last?.role === 'user' ? (text ?? '').slice(0, LONGEST_QUESTION) : undefined,
  };
}
