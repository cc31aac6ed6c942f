/**
 * Owns the chat functions that touch open tool calls, corrected: a message, a stop or a regeneration first settles what is open,
 * so that no provider ever gets a call without a result.
 */
import type { ChatRequestOptions } from 'ai';
import type { ChatBridge } from '../chat/chat-bridge.ts';
import { misuse } from '../core/misuse.ts';
import { noteOriginal } from '../sdk/chat-handle.ts';

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
  /** A request is on its way: the chat begins to work some time after it was told to. */
  let turn: Promise<void> | undefined;

  /** Clears the way, and looks again: another message may have gone out meanwhile, and its answer be in the way now. */
  async function inTurn(clearing: () => PromiseLike<void> | undefined, start: () => PromiseLike<void> | void) {
    let rounds = 0;
    for (;;) {
      const obstacle = turn ?? (rounds < MAX_ROUNDS ? clearing() : undefined);
      if (obstacle === undefined) break;
      rounds = obstacle === turn ? 0 : rounds + 1;
      await obstacle;
    }
    let sending: Promise<void> | undefined;
    turn = bridge.depart(() => (sending = begin(start))).then(() => void (turn = undefined));
    return sending;
  }

  // SAFETY (of the casts below): arguments go through as they came; only the options are looked at, and they stand last.
  const sendMessage: CorrectedFunctions['sendMessage'] = (message, options) => {
    const divert = (isDeparting = false) =>
      bridge.divert({ name: 'sendMessage', args: [message, options], ...(isDeparting && { isDeparting }) });
    // Asked again when it is sent: meanwhile another page may act for the chat.
    const send = (given = options) => divert(true) ?? getChat().sendMessage(...([message, given] as never[]));
    const diverted = divert();
    if (diverted !== undefined) return diverted;
    if (message === undefined) {
      const whole = bridge.beforeContinuation(options);
      return inTurn(
        () => undefined,
        () => send(whole),
      );
    }
    const isQueuedNow = isQueued() && message.messageId === undefined;
    return inTurn(() => (isQueuedNow ? undefined : bridge.beforeMessage(options)), send);
  };
  const regenerate: CorrectedFunctions['regenerate'] = (options) => {
    const again = () => expectRegenerate(getChat())(...([options] as never[]));
    return (
      bridge.divert({ name: 'regenerate', args: [options] }) ?? inTurn(() => bridge.beforeRegenerate(options), again)
    );
  };
  const stop: CorrectedFunctions['stop'] = () => bridge.divert({ name: 'stop', args: [] }) ?? bridge.stop();
  noteOriginal(sendMessage, getChat().sendMessage);
  const functions = { sendMessage, regenerate, stop };
  bridge.provide(functions);
  return functions;
}

/** Begins at once; what is thrown at once rejects too. */
async function begin(start: () => PromiseLike<void> | void): Promise<void> {
  await start();
}

/** A chat whose open calls cannot be closed (it takes no results) still gets the message. */
const MAX_ROUNDS = 100;

function expectRegenerate({ regenerate }: CorrectableChat): NonNullable<CorrectableChat['regenerate']> {
  if (regenerate !== undefined) return regenerate;
  throw misuse('no-regenerate');
}
