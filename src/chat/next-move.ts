/**
 * Owns the decision what is done next, given the messages, the records of the calls and where the chat stands. Pure, and nothing is
 * remembered: the bridge applies the move and asks again, until there is none. Every "send" of the library comes out of here.
 */
import type { UIMessage } from 'ai';
import { isSameJson } from '../core/identical-calls.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import { createToolBatch } from '../core/tool-call-reducer.ts';
import {
  isSettled,
  type ToolBatch,
  type ToolBatchKey,
  type ToolBatchRetryBlock,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import {
  isAnswerable,
  isOpenPart,
  isWholeCall,
  lastStepOf,
  readToolParts,
  saysResult,
  type ToolPartRef,
  type ToolPartResult,
} from '../messages/message-parts.ts';
import { approvalOf, idOf, messageWith } from '../messages/part-fields.ts';
import type { ApprovalAnswer, PartWrite } from '../messages/part-writes.ts';

/** A step of a message, whether or not the store has a record of its calls. */
export interface StepRef {
  readonly key: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
}

export interface Situation {
  /** The chat neither works nor is about to: only then are its messages touched. */
  readonly isIdle: boolean;
  readonly messages: readonly UIMessage[];
  /** The record of a step's calls. */
  batchOf(key: ToolBatchKey): ToolBatch | undefined;
  /** The batches to look at: those whose record or message has changed since there was no move for them. */
  readonly changed: readonly ToolBatch[];
  /** The step from whose end a person wants the model to answer again. */
  readonly resend: StepRef | undefined;
  /** Requests that this library sent since the last message of the user, or since a person last told it to go on. */
  readonly followUps: number;
  readonly maxFollowUps: number;
  /** What the model is to read of a settled call; `undefined` where its part says it already. */
  resultOf(call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined;
  /** Whether a plugin has yet to say what the model is to read of a settled call. */
  isWithheld(call: ToolCall, ref: ToolPartRef): boolean;
  /** Whether plugins have something to say beside the result of a call. */
  isAnnotated(call: ToolCall): boolean;
  /** What a person has answered to the server's question about a call that is not ours. */
  answerTo(ref: ToolPartRef): ApprovalAnswer | undefined;
  /** Whether the model will be told of the call of this part by the messages as they are. Not while plugins have yet to say what it is to read. */
  isReported(ref: ToolPartRef): boolean;
  /** Whether the call of this part is not ours and was answered on this page, so that the server has the next word. */
  isAnsweredHere(ref: ToolPartRef): boolean;
  /** The plugins that keep a batch from being sent. */
  holdersOf(batch: ToolBatch): readonly string[];
  /** Whether a plugin knows that the model has yet to be told of these calls, which are all of a loaded step. */
  isOwed(refs: readonly ToolPartRef[]): boolean;
  /** Whether the call of this part has changed something that the model must not forget. */
  isWrite(ref: ToolPartRef): boolean;
}

/** What is written into the parts of each message, by the message's id. */
export type PartWrites = ReadonlyMap<string, ReadonlyMap<ToolCallKey, PartWrite>>;

export type Move =
  /** Its parts are in no message any more. */
  | { readonly type: 'forget'; readonly batchKey: ToolBatchKey }
  /** Whether its calls can be retried after it was sent has changed. */
  | { readonly type: 'block'; readonly batchKey: ToolBatchKey; readonly block: ToolBatchRetryBlock | undefined }
  | { readonly type: 'write'; readonly writes: PartWrites }
  /** The model knows its calls as they are: it went on after them, or keeps what it was told before a retry that failed again. */
  | { readonly type: 'keep'; readonly batchKey: ToolBatchKey }
  /** The conversation goes back to the end of the step, with the results of its calls. */
  | { readonly type: 'rewind'; readonly step: StepRef; readonly writes: PartWrites }
  | { readonly type: 'send'; readonly step: StepRef }
  /** Plugins keep it from being sent. */
  | { readonly type: 'hold'; readonly batchKey: ToolBatchKey; readonly by: readonly string[] }
  /** The model has asked too often in a row. */
  | { readonly type: 'halt'; readonly batchKey: ToolBatchKey; readonly halt: 'follow-up-limit' };

/** The next move, or `undefined` when there is nothing to do but wait. */
export function nextMove(situation: Situation): Move | undefined {
  if (!situation.isIdle) return undefined;
  return (
    findFirst(situation, forget) ??
    findFirst(situation, block) ??
    findFirst(situation, keep) ??
    write(situation) ??
    resend(situation) ??
    findFirst(situation, goBack) ??
    followUp(situation)
  );
}

function findFirst(
  situation: Situation,
  find: (batch: ToolBatch, situation: Situation) => Move | undefined,
): Move | undefined {
  for (const batch of situation.changed) {
    const move = find(batch, situation);
    if (move !== undefined) return move;
  }
  return undefined;
}

function forget(batch: ToolBatch, { messages }: Situation): Move | undefined {
  return listRefs(batch, messages).length === 0 ? { type: 'forget', batchKey: batch.key } : undefined;
}

/** A retry after sending would lose what came later: a message of the user, or a write by a later step. */
function block(batch: ToolBatch, situation: Situation): Move | undefined {
  if (batch.retryBlock === 'new-message') return undefined;
  const next = findBlock(batch, situation);
  return next === batch.retryBlock ? undefined : { type: 'block', batchKey: batch.key, block: next };
}

function findBlock({ messageId, step }: ToolBatch, { messages, isWrite }: Situation): ToolBatchRetryBlock | undefined {
  const place = messages.findLastIndex((message) => idOf(message) === messageId);
  if (messages.slice(place + 1).some((message) => message?.role === 'user')) return 'new-message';
  const message = messages[place];
  const hasLaterWrite = message !== undefined && readToolParts(message).some((ref) => ref.step > step && isWrite(ref));
  return hasLaterWrite ? 'later-write' : undefined;
}

function keep(batch: ToolBatch, { messages }: Situation): Move | undefined {
  const move: Move = { type: 'keep', batchKey: batch.key };
  if (batch.told === undefined) return wentOn(batch, messages) ? move : undefined;
  const retried = listRetried(batch);
  if (retried.length === 0 || !isBatchSettled(batch)) return undefined;
  const isWorthIt = batch.retryBlock === undefined && retried.some(({ status }) => status === 'succeeded');
  return isWorthIt ? undefined : move;
}

/** Whether the model has gone on after this step: then it was sent, by whomever. */
function wentOn({ messageId, step, streaming }: ToolBatch, messages: readonly UIMessage[]): boolean {
  const message = messageWith(messages, messageId);
  return !streaming && message !== undefined && lastStepOf(message) > step;
}

/** Successes as they settle, the rest when the batch closes, so that a failed call can be retried while its siblings run. */
function write(situation: Situation): Move | undefined {
  const writes = new Map<string, Map<ToolCallKey, PartWrite>>();
  for (const batch of situation.changed) {
    const isClosing = !batch.streaming && isBatchSettled(batch);
    for (const ref of listRefs(batch, situation.messages)) {
      const call = batch.calls[ref.key];
      const found = call && toWrite(call, ref, isClosing, batch.told === undefined, situation);
      if (found !== undefined) note(writes, ref, found);
    }
  }
  for (const ref of readToolParts(situation.messages.at(-1))) {
    const approval = isAnswerable(ref.part) ? situation.answerTo(ref) : undefined;
    if (approval !== undefined) note(writes, ref, { approval });
  }
  return writes.size === 0 ? undefined : { type: 'write', writes };
}

function toWrite(
  call: ToolCall,
  ref: ToolPartRef,
  isClosing: boolean,
  isUntold: boolean,
  { resultOf, isReported, isAnnotated }: Situation,
): PartWrite | undefined {
  const approval = isAnswerable(ref.part) ? readAnswer(call) : undefined;
  // The model keeps what it was told before a retry, until the conversation goes back. What is to say beside a result may come later than that.
  const isDue = (isClosing || call.status === 'succeeded') && (isUntold || isOpenPart(ref.part) || isAnnotated(call));
  const result = isDue ? resultOf(call, ref) : undefined;
  // In a chat that takes no messages another part may say it, of which this one is a copy.
  const isSaid = isOpenPart(ref.part) && isReported(ref);
  const isNews = result !== undefined && !saysResult(ref.part, result) && !isSaid;
  if (approval === undefined && !isNews) return undefined;
  return { ...(approval !== undefined && { approval }), ...(isNews && { result }) };
}

/** What a person has answered to the approval that the server asked for. Nobody but a rule of theirs says yes in a person's place; a cancelled call's part says so by its result. */
function readAnswer({ status, approved, error }: ToolCall): ApprovalAnswer | undefined {
  if (status === 'denied') return { approved: false, reason: error.message };
  // What a rule has said does not answer the server, which asked after it.
  const isOpen = status === 'cancelled' || status === 'awaiting-approval';
  return approved && !isOpen ? { approved: true, reason: error?.message } : undefined;
}

/** A person wants the model to answer again from the end of a step. */
function resend(situation: Situation): Move | undefined {
  const { resend: step, messages, batchOf } = situation;
  if (step === undefined) return undefined;
  const batch = batchOf(step.key);
  const message = messageWith(messages, step.messageId);
  if (message === undefined || (batch !== undefined && hasWithheld(batch, situation))) return undefined;
  const isLast = message === messages.at(-1) && lastStepOf(message) <= step.step;
  const isFresh = batch === undefined || (batch.told === undefined && batch.halt === undefined);
  return isLast && isFresh ? sendWithinLimit(step, situation) : toRewind(step, situation);
}

/** Calls of a told batch ran again, and one of them succeeded: the model is to read that in place of what it was told. */
function goBack(batch: ToolBatch, situation: Situation): Move | undefined {
  if (listRetried(batch).length === 0 || batch.halt !== undefined || !isBatchSettled(batch)) return undefined;
  if (hasWithheld(batch, situation)) return undefined;
  if (situation.followUps >= situation.maxFollowUps)
    return { type: 'halt', batchKey: batch.key, halt: 'follow-up-limit' };
  return toRewind(batch, situation);
}

function toRewind(
  { key, messageId, step }: StepRef,
  { messages, batchOf, resultOf, isReported }: Situation,
): Move | undefined {
  const writes = new Map<string, Map<ToolCallKey, PartWrite>>();
  const batch = batchOf(key);
  for (const ref of listRefs({ key, messageId }, messages)) {
    const call = batch?.calls[ref.key];
    const result = call !== undefined && isSettled(call) ? resultOf(call, ref) : undefined;
    if (result === undefined && !isReported(ref) && !isGrantedToServer(batch, ref)) return undefined;
    if (result !== undefined && !saysResult(ref.part, result)) note(writes, ref, { result });
  }
  return { type: 'rewind', step: { key, messageId, step }, writes };
}

/** Whether the server may run a call of its own, beside calls of the page: its yes has yet to go out, or its request has failed. */
function isGrantedToServer(batch: ToolBatch | undefined, { key, part }: ToolPartRef): boolean {
  return batch !== undefined && batch.calls[key] === undefined && approvalOf(part) === 'granted';
}

/** Every call of the last step has its result: the model gets them, once. */
function followUp(situation: Situation): Move | undefined {
  const answer = situation.messages.at(-1);
  if (answer?.role !== 'assistant') return undefined;
  const step = lastStepOf(answer);
  // A call whose input never came whole is no call: the model is not told of it either.
  const refs = readToolParts(answer).filter(
    ({ step: at, part }) => at === step && part.providerExecuted !== true && isWholeCall(part),
  );
  const key = refs[0]?.batchKey;
  if (key === undefined) return undefined;
  const batch = situation.batchOf(key);
  const isDue =
    batch === undefined ||
    (!batch.streaming && batch.halt === undefined && batch.told === undefined && isBatchSettled(batch));
  const isComplete = refs.every(
    (ref) => situation.isReported(ref) || situation.isAnsweredHere(ref) || isGrantedToServer(batch, ref),
  );
  if (!isDue || !isComplete) return undefined;
  const isAnswered = refs.some((ref) => situation.isAnsweredHere(ref));
  const isOurs = isAnswered || (batch === undefined ? situation.isOwed(refs) : isClients(batch));
  return isOurs ? sendWithinLimit({ key, messageId: idOf(answer), step }, situation) : undefined;
}

/** Whether what the model is to read of a call is still to come: until then its part says nothing, or what it said before a retry. */
function hasWithheld(batch: ToolBatch, { messages, isWithheld }: Situation): boolean {
  return listRefs(batch, messages).some((ref) => {
    const call = batch.calls[ref.key];
    return call !== undefined && isWithheld(call, ref);
  });
}

function sendWithinLimit(step: StepRef, { followUps, maxFollowUps, batchOf, holdersOf }: Situation): Move | undefined {
  if (followUps >= maxFollowUps) return { type: 'halt', batchKey: step.key, halt: 'follow-up-limit' };
  const batch = batchOf(step.key);
  const by = holdersOf(batch ?? createToolBatch(step.messageId, step.step, false));
  if (by.length === 0) return { type: 'send', step };
  // Of a step without a record nobody can say by whom it is held.
  return batch === undefined || isSameJson(by, batch.heldBy) ? undefined : { type: 'hold', batchKey: step.key, by };
}

/** Whether the client gives a result of the batch: then the model waits for it. What the server answered goes on by itself. */
export function isClients(batch: ToolBatch): boolean {
  return listCalls(batch).some(({ answeredBy }) => answeredBy !== 'server');
}

/** Calls that ran again since the model was told of them. */
export function listRetried(batch: ToolBatch): ToolCall[] {
  const { told } = batch;
  return told === undefined ? [] : listCalls(batch).filter(({ key, generation }) => generation !== told[key]);
}

/** The parts of a batch's calls, where they are now. */
function listRefs(batch: Pick<ToolBatch, 'key' | 'messageId'>, messages: readonly UIMessage[]): ToolPartRef[] {
  return readToolParts(messageWith(messages, batch.messageId)).filter(({ batchKey }) => batchKey === batch.key);
}

function note(writes: Map<string, Map<ToolCallKey, PartWrite>>, { messageId, key }: ToolPartRef, found: PartWrite) {
  const ofMessage = writes.get(messageId) ?? new Map<ToolCallKey, PartWrite>();
  writes.set(messageId, ofMessage.set(key, found));
}
