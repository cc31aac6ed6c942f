// Owns what a reload leaves of the conversation: whose it is to the shop, its messages, and the journal of its calls.
import type { UIMessage } from 'ai';
import { toolCallJournal } from 'use-parallel-tools/durable';

/**
 * What stands beside the chat. `sharedTabs()` goes here, and with it `localStorage` in the place of `sessionStorage`: now each tab has a
 * case of its own, and then all tabs show one.
 */
const journal = toolCallJournal();
export const plugins = [journal];
const storage = (): Storage => sessionStorage;

const storageKey = 'larkfield-conversation';

interface Conversation {
  /** Names the conversation to the shop, to the chat and to the journal. */
  session: string;
  messages: UIMessage[];
}

/** What was stored, as far as it is what it should be: another version of the demo may have written it. */
function read(): Partial<Conversation> {
  try {
    const stored: unknown = JSON.parse(storage().getItem(storageKey) ?? '{}');
    const { session, messages } = Object(stored) as Partial<Conversation>;
    return typeof session === 'string' && Array.isArray(messages) ? { session, messages } : {};
  } catch {
    return {};
  }
}

export function readSession(): string {
  return read().session ?? crypto.randomUUID();
}

/** The messages of this conversation; none of one that is new. */
export function readMessages(session: string): UIMessage[] {
  const { session: stored, messages = [] } = read();
  return stored === session ? messages : [];
}

export function keepMessages(session: string, messages: readonly UIMessage[]): void {
  try {
    storage().setItem(storageKey, JSON.stringify({ session, messages }));
  } catch {
    // A browser that stores nothing, or no more, forgets the conversation with the page.
  }
}

/** Nobody comes back to it. */
export function forgetConversation(session: string): void {
  keepMessages(session, []);
  void journal.clear(session);
}
