/** Owns the doing of a move: what is written, sent, forgotten or noted on a record. What is to be done is decided in `next-move.ts`. */
import type { UIMessage } from 'ai';
import { findHolders, isOwed, notesOf } from '../core/ask-plugins.ts';
import {
  batchesOf,
  callOf,
  countClosed,
  depart,
  isIdle,
  isRunHere,
  messagesOf,
  movePhase,
  settleQuietly,
  type ChatContext,
  type ChatState,
} from './chat-context.ts';
import { isLost } from './chat-phase.ts';
import { drop } from './close-batches.ts';
import {
  approvalIdOf,
  isAnswerable,
  isAskingPart,
  isReportedPart,
  readToolParts,
  toPendingCall,
  type ToolPartRef,
} from '../messages/message-parts.ts';
import { nextMove, type Move, type PartWrites, type Situation } from './next-move.ts';
import { approvalOf, idOf, isAutomatic, mapChanged, withParts } from '../messages/part-fields.ts';
import type { ResponseRecord } from '../sdk/response-tap.ts';
import { mergeRequestOptions } from '../sdk/request-options.ts';
import { isPending, toWritten, withEveryResult } from './part-results.ts';
import { trimToStepEnd, writeParts } from '../messages/part-writes.ts';

/** Makes moves until there is none. */
export function makeMoves(context: ChatContext): void {
  const { changed, handle, state } = context;
  changed.noteMessages(handle.getMessages());
  noteAsked(context);
  for (let move = nextMove(look(context)); move !== undefined; move = nextMove(look(context))) {
    apply(context, move);
    changed.noteMessages(handle.getMessages());
    // Without a way to change the messages, results are in them some time later.
    if (move.type === 'write' && handle.updateMessages === undefined) break;
  }
  if (isIdle(context)) {
    context.answers.clear();
    changed.leaveOutDone();
  }
  state.resend = undefined;
}

function look(context: ChatContext): Situation {
  const { state, changed, answers, asked } = context;
  const messages = messagesOf(context);
  return {
    isIdle: isIdle(context),
    messages,
    batchOf: (key) => batchesOf(context)[key],
    changed: changed.list(),
    resend: state.resend,
    followUps: countFollowUps(state, messages),
    maxFollowUps: state.options.maxFollowUps ?? 25,
    resultOf: (call, ref) => toWritten(context, call, ref),
    isWithheld: (call, ref) => toWritten(context, call, ref) === undefined && isPending(context, call),
    isAnnotated: (call) => notesOf(context.plugins, call) !== undefined,
    answerTo: ({ part, key }) => (callOf(context, key) === undefined ? answers.get(approvalIdOf(part)) : undefined),
    isAnsweredHere: ({ part, key }) =>
      approvalOf(part) !== 'asked' && asked.has(approvalIdOf(part)) && callOf(context, key) === undefined,
    isReported: (ref) => isReported(context, ref) && !isPending(context, callOf(context, ref.key)),
    holdersOf: (batch) => findHolders(context.plugins, batch),
    isOwed: (refs) => isOwed(context.plugins, refs.map(toPendingCall)),
    isWrite: (ref) => isWrite(context, ref),
  };
}

/** Whether the model is told of a call: by its part, or, in a chat that takes no messages, by the part of which this one is a copy. */
function isReported({ handle }: ChatContext, { part, step, messageId }: ToolPartRef): boolean {
  if (isReportedPart(part) || handle.updateMessages !== undefined) return isReportedPart(part);
  const others = handle.getMessages().filter((message) => idOf(message) !== messageId);
  return others
    .flatMap(readToolParts)
    .some((other) => other.step === step && other.part.toolCallId === part.toolCallId && isReportedPart(other.part));
}

/** Whether a call has changed something that the model must not forget. */
function isWrite(context: ChatContext, { part, key, toolName }: ToolPartRef): boolean {
  const policy = context.runner.policyOf(toolName);
  if (policy?.readOnly === true || policy?.idempotent === true || part.providerExecuted === true) return false;
  const call = callOf(context, key);
  if (call !== undefined && call.attempts.length > 0) return true;
  // Nothing ran here: it ran elsewhere, unless a person answered.
  const isPersons = call !== undefined && call.answeredBy !== 'server' && !isRunHere(context, toolName);
  return part.state === 'output-available' && !isPersons;
}

/** Notes what the server asks about calls of its own. The replay of a lost answer may bring what it made of its question. */
function noteAsked(context: ChatContext): void {
  const { answers, asked } = context;
  const answered = answers.size === 0 ? [] : context.handle.getMessages().flatMap(readToolParts);
  for (const { part } of answered) {
    // What the server has answered itself meanwhile is not told to it.
    if (isAnswerable(part) && answers.has(approvalIdOf(part))) asked.add(approvalIdOf(part));
  }
  if (isLost(context.state.phase)) return;
  for (const { key, part } of readToolParts(context.handle.getMessages().at(-1))) {
    if (isAskingPart(part) && !isAutomatic(part) && callOf(context, key) === undefined) asked.add(approvalIdOf(part));
  }
}

