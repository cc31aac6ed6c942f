/** Owns how a hook below the provider reads the messages of a chat, of which it has only the store in its hand. */
import type { UIMessage } from 'ai';

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
