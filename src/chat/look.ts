/**
 * Owns the look at the messages: brings messages and calls together, while the chat is idle and once a turn of the event loop at most. What is
 * done there is decided in `next-move.ts`.
 */
import type { UIMessage } from 'ai';
import { mayAct } from '../core/ask-plugins.ts';
import { makeMoves } from './apply-move.ts';
import { notice, takeUp } from './call-intake.ts';
import {
  batchesOf,
  completeMessages,
  depart,
  isAtWork,
  isIdle,
  lastAnswer,
  movePhase,
  type ChatContext,
  type ChatState,
} from './chat-context.ts';
import { claimChat } from '../sdk/chat-handle.ts';
import type { FinishFlags } from '../sdk/response-end.ts';
import { isLost, isResting } from './chat-phase.ts';
import { closeStreaming, mayStillEnd } from './close-batches.ts';
import { countSame, hasNewsInLastStep, isWholeCall, lastStepOf, readToolParts } from '../messages/message-parts.ts';
import { followIds } from './message-ids.ts';
import { idOf, messageWith, partsOf } from '../messages/part-fields.ts';

/** Looks as soon as this turn of the event loop ends. */
export function schedule(context: ChatContext): void {
  const { state, claimant } = context;
  if (state.isScheduled || !claimant.isMounted()) return;
  state.isScheduled = true;
  queueMicrotask(() => {
    state.isScheduled = false;
    look(context);
  });
}

/** One chat has one bridge that runs its calls: a second one only looks on, and so does one whose plugins say that it may not act. */
export function isActive(context: ChatContext): boolean {
  const { handle, state, claimant } = context;
  return state.stage !== 'left' && claimChat(handle, claimant) && mayAct(context.plugins);
}

/** Brings messages and calls together; a chat at work is left alone until it is idle. */
export function look(context: ChatContext): void {
  const { state, runner, claimant, waiting } = context;
  if (!claimant.isMounted()) return;
  for (const watch of context.watchers) watch();
  const isFirstLook = state.stage === 'mounted';
  if ((!isFirstLook && hasNoNews(context)) || !isActive(context)) return;
  noteRender(context);
  if (state.phase.at === 'leaving' || state.phase.at === 'unrendered') return;
  state.stage = 'running';
  // The helpers of a `useChat` tell late that a request is on its way.
  if (isAtWork(context)) for (const leave of waiting.departures) leave();
  noteStatus(context);
  followIds(context);
  if (isIdle(context)) lookWhileIdle(context);
  else watchStream(context, isFirstLook);
  // Not before what became of the calls meanwhile is known.
  if (isFirstLook) runner.setSuspended(false);
}

/**
 * Whether there is nothing to see in a chat of our own: while it streams, `onToolCall` says what is new, and only of open calls may anybody
 * say more. The answer may come under another id.
 */
function hasNoNews({ ownsChat, state, runner, handle }: ChatContext): boolean {
  if (!ownsChat || state.phase.at !== 'streaming') return false;
  const { lookedAt, knownIds } = state;
  const messages = handle.getMessages();
  const last = messages.at(-1);
  if (messages.length !== lookedAt.length || idOf(last ?? null) !== knownIds.at(-1)) return false;
  return !runner.hasOpenCalls() || (countSame(lookedAt, messages) >= messages.length - 1 && !hasNewsInLastStep(last));
}

/** The page may have rendered what it had yet to render. A piece of an answer is not the answer. */
function noteRender({ handle, state }: ChatContext): void {
  const { phase } = state;
  const messages = handle.getMessages();
  if (phase.at !== 'unrendered' || phase.before === messages) return;
  const isPiece = phase.answer !== undefined && isBehind(messages, phase.answer) === 'piece';
  movePhase({ state }, isPiece ? { type: 'changed', before: messages } : { type: 'rendered' });
}

/** Whether messages lack an answer, or have only a piece of it. */
export function isBehind(messages: readonly UIMessage[], answer: UIMessage): 'whole' | 'piece' | false {
  const known = messageWith(messages, idOf(answer));
  if (known === undefined) return 'whole';
  return partsOf(known).length < partsOf(answer).length && 'piece';
}

