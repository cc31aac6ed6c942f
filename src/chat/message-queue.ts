/**
 * Owns the waking of the SDK's own queue (`experimental_queue`). The SDK looks for its next message when an answer ends. That is too
 * early for results that are written later and not sent (the answer was cut, the limit of follow-ups is reached), and in vain where half
 * a call is left in the message, which it takes for one that waits for a person.
 */
import type { UIMessage } from 'ai';
import { batchesOf, depart, lastAnswer, type ChatContext, type ChatState } from './chat-context.ts';
import { isWholeCall, lastStepOf, readToolParts } from './message-parts.ts';
import type { FinishFlags } from './response-end.ts';

/** An answer has ended: one that failed or was interrupted pauses the queue until the user's next message, as in the SDK. */
export function noteQueueEnd(state: ChatState, { isAbort, isError, finishReason }: FinishFlags): void {
  const reason: string | undefined = finishReason;
  if (isAbort || isError || reason === 'interrupted') state.isQueuePaused = true;
}

/**
 * The chat is idle, and no call is open: sends the next message if nothing else would. Of a chat that someone else owns it is not known
 * whether they stopped it, which pauses the queue.
 */
export function wakeQueue(context: ChatContext): void {
  const answer = lastAnswer(context);
  if (!context.ownsChat || context.state.isQueuePaused || answer === undefined || !isStuck(context, answer)) return;
  const sending = context.handle.sendQueued?.();
  if (sending !== undefined) void depart(context, () => sending);
}

/** The SDK would wait for more, and nothing is to come. */
function isStuck(context: ChatContext, answer: UIMessage): boolean {
  const refs = readToolParts(answer);
  const last = refs.findLast(({ step }) => step === lastStepOf(answer));
  return (
    refs.some(({ part }) => !isWholeCall(part)) ||
    (last !== undefined && batchesOf(context)[last.batchKey]?.halt !== undefined)
  );
}
