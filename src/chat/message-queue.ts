/**
 * Owns the waking of the SDK's own queue (`experimental_queue`). The SDK looks for its next message when an answer ends. That is too
 * early for results that are written later and not sent (the answer was cut, the limit of follow-ups is reached), and in vain where half
 * a call is left in the message, which it takes for one that waits for a person.
 */
import type { UIMessage } from 'ai';
import type { BridgeContext } from './bridge-context.ts';
import type { Departures } from './departures.ts';
import { lastStepOf, readToolParts } from './message-parts.ts';
import type { FinishFlags } from './response-tap.ts';

export interface MessageQueue {
  /** An answer has ended: one that failed or was interrupted pauses the queue until the user's next message, as in the SDK. */
  noteEnd(event: FinishFlags): void;
  /** The user has stopped everything, the queue too. */
  pause(): void;
  /** A request goes out: with a message of the user the queue goes on. */
  noteRequest(messages: readonly UIMessage[]): void;
  /** The chat is idle, and no call is open: sends the next message if nothing else would. */
  wake(): void;
}

/** `ownsChat`: of a chat that someone else owns it is not known whether they stopped it, which pauses the queue. */
export function createMessageQueue(
  context: BridgeContext,
  depart: Departures['depart'],
  ownsChat: boolean,
): MessageQueue {
  let paused = false;

  /** The SDK would wait for more, and nothing is to come. */
  function isStuck(answer: UIMessage): boolean {
    const refs = readToolParts(answer);
    const last = refs.findLast(({ step }) => step === lastStepOf(answer));
    return (
      refs.some(({ part }) => part.state === 'input-streaming') ||
      (last !== undefined && context.batches()[last.batchKey]?.halt !== undefined)
    );
  }

  return {
    noteEnd({ isAbort, isError, finishReason }) {
      const reason: string | undefined = finishReason;
      if (isAbort || isError || reason === 'interrupted') paused = true;
    },
    pause: () => void (paused = true),
    noteRequest(messages) {
      if (messages.at(-1)?.role === 'user') paused = false;
    },
    wake() {
      const answer = context.lastAnswer();
      if (!ownsChat || paused || answer === undefined || !isStuck(answer)) return;
      const sending = context.handle.sendQueued?.();
      if (sending !== undefined) void depart(() => sending);
    },
  };
}