/** Whether messages have one that the chat has no more. */
export function isAhead(messages: readonly UIMessage[], now: readonly UIMessage[]): boolean {
  const others = messages.slice(countSame(messages, now));
  return others.some((message) => now.findLast((other) => idOf(other) === idOf(message)) === undefined);
}

/** Where no tap tells of an answer, the chat's status does. (Behind a tap it may be older than what the tap has told.) */
function noteStatus(context: ChatContext): void {
  const { state, isTapped } = context;
  if (isTapped()) return;
  if (isAtWork(context)) noteAnswer(context);
  else if (state.phase.at === 'streaming') movePhase(context, { type: 'finish', isLost: false });
}

/** An answer streams, or has just ended, of which nobody has told. */
export function noteAnswer(context: ChatContext): void {
  if (!context.isTapped() && isResting(context.state.phase)) movePhase(context, { type: 'seen' });
}

function lookWhileIdle(context: ChatContext): void {
  const { handle, state, waiting } = context;
  for (const resolve of waiting.stops.splice(0)) resolve();
  state.isLate = false;
  const isOver = !isLost(state.phase);
  // Where nobody tells of an answer's end, it has ended when the chat is idle.
  if (isOver) closeStreaming(context, handle.getStatus() === 'error' ? 'error' : 'unknown');
  restore(context);
  if (!isIdle(context)) return;
  context.resumed.settle();
  takeUp(context, lastAnswer(context), isOver ? 'loaded' : 'live', state.hasActed);
  state.hasActed = false;
  if (state.isYielding) return;
  makeMoves(context);
  // One message at a time: the next one waits for this one's answer.
  if (!isIdle(context) || mayStillEnd(context, state.isFreed)) return;
  state.isFreed = false;
  const next = waiting.messages.shift();
  if (next !== undefined) next();
  else wakeQueue(context);
}

/**
 * A chat that someone else owns may give no callbacks: then calls start from what is rendered. In a chat of our own only what the server
 * or the page says of known calls is new: in the last step, or in any that came before this page was mounted.
 */
function watchStream(context: ChatContext, isFirstLook: boolean): void {
  const { handle, ownsChat, state, runner } = context;
  if (state.phase.at !== 'streaming' || handle.getStatus() !== 'streaming') return;
  const answer = lastAnswer(context);
  if (answer === undefined) return;
  if (!ownsChat) takeUp(context, answer, state.isLate ? 'found' : 'live');
  else if (runner.hasOpenCalls() && (isFirstLook || hasNewsInLastStep(answer))) notice(context, answer, 'live');
  state.isLate = false;
}

/** Puts the messages right. A replay, if there is to be one, wants them as the answer left them. */
export function restore(context: ChatContext): void {
  const { handle, resumed, state } = context;
  const put = (messages: readonly UIMessage[]) =>
    isLost(state.phase) ? resumed.complete(messages) : completeMessages(context, messages);
  const before = handle.getMessages();
  if (put(before) === before || handle.updateMessages === undefined) return;
  handle.updateMessages(put);
  // The helpers of a `useChat` show it with their next render.
  if (handle.getMessages() === before) movePhase(context, { type: 'changed', before });
}

// ── The SDK's own queue of messages (`experimental_queue`) ───────────────────
// The SDK looks for its next message when an answer ends. That is too early for results that are written later and not sent (the answer was cut,
// the limit of follow-ups is reached), and in vain where half a call is left in the message, which it takes for one that waits for a person.

/** An answer has ended: one that failed or was interrupted pauses the queue until the user's next message, as in the SDK. */
export function noteQueueEnd(state: ChatState, { isAbort, isError, finishReason }: FinishFlags): void {
  const reason: string | undefined = finishReason;
  if (isAbort || isError || reason === 'interrupted') state.isQueuePaused = true;
}

/**
 * The chat is idle, and no call is open: sends the next message if nothing else would. Of a chat that someone else owns it is not known
 * whether they stopped it, which pauses the queue.
 */
function wakeQueue(context: ChatContext): void {
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
