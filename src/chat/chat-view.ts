/** Owns how a hook below the provider reads the messages of a chat, of which it has only the store in its hand. */
import type { UIMessage } from 'ai';
import { isAtWork, messagesOf, type ChatContext } from './chat-context.ts';

export interface ChatView {
  /** The messages, whole and each once. */
  getMessages(): readonly UIMessage[];
  /** Whether an answer is on its way. */
  isAtWork(): boolean;
  /** Calls `listener` after messages or status may have changed. Returns the unsubscribe function. */
  watch(listener: () => void): () => void;
}

/** By the store of the chat's calls. */
export const chatViews = new WeakMap<object, ChatView>();

export function shareView(context: ChatContext): void {
  const { runner, watchers } = context;
  chatViews.set(runner.store, {
    getMessages: () => messagesOf(context),
    isAtWork: () => isAtWork(context),
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  });
}
