/** Owns a session from a file as the panel shows it: a chat that is over, of which nothing can be asked and to which nothing can be done. */
import { createToolCallStore } from '../core/tool-call-store.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { readSession } from '../session/session.ts';
import { createEventLog } from './event-log.ts';
import { readRequest, type RecordedChat } from './record-chat.ts';

/** Reads the text of a file. @throws TypeError where it is no session */
export function importSession(text: string, key: string): RecordedChat {
  const file: unknown = JSON.parse(text);
  const { chatId, startedAt, initial, log: entries, messages } = readSession(file);
  const log = createEventLog(initial, Infinity);
  const { store, record } = createToolCallStore(initial);
  for (const entry of entries) {
    const at = startedAt + entry.at;
    if (entry.type === 'event') {
      record(entry.event);
      log.add({ type: 'event', event: entry.event }, at);
    } else if (entry.type === 'request') {
      log.add({ type: 'request', request: readRequest({ messages: entry.messages, body: undefined }) }, at);
    }
  }
  const nothing = (): undefined => undefined;
  return {
    key,
    isImported: true,
    chat: {
      host: {
        chatId,
        store,
        commands: new Proxy({}, { get: () => nothing }) as ToolCalls, // SAFETY: nothing can be done, whatever it is called.
        policyOf: nothing,
        idempotencyKeyOf: nothing,
        getMessages: () => messages,
      },
      details: undefined,
    },
    log,
    // SAFETY: it was read as one a few lines above.
    exportSession: () => file as ReturnType<RecordedChat['exportSession']>,
    stop: nothing,
  };
}
