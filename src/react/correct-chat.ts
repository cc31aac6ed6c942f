/**
 * Owns the chat functions that touch open tool calls, corrected: a message, a stop or a regeneration first settles what is open,
 * so that no provider ever gets a call without a result.
 */
import type { ChatRequestOptions } from 'ai';
import type { ChatBridge } from '../chat/chat-bridge.ts';
import { noteOriginal } from '../chat/chat-handle.ts';

/** The functions of a chat that are corrected, as any chat has them. */
export interface CorrectableChat {
  sendMessage: (...args: never[]) => PromiseLike<void> | void;
  regenerate?: (...args: never[]) => PromiseLike<void> | void;
}

/** What takes the place of a chat's own functions. */
export interface CorrectedFunctions {
  sendMessage: (message?: { messageId?: string }, options?: ChatRequestOptions) => Promise<void>;
  regenerate: (options?: ChatRequestOptions & { messageId?: string }) => Promise<void>;
  stop: () => Promise<void>;
}

/** Corrects the functions of whatever chat `getChat()` gives now. `isQueued`: the SDK's own queue decides when a message goes out. */
export function correctChat(
  getChat: () => CorrectableChat,
  bridge: ChatBridge,
  isQueued: () => boolean,
): CorrectedFunctions {
  // SAFETY (of the casts below): arguments go through as they came; only the options are looked at, and they stand last.
  const sendMessage: CorrectedFunctions['sendMessage'] = async (message, options) => {
    if (message === undefined) bridge.beforeContinuation(options);
    else if (!isQueued() || message.messageId !== undefined) await clear(() => bridge.beforeMessage(options));
    return getChat().sendMessage(...([message, options] as never[]));
  };
  const regenerate: CorrectedFunctions['regenerate'] = async (options) => {
    await bridge.beforeRegenerate(options);
    return expectRegenerate(getChat())(...([options] as never[]));
  };
  noteOriginal(sendMessage, getChat().sendMessage);
  return { sendMessage, regenerate, stop: bridge.stop };
}

/** Another message may have gone out while this one waited: then its answer is in the way now. */
async function clear(clearing: () => PromiseLike<void> | undefined): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const cleared = clearing();
    if (cleared === undefined) return;
    await cleared;
  }
}

/** A chat whose open calls cannot be closed (it takes no results) still gets the message. */
const MAX_ROUNDS = 100;

function expectRegenerate({ regenerate }: CorrectableChat): NonNullable<CorrectableChat['regenerate']> {
  if (regenerate !== undefined) return regenerate;
  throw new TypeError(
    'This chat has no `regenerate`, so its answer cannot be made anew. Give useChatTools a chat that has it, or hide the button.',
  );
}
