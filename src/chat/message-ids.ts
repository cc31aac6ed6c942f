/**
 * Owns that a call is known again when its message has another id: where a follow-up or the rest of an answer came under a new one,
 * and where the page gave the message the id of its database. The call goes on, and nothing of it runs again.
 */
import type { UIMessage } from 'ai';
import { isSameCall } from '../core/identical-calls.ts';
import { moveToolBatchKey, moveToolCallKey, type ToolCallKey } from '../core/tool-call.ts';
import { batchesOf, callOf, lastAnswer, messagesOf, type ChatContext } from './chat-context.ts';
import { findContinued } from '../messages/continued-messages.ts';
import { idOf } from '../messages/part-fields.ts';
import {
  countSame,
  isReportedPart,
  lastStepOf,
  readToolParts,
  type ToolPart,
  type ToolPartRef,
} from '../messages/message-parts.ts';

/** Has the records of calls follow `messages` (by default the chat's). */
export function followIds(context: ChatContext, messages: readonly UIMessage[] = context.handle.getMessages()): void {
  const { resumed, state, movedIds } = context;
  const { moves, rest } = findContinued(resumed.complete(messages), state.lookedAt, movedIds);
  for (const [from, to] of moves) move(context, from, to);
  const { knownIds } = state;
  const same = countStill(context, rest);
  const ids = rest.slice(same).map(idOf);
  const present = new Set(ids);
  for (const [place, gone] of knownIds.slice(same).entries()) {
    const home = present.has(gone) ? undefined : findHome(context, same + place, rest);
    if (home !== undefined) move(context, gone, idOf(home));
  }
  knownIds.splice(same, knownIds.length, ...ids);
  state.lookedAt = rest;
}

/** How many messages are as they were. Before an answer that still has its id, none has got another in its place: only one that streams does. */
function countStill({ state }: ChatContext, messages: readonly UIMessage[]): number {
  let count = countSame(state.lookedAt, messages);
  for (let place = count - 1; place >= 0; place--) {
    const message = messages[place]!;
    if (state.knownIds[place] !== idOf(message)) count = place;
    else if (isAnswer(message)) break;
  }
  return count;
}

/** A message is known by another id now: all that is known of its calls goes with it. */
function move(context: ChatContext, from: string, to: string): void {
  const { resumed, runner, movedIds } = context;
  for (const [before, now] of movedIds) if (now === from) movedIds.set(before, to);
  movedIds.set(from, to);
  movedIds.delete(to);
  resumed.move(from, to);
  for (const { key, messageId, order } of Object.values(batchesOf(context))) {
    const moved = moveToolBatchKey(key, to);
    if (messageId !== from || batchesOf(context)[moved] !== undefined) continue;
    for (const call of order) rekey(context, call, moveToolCallKey(call, moved));
    runner.moveBatch(key, to);
  }
}

/** What is known of a call beside its record has the record's key. */
function rekey({ words, modelResults }: ChatContext, before: ToolCallKey, now: ToolCallKey): void {
  const move = <TValue>(known: Map<ToolCallKey, TValue>) => {
    const value = known.get(before);
    if (known.delete(before) && value !== undefined) known.set(now, value);
  };
  move(words);
  move(modelResults);
}

/**
 * The id under which a replay goes on: that of the last answer, if that is the message, whatever its id was; or if it is the only one that can go
 * on, since its last step made calls. What is replayed is at the end of the conversation.
 */
export function currentId(context: ChatContext, messageId: string | undefined): string | undefined {
  const messages = messagesOf(context);
  const last = lastAnswer(context, messages);
  if (last === undefined) return messageId;
  const moved = messageId === undefined ? undefined : context.movedIds.get(messageId);
  const isKnown = messages.some((message) => [messageId, moved].includes(idOf(message)));
  const step = lastStepOf(last);
  return isKnown || readToolParts(last).some((ref) => ref.step === step) ? idOf(last) : messageId;
}

/** The one message at the place of one that has gone that has the same calls; `undefined` where there are two, or none. */
function findHome(context: ChatContext, place: number, rest: readonly UIMessage[]): UIMessage | undefined {
  const { lookedAt, knownIds } = context.state;
  const gone = lookedAt[place]!;
  // Under the id that it had.
  const refs = readToolParts({ ...gone, id: knownIds[place]! });
  if (!refs.some(({ key }) => callOf(context, key) !== undefined)) return undefined;
  const before = lookedAt.filter(isAnswer);
  const answers = rest.filter(isAnswer);
  const at = before.indexOf(gone);
  // Older messages may have been loaded with the new ids, or the end may have been cut off.
  const places = new Set([answers[at], answers[answers.length - (before.length - at)]]);
  const homes = [...places].filter((message) => message !== undefined && isHomeOf(context, refs, message));
  return homes.length === 1 ? homes[0] : undefined;
}

/** Whether a message that nobody knows has the calls of one that has gone, and no other in the place of one. */
function isHomeOf(context: ChatContext, refs: readonly ToolPartRef[], message: UIMessage): boolean {
  if (context.state.knownIds.includes(idOf(message))) return false;
  if (Object.values(batchesOf(context)).some(({ messageId }) => messageId === idOf(message))) return false;
  const found = new Map(readToolParts(message).map((ref) => [placeOf(ref), ref]));
  const pairs = refs.flatMap((ref) => {
    const other = callOf(context, ref.key) && found.get(placeOf(ref));
    return other === undefined ? [] : [[ref, other] as const];
  });
  return pairs.length > 0 && pairs.every(([ref, other]) => isSameRef(ref, other));
}

const isAnswer = (message: UIMessage) => message?.role === 'assistant';
const placeOf = ({ step, part }: ToolPartRef) => `${step}/${part.toolCallId}`;

/** Whether two parts are of one call: an id may be used again in a later turn, for another call. */
function isSameRef(left: ToolPartRef, right: ToolPartRef): boolean {
  if (!isSameCall(toCall(left), toCall(right))) return false;
  return !isReportedPart(left.part) || !isReportedPart(right.part) || isSameCall(toOutcome(left), toOutcome(right));
}

const toCall = ({ toolName, part }: ToolPartRef) => ({ toolName, input: part.input });

function toOutcome({ part }: { part: ToolPart }) {
  return { toolName: part.state, input: part.output ?? part.errorText };
}
