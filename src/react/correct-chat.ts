/**
 * Owns the chat functions that touch open tool calls, corrected: a message, a stop or a regeneration first settles what is open,
 * so that no provider ever gets a call without a result.
 */
import type { ChatRequestOptions } from 'ai';
import type { ChatBridge } from '../chat/chat-bridge.ts';

/** The functions of a chat that are corrected, as any chat has them. */
interface CorrectableChat {
  sendMessage: (...args: never[]) => PromiseLike<void>;
  regenerate: (...args: never[]) => PromiseLike<void>;
  messages: readonly unknown[];
}

/** What takes the place of a chat's own functions. */
export interface CorrectedFunctions<TChat extends CorrectableChat> {
  sendMessage: TChat['sendMessage'];
  regenerate: TChat['regenerate'];
  stop: () => Promise<void>;
  setMessages: (messages: TChat['messages'] | ((messages: TChat['messages']) => TChat['messages'])) => void;
}

/** Corrects a chat's functions. `isQueued`: the SDK's own queue decides when a message goes out. */
export function correctChat<TChat extends CorrectableChat>(
  chat: TChat,
  bridge: ChatBridge,
  isQueued: boolean,
): CorrectedFunctions<TChat> {
  // SAFETY: the arguments go through as they came; only the options are looked at, and they stand last, where the SDK has them.
  const sendMessage = async (message?: unknown, options?: ChatRequestOptions): Promise<void> => {
    if (message === undefined) bridge.beforeContinuation(options);
    else if (!isQueued) {
      const clearing = bridge.beforeMessage(options);
      if (clearing !== undefined) await clearing;
    }
    return chat.sendMessage(...([message, options] as never[]));
  };
  const regenerate = async (options?: ChatRequestOptions & { messageId?: string }): Promise<void> => {
    const clearing = bridge.beforeRegenerate(options);
    if (clearing !== undefined) await clearing;
    return chat.regenerate(...([options] as never[]));
  };
  return {
    // SAFETY: the same parameters and result as the function that each stands for.
    sendMessage: sendMessage as TChat['sendMessage'],
    regenerate: regenerate as unknown as TChat['regenerate'],
    stop: bridge.stop,
    setMessages(messages) {
      chat.messages = typeof messages === 'function' ? messages(chat.messages) : messages;
      bridge.schedule();
    },
  };
}
