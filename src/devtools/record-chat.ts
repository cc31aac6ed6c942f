/** Owns the watching of one chat: what it does goes into its log. It changes nothing of the chat but what `faults` is asked to. */
import { systemClock } from '../core/clock.ts';
import type { PageChat } from '../core/page-chats.ts';
import type { OutgoingRequest, PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import type { ToolCallSession } from '../session/recording.ts';
import { createSessionRecorder } from '../session/session-recorder.ts';
import { createEventLog, type EventLog, type LoggedRequest } from './event-log.ts';

/** What the panel reads of a chat, and does to it. */
export interface ShownChat extends Pick<PageChat, 'details'> {
  readonly host: Pick<PluginHost, 'chatId' | 'store' | 'commands' | 'policyOf' | 'idempotencyKeyOf' | 'getMessages'>;
}

/** A chat as the panel knows it. */
export interface RecordedChat {
  /** Tells chats of one page apart, which may have the same id. */
  readonly key: string;
  /** It comes from a file: it is over. */
  readonly isImported: boolean;
  readonly chat: ShownChat;
  readonly log: EventLog;
  /** The file of what has happened so far. */
  exportSession(isRedacted: boolean): ToolCallSession;
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
  const { host } = chat;
  const log = createEventLog(host.store.getState());
  const session = createSessionRecorder();
  const add: EventLog['add'] = (entry) => {
    log.add(entry, systemClock.now());
    onChange();
  };
  let status = host.getStatus();
  const noteStatus = () => {
    const next = host.getStatus();
    if (next === status) return;
    status = next;
    add({ type: 'status', status: next }, 0);
  };
  const stops = [
    host.subscribe((event) => {
      noteStatus();
      add({ type: 'event', event }, 0);
    }),
    host.watch(noteStatus),
    session.connect?.(host),
  ];
  chat.request = (request) => {
    add({ type: 'request', request: readRequest(request) }, 0);
    session.request?.(request);
    return request;
  };
  chat.execute = execute((words) => add({ type: 'simulation', words }, 0));
  return {
    key,
    isImported: false,
    chat,
    log,
    exportSession: (isRedacted) => session.export({ redact: isRedacted }),
    stop() {
      for (const stop of stops) stop?.();
      delete chat.request;
      delete chat.execute;
    },
  };
}

export function readRequest({ messages, body }: Pick<OutgoingRequest, 'messages' | 'body'>): LoggedRequest {
  const last = messages.at(-1);
  const text = last?.role === 'user' ? last.parts?.find((part) => part.type === 'text')?.text : undefined;
  return {
    // The messages themselves go on changing, and are not ours to keep.
    messages: messages.map(({ id, role }) => ({ id, role })),
    body,
    question: last?.role === 'user' ? (text ?? '').slice(0, LONGEST_QUESTION) : undefined,
  };
}
