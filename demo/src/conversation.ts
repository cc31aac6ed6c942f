// Owns what a reload leaves of the conversation, and what tabs share of it: whose it is to the shop, its messages, the journal of its calls.
import type { UIMessage } from 'ai';
import { rememberedApprovals } from 'use-parallel-tools/approvals';
import { resultCache } from 'use-parallel-tools/cache';
import { disclosure } from 'use-parallel-tools/disclosure';
import { indexedDbStorage, sharedTabs, toolCallJournal } from 'use-parallel-tools/durable';
import { undo } from 'use-parallel-tools/undo';

const journal = toolCallJournal();
/** What the customer has said once and for all, until they forget it or thirty days have passed. */
export const approvals = rememberedApprovals({
  storage: indexedDbStorage({ name: 'larkfield-approvals' }),
  ttl: 30 * 24 * 60 * 60 * 1000,
});
/**
 * What stands beside the chat: its calls survive a reload, what is private does not leave by a tool that others may have asked for, unless
 * the customer says yes, a yes may be remembered, what was just looked up is not looked up again, what can be taken back has *Undo* on its card, and
 * every tab of the browser shows the same case.
 */
export const plugins = [journal, disclosure(), approvals, resultCache(), undo(), sharedTabs()];

const storageKey = 'larkfield-conversation';

interface Conversation {
  /** Names the conversation to the shop, to the chat and to the journal. */
  session: string;
  messages: UIMessage[];
}

/** What was stored, as far as it is what it should be: another version of the demo may have written it. */
function read(): Partial<Conversation> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
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

/** Calls `onSession` when another tab has another conversation. Returns the function that stops it. */
export function watchOtherTabs(onSession: (session: string) => void): () => void {
  const watch = ({ key }: StorageEvent) => {
    const { session } = key === storageKey ? read() : {};
    if (session !== undefined) onSession(session);
  };
  window.addEventListener('storage', watch);
  return () => window.removeEventListener('storage', watch);
}

export function keepMessages(session: string, messages: readonly UIMessage[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ session, messages }));
  } catch {
    // A browser that stores nothing, or no more, forgets the conversation with the page.
  }
}

/** A new conversation takes the place of this one, in every tab. */
export function startConversation(before: string): string {
  const session = crypto.randomUUID();
  keepMessages(session, []);
  void journal.clear(before);
  for (const rule of approvals.store.getState().rules) if (rule.chatId === before) approvals.forget(rule);
  return session;
}
