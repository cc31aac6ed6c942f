/**
 * Owns the recording of a session, as a plugin beside the chat. It listens, and changes nothing.
 */
import type { UIMessage } from 'ai';
import { systemClock, type Clock } from '../core/clock.ts';
import type { PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import { createToolCallStore, type ToolCallState, type ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { SessionEntry, SessionRecording, ToolCallSession } from './recording.ts';
import { exportSession, type ExportSessionOptions } from './session.ts';

export interface SessionRecorder extends ToolCallsPlugin {
  /** What has been recorded so far. */
  readonly recording: () => SessionRecording;
  /** The file of it: `JSON.stringify` writes it. */
  readonly export: (options?: ExportSessionOptions) => ToolCallSession;
}

export interface SessionRecorderOptions {
  /** How many events are kept at most: the first ones go. @default 10_000 */
  limit?: number | undefined;
  /** Time; for tests. @default the system's */
  clock?: Pick<Clock, 'now'> | undefined;
}

/** Records one chat, the one that was mounted last: give it to the hook in `plugins`. */
export function createSessionRecorder({
  limit = 10_000,
  clock = systemClock,
}: SessionRecorderOptions = {}): SessionRecorder {
  let getMessages: () => readonly UIMessage[] = () => [];
  let chatId = '';
  let store: PluginHost['store'] | undefined;
  let startedAt = clock.now();
  let initial: ToolCallState = { batches: {} };
  let log: SessionEntry[] = [];
  let shown: readonly UIMessage[] = [];

  /** A message that streams goes on in its place, so the last one may have changed. */
  function snapshot(type: 'request' | 'messages', messages: readonly UIMessage[]): void {
    const same = messages.findIndex((message, index) => message !== shown[index] || index === shown.length - 1);
    const from = same < 0 ? messages.length : same;
    shown = [...messages];
    log.push({
      at: clock.now() - startedAt,
      type,
      from,
      messages: JSON.parse(JSON.stringify(messages.slice(from))) as UIMessage[],
    });
  }

  function note(event: ToolCallStoreEvent): void {
    // What the model answered since goes with the parts that a retry trims.
    if (event.type === 'call-retried' || event.type === 'batch-reopened') snapshot('messages', getMessages());
    log.push({ at: clock.now() - startedAt, type: 'event', event });
    if (log.length > limit * 1.01) forget();
  }

  /** Makes the oldest hundredth part of the records that the recording begins with. */
  function forget(): void {
    const { store, dispatch } = createToolCallStore(initial);
    const old = log.slice(0, log.length - limit);
    const snapshots = old.filter(({ type }) => type !== 'event');
    for (const entry of old) if (entry.type === 'event') dispatch(entry.event);
    initial = store.getState();
    log = [...snapshots, ...log.slice(log.length - limit)];
  }

  const recording = (): SessionRecording => ({
    chatId,
    startedAt,
    initial,
    log: [...log],
    messages: [...getMessages()],
  });
  return {
    name: 'session-recorder',
    connect(host) {
      // Another chat is another session; the same one may be hidden, and shown again.
      if (store !== undefined && store !== host.store) {
        log = [];
        shown = [];
        startedAt = clock.now();
      }
      ({ chatId, getMessages, store } = host);
      if (log.length === 0) initial = host.store.getState();
      return host.subscribe(note);
    },
    request(request) {
      snapshot('request', request.messages);
      return request;
    },
    recording,
    export: (options) => exportSession(recording(), options),
  };
}
