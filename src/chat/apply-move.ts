/** Owns the doing of a move: what is written, sent, forgotten or noted on a record. What is to be done is decided in `next-move.ts`. */
import type { ChatRequestOptions, UIMessage } from 'ai';
import { batchesOf, callOf, isIdle, movePhase, settleQuietly, type ChatContext } from './chat-context.ts';
import { drop } from './close-batches.ts';
import { isAskingPart, readToolParts, type ToolPartRef } from './message-parts.ts';
import { nextMove, type Move, type PartWrites, type Situation } from './next-move.ts';
import { toWritten } from './part-results.ts';
import { trimToStepEnd, writeParts } from './part-writes.ts';

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
  const { handle, state, changed, answers, asked } = context;
  const messages = handle.getMessages();
  return {
    isIdle: isIdle(context),
    messages,
    batchOf: (key) => batchesOf(context)[key],
    changed: changed.list(),
    resend: state.resend,
    followUps: state.followUps.after === lastUserMessageOf(messages) ? state.followUps.count : 0,
    maxFollowUps: state.options.maxFollowUps ?? 25,
    resultOf: (call, ref) => toWritten(context, call, ref),
    answerTo: (ref) =>
      callOf(context, ref.key) === undefined ? (answers.get(ref.key) ?? answers.get(ref.batchKey)) : undefined,
    isAnsweredHere: (ref) => ref.part.state === 'approval-responded' && asked.has(ref.key),
    isWrite: (ref) => isWrite(context, ref),
  };
}

function isWrite(context: ChatContext, { part, key, toolName }: ToolPartRef): boolean {
  const policy = context.runner.policyOf(toolName);
  if (policy === undefined) return part.providerExecuted !== true && part.state === 'output-available';
  const call = callOf(context, key);
  const ran = call === undefined ? part.state === 'output-available' : call.attempts.length > 0;
  return ran && !policy.readOnly && !policy.idempotent;
}

/** Notes what the server asks about calls of its own. */
function noteAsked(context: ChatContext): void {
  const answer = context.handle.getMessages().at(-1);
  for (const { key, part } of answer === undefined ? [] : readToolParts(answer)) {
    if (isAskingPart(part) && callOf(context, key) === undefined) context.asked.add(key);
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
    case 'keep':
      return runner.dispatch({ type: 'batch-told', batchKey: move.batchKey });
    case 'write':
      return write(context, move.writes);
    case 'rewind': {
      const { key, messageId, step } = move.step;
      write(context, move.writes, (messages) => {
        const index = messages.findLastIndex(({ id }) => id === messageId);
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
  handle.updateMessages((messages) =>
    trim(messages).map((message) => {
      const ofMessage = writes.get(message.id);
      return ofMessage === undefined ? message : writeParts(message, ofMessage);
    }),
  );
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
  const { state, handle, asked, runner } = context;
  const messages = handle.getMessages();
  const after = lastUserMessageOf(messages);
  const count = state.followUps.after === after ? state.followUps.count : 0;
  state.followUps = { after, count: count + 1 };
  state.resend = undefined;
  for (const { key } of readToolParts(messages.at(-1)!)) asked.delete(key);
  runner.dispatch({ type: 'batch-told', batchKey });
  void settleQuietly(handle.send(mergeOptions(state.requestOptions, state.options.followUpOptions)));
}

function mergeOptions(
  options: ChatRequestOptions | undefined,
  over: ChatRequestOptions | undefined,
): ChatRequestOptions | undefined {
  return options === undefined && over === undefined ? undefined : { ...options, ...over };
}

function lastUserMessageOf(messages: readonly UIMessage[]): string | undefined {
  return messages.findLast(({ role }) => role === 'user')?.id;
}
