/** Owns the commands that a page gives, over a chat: those of the runner, and those that change what the model was sent. */
import { divertTo, mayAct } from '../core/ask-plugins.ts';
import { beginDirectCall, followDirectCall, type DirectCallOptions } from '../core/direct-calls.ts';
import { explainUnsent } from '../core/errors.ts';
import { isBatchSettled, listCalls, selectRetryBlock } from '../core/selectors.ts';
import { isSettled, toolBatchKeyOf, type ToolBatch, type ToolBatchKey, type ToolCallKey } from '../core/tool-call.ts';
import { wrapCommands, type ChangedInput, type ToolCalls } from '../core/tool-calls.ts';
import { notice, takeUp } from './call-intake.ts';
import { makeMoves } from './apply-move.ts';
import { batchesOf, callOf, isIdle, lastAnswer, settleQuietly, type ChatContext } from './chat-context.ts';
import { drop, endLost } from './close-batches.ts';
import {
  approvalIdOf,
  isAnswerable,
  isReportedPart,
  isWholeCall,
  lastStepOf,
  readToolParts,
  type ToolPart,
  type ToolPartRef,
  type ToolPartResult,
} from '../messages/message-parts.ts';
import { approvalOf, messageWith } from '../messages/part-fields.ts';
import { followIds } from './message-ids.ts';
import { listRetried } from './next-move.ts';
import { isPending, toResult } from './part-results.ts';
import type { ApprovalAnswer } from '../messages/part-writes.ts';

export function createChatCommands(context: ChatContext): ToolCalls {
  const { runner, state, schedule } = context;
  const commands: ToolCalls = {
    store: runner.store,
    subscribe: runner.subscribe,
    getRegistry: runner.getRegistry,
    getTools: runner.getTools,
    policyOf: runner.policyOf,
    canRunAgain: runner.canRunAgain,
    call: (toolName, input, options = {}) =>
      followDirectCall(
        runner,
        context.clock,
        options,
        (id) => begin(context, [toolName, input, id], options),
        cancel,
        context.waiting.leaves,
      ),
    modelResultOf: (ref) => readForModel(context, runner.currentKey(ref)),
    retry: (ref, options) => retry(context, runner.currentKey(ref), options),
    retryFailed(ref) {
      const batch = batchesOf(context)[runner.currentKey(ref)];
      const failed = batch === undefined ? [] : listCalls(batch).filter(({ status }) => status === 'failed');
      for (const { key } of failed) retry(context, key);
    },
    run(ref) {
      const batch = batchesOf(context)[toolBatchKeyOf(runner.currentKey(ref))];
      if (batch !== undefined && runner.canRunAgain(ref)) prepareRetry(context, batch);
      runner.run(ref);
    },
    cancel: runner.cancel,
    cancelAll: runner.cancelAll,
    approve(ref, options) {
      runner.approve(ref, options);
      answer(context, runner.currentKey(ref), { approved: true });
    },
    deny(ref, reason) {
      runner.deny(ref, reason);
      answer(context, runner.currentKey(ref), { approved: false, reason });
    },
    respond: runner.respond,
    skip: runner.skip,
    undo: runner.undo,
    resend: () => resend(context),
    invalidate: runner.invalidate,
  };
  /** The call may run in another tab. */
  const cancel = (batchKey: ToolBatchKey) =>
    mayAct(context.plugins) ? runner.abort('caller', batchKey) : commands.cancelAll(batchKey);
  wrapCommands(commands, (run, name, args) => {
    // Whoever takes it over tells of what goes wrong.
    const diverted = divertTo(context.plugins, { name, args });
    if (diverted !== undefined) return void settleQuietly(diverted);
    run();
    state.hasActed = true;
    schedule();
  });
  return commands;
}

/** A call that no answer made begins: here, or in the tab that runs the calls of this chat. */
function begin(
  context: ChatContext,
  args: readonly [toolName: string, input: unknown, id: string],
  options: DirectCallOptions,
): PromiseLike<void> | undefined {
  const { runner } = context;
  const [toolName, input, id] = args;
  const { signal: _, ...rest } = options;
  endIfLeft(context);
  const diverted = divertTo(context.plugins, { name: 'call', args: [toolName, input, { ...rest, id }] });
  if (diverted !== undefined) return diverted;
  beginDirectCall(runner, args, options, (batch) => drop(context, batch));
  return undefined;
}

/** A page that has been left runs nothing, and has nobody wait. StrictMode only seems to leave it. */
function endIfLeft({ runner, state, waiting }: ChatContext): void {
  if (state.stage !== 'left') return;
  queueMicrotask(() => {
    if (state.stage !== 'left') return;
    runner.abort('unmount');
    for (const leave of waiting.leaves) leave();
  });
}