/** An answer has ended well, and the page has answered by itself what the server asked in it about calls of its own. */
export function noteAnswered(context: ChatContext, answer: UIMessage, { approvals }: ResponseRecord): void {
  for (const { key, part } of readToolParts(answer)) {
    const id = approvalIdOf(part);
    if (approvals.has(id) && !isAutomatic(part) && callOf(context, key) === undefined) context.asked.add(id);
  }
}

function apply(context: ChatContext, move: Move): void {
  const { runner, state } = context;
  switch (move.type) {
    case 'forget': {
      const batch = batchesOf(context)[move.batchKey];
      if (batch !== undefined) drop(context, batch);
      return;
    }
    case 'block':
      return runner.dispatch({ type: 'retry-blocked', batchKey: move.batchKey, block: move.block });
    case 'hold':
      return runner.dispatch({ type: 'batch-held', batchKey: move.batchKey, by: move.by });
    case 'keep':
      return runner.dispatch({ type: 'batch-told', batchKey: move.batchKey });
    case 'write':
      return write(context, move.writes);
    case 'rewind': {
      const { key, messageId, step } = move.step;
      write(context, move.writes, (messages) => {
        const index = messages.findLastIndex((message) => idOf(message) === messageId);
        const message = messages[index];
        return message === undefined ? messages : [...messages.slice(0, index), trimToStepEnd(message, step)];
      });
      return runner.dispatch({ type: 'batch-reopened', batchKey: key });
    }
    case 'send':
      return send(context, move.step.key);
    case 'halt':
      state.resend = undefined;
      return runner.dispatch({ type: 'batch-halted', batchKey: move.batchKey, halt: move.halt });
    default:
      return move satisfies never;
  }
}

function write(
  context: ChatContext,
  writes: PartWrites,
  trim: (messages: readonly UIMessage[]) => readonly UIMessage[] = (messages) => messages,
): void {
  const { handle, words } = context;
  if (handle.updateMessages === undefined) {
    for (const ofMessage of writes.values()) {
      for (const [key, { result }] of ofMessage) {
        const call = callOf(context, key);
        if (call !== undefined && result !== undefined)
          void settleQuietly(handle.addToolOutput?.(call.toolName, call.toolCallId, result));
      }
    }
    return;
  }
  const before = handle.getMessages();
  handle.updateMessages((messages) => {
    const changed = [...trim(messages)];
    for (const [id, ofMessage] of writes) {
      const place = changed.findLastIndex((message) => idOf(message) === id);
      if (place >= 0) changed[place] = writeParts(changed[place]!, ofMessage);
    }
    return changed;
  });
  for (const ofMessage of writes.values()) {
    for (const [key, { result, approval }] of ofMessage) {
      if (result !== undefined) words.set(key, result);
      else if (approval?.approved === false) words.set(key, { state: 'output-denied', reason: approval.reason });
    }
  }
  // The helpers of `useChat` have what was rendered last.
  if (handle.getMessages() === before) movePhase(context, { type: 'changed', before });
}

function send(context: ChatContext, batchKey: string): void {
  const { state, handle, asked, answers, runner } = context;
  const messages = handle.getMessages();
  const after = messages.findLast(isOfUser);
  state.followUps = { after, messages, count: countFollowUps(state, messages) + 1 };
  state.resend = undefined;
  for (const { part } of readToolParts(messages.at(-1))) {
    asked.delete(approvalIdOf(part));
    answers.delete(approvalIdOf(part));
  }
  runner.dispatch({ type: 'batch-told', batchKey });
  const toSend = (all: readonly UIMessage[]) =>
    withEveryResult(context, mapChanged(all, withParts, countClosed(context, all)));
  if (toSend(messages) !== messages) handle.updateMessages?.(toSend);
  const options = mergeRequestOptions(state.requestOptions, state.options.followUpOptions);
  void depart(context, async () => {
    try {
      await handle.send(options);
    } catch {
      // The chat has told of it; the batch waits for a person.
      const key = runner.currentKey(batchKey);
      if (batchesOf(context)[key] !== undefined)
        runner.dispatch({ type: 'batch-halted', batchKey: key, halt: 'error' });
    }
  });
}

/** Follow-ups in a row: they count from the user's last message. The page may have given that another id. */
function countFollowUps({ followUps }: ChatState, messages: readonly UIMessage[]): number {
  const { after, count } = followUps;
  const last = messages.findLast(isOfUser);
  if (count === 0 || last === after || last?.id === after?.id) return count;
  const isSame =
    messages.filter(isOfUser).length === followUps.messages.filter(isOfUser).length &&
    JSON.stringify(last?.parts) === JSON.stringify(after?.parts);
  return isSame ? count : 0;
}

function isOfUser(message: UIMessage): boolean {
  return message?.role === 'user';
}