/** What a model may read of a call, as soon as it has settled and plugins have said so; that the page has gone where it does before that. */
function readForModel(context: ChatContext, key: ToolCallKey): Promise<ToolPartResult | undefined> {
  const { watchers, waiting } = context;
  return new Promise((resolve) => {
    const end = (result: ToolPartResult | undefined) => {
      watchers.delete(look);
      waiting.leaves.delete(leave);
      resolve(result);
    };
    const look = () => {
      const call = callOf(context, key);
      const result = call && toResult(context, call, NO_PART);
      if (call === undefined || result !== undefined) end(result);
    };
    const leave = () => {
      const call = callOf(context, key);
      const errorText = explainUnsent('the page was closed');
      end(call && isSettled(call) ? { state: 'output-error', errorText } : undefined);
    };
    watchers.add(look);
    waiting.leaves.add(leave);
    endIfLeft(context);
    look();
  });
}

// SAFETY: of a part only its approval is read, and the call has none that the server asked for.
const NO_PART = { part: {} as ToolPart };

/** A person's answer to the server: for calls that are not ours, by the key of one or of their batch. */
function answer(context: ChatContext, key: string, given: ApprovalAnswer): void {
  for (const ref of context.handle.getMessages().flatMap(readToolParts)) {
    const isMeant = key === ref.key || key === ref.batchKey;
    if (isMeant && isAnswerable(ref.part) && callOf(context, ref.key) === undefined)
      context.answers.set(approvalIdOf(ref.part), given);
  }
}

function retry(context: ChatContext, key: ToolCallKey, options?: ChangedInput): void {
  const { runner } = context;
  const batch = batchesOf(context)[toolBatchKeyOf(key)];
  if (batch === undefined || selectRetryBlock(batch, batch.calls[key], options?.input !== undefined)) return;
  prepareRetry(context, batch);
  runner.retry(key, options);
}

/** A person has a call of a batch run again. */
function prepareRetry(context: ChatContext, batch: ToolBatch): void {
  const { runner, state } = context;
  // Of a call that has ended the server may have asked since.
  notice(context, lastAnswer(context), 'live');
  // A person wants it to go on.
  state.followUps = { ...state.followUps, count: 0 };
  if (batch.told === undefined && wentOn(context, batch)) runner.dispatch({ type: 'batch-told', batchKey: batch.key });
  if (batch.halt !== undefined) letGo(context, batch);
}

/** Whether the model went on after the batch, whoever sent it. */
function wentOn({ handle }: ChatContext, { messageId, step }: ToolBatch): boolean {
  const message = messageWith(handle.getMessages(), messageId);
  return message !== undefined && lastStepOf(message) > step;
}

/** A batch that was halted may be sent. One that the model was told of is sent again only once a retried call of it has succeeded. */
function letGo({ runner }: ChatContext, { key, told }: ToolBatch): void {
  if (told === undefined) runner.dispatch({ type: 'batch-reopened', batchKey: key });
  else runner.dispatch({ type: 'batch-halted', batchKey: key, halt: undefined });
}

/** Sends the last settled batch again, without running a tool; one that was halted while its calls run, when they are done. */
function resend(context: ChatContext): void {
  const { state, changed, handle } = context;
  if (!isIdle(context)) return;
  followIds(context);
  // A person goes on without what a lost connection still owes, and without calls that nobody knows.
  endLost(context, 'cut');
  takeUp(context, lastAnswer(context), 'loaded', true);
  state.followUps = { ...state.followUps, count: 0 };
  changed.noteMessages(handle.getMessages());
  const message = lastAnswer(context, handle.getMessages());
  if (message === undefined) return;
  const stopped = changed.list().filter((batch) => batch.halt !== undefined && listRetried(batch).length > 0);
  for (const batch of stopped) letGo(context, batch);
  const isGoingBack = stopped.some(
    (batch) => batch.retryBlock === undefined && listRetried(batch).some(({ status }) => status === 'succeeded'),
  );
  if (!isGoingBack) {
    const refs = readToolParts(message).filter(({ part }) => part.providerExecuted !== true);
    const end = refs.at(-1);
    const unfinished = batchesOf(context)[end?.batchKey ?? ''];
    const isWaiting = unfinished && listCalls(unfinished).some((call) => isPending(context, call));
    // An answer that broke off while its calls run, or while the server waits for a yes: it goes on when they are done.
    if (unfinished?.halt !== undefined && (isWaiting || !isComplete(context, end!, refs)))
      return letGo(context, unfinished);
    // What it waits for sends it.
    if (isWaiting) return;
    const last = refs.findLast((ref) => isComplete(context, ref, refs));
    state.resend = last && { key: last.batchKey, messageId: last.messageId, step: last.step };
  }
  makeMoves(context);
}

/** Whether every call of the step has its final result; of those that are not ours, whether the server has, or is told, the next word. */
function isComplete(context: ChatContext, { batchKey, step }: ToolPartRef, refs: readonly ToolPartRef[]): boolean {
  const batch = batchesOf(context)[batchKey];
  const others = refs.filter(
    (ref) => ref.step === step && batch?.calls[ref.key] === undefined && isWholeCall(ref.part),
  );
  return (
    (batch === undefined || isBatchSettled(batch)) &&
    others.every(({ part }) => isReportedPart(part) || approvalOf(part) === 'granted')
  );
}
