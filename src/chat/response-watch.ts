/**
 * Owns what becomes of a response's batches when it ends: well, badly, or by the user's hand. It knows nothing of what is sent
 * after that.
 */
import type { UIMessage } from 'ai';
import type { ToolCallCancelledBy } from '../core/errors.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import type { ToolBatchHalt } from '../core/tool-call.ts';
import { NO_BATCH, type BridgeContext } from './bridge-context.ts';
import { countSame, isOpenPart, lastStepOf, readToolParts, type ToolPart, type ToolPartRef } from './message-parts.ts';
import type { ResponseEnd } from './response-tap.ts';

export interface ResponseWatch {
  /** The response has ended: its calls may start, or are closed. After a lost connection they stay as they are. `by`: who stopped it. */
  closeLive(end: ResponseEnd, by?: ToolCallCancelledBy): void;
  /** The follow-up itself failed before it said anything: its batch is sent, and not answered. */
  haltUnanswered(answer: UIMessage, end: ResponseEnd): void;
  /** Ends every open call, and says so in the messages: no provider ever gets a call without a result. */
  closeAll(by: ToolCallCancelledBy, reason: ToolBatchHalt): void;
  /** Takes back the calls of a step that the server takes back. */
  dropStep(step: number): void;
  hasOpenCalls(): boolean;
  /**
   * Whether an open call may still get its result; behind the other open parts stands nobody. `isStopped`: the user waits for no
   * answer of other people's any more.
   */
  mayStillEnd(isStopped: boolean): boolean;
}

export function createResponseWatch(context: BridgeContext): ResponseWatch {
  const { handle, runner, sent } = context;

  /** Messages without an open part. */
  let closed: readonly UIMessage[] = [];

  function halt(batchKey: string, reason: ToolBatchHalt): void {
    runner.dispatch({ type: 'batch-halted', batchKey, halt: reason });
  }

  function closeLive(end: ResponseEnd, by: ToolCallCancelledBy = 'stop'): void {
    if (end === 'lost') return;
    for (const batchKey of context.streaming()) {
      if (end === 'stopped') runner.abort(by, batchKey);
      if (end === 'unknown')
        for (const call of listCalls(context.batches()[batchKey] ?? NO_BATCH))
          if (call.status === 'queued') runner.requireApproval(call);
      if (end === 'well' || end === 'unknown') runner.endStep(batchKey);
      else {
        runner.abandonStep(batchKey);
        halt(batchKey, end);
      }
    }
  }

  /** The call has its result, and the message that the page has rendered does not show it yet. */
  function isBeingWritten({ part, key }: ToolPartRef): boolean {
    return handle.updateMessages !== undefined && context.callOf(key) !== undefined && isWaitingPart(part);
  }

  /** A person answers the server's question, or the page itself the call. */
  function isAwaited({ part, key, batchKey, toolName }: ToolPartRef): boolean {
    if (context.callOf(key) !== undefined || context.batches()[batchKey]?.halt !== undefined) return false;
    if (part.state === 'approval-requested') return true;
    const isPages = context.options().unknownTool === 'ignore' && runner.policyOf(toolName) === undefined;
    return isPages && part.state === 'input-available' && part.providerExecuted !== true;
  }

  return {
    closeLive,
    haltUnanswered(answer, end) {
      const last = readToolParts(answer).at(-1);
      const batch = last && context.batches()[last.batchKey];
      if (batch === undefined || last?.step !== lastStepOf(answer) || sent.get(batch.key) !== batch.generation) return;
      halt(batch.key, end === 'stopped' ? 'stopped' : 'error');
    },
    closeAll(by, reason) {
      for (const batch of Object.values(context.batches())) {
        const open = !isBatchSettled(batch);
        if (open) for (const call of listCalls(batch)) if (call.status === 'failed') runner.skip(call);
        // One that only waits for a call of somebody else is not to be sent any more either.
        const unsent = batch.halt === undefined && sent.get(batch.key) !== batch.generation;
        if (open || unsent || batch.streaming) halt(batch.key, reason);
      }
      for (const batchKey of context.retries.keys()) context.stoppedRetries.add(batchKey);
      runner.abort(by);
    },
    dropStep(step) {
      for (const batchKey of context.streaming())
        if (context.batches()[batchKey]?.step === step) context.drop(batchKey);
    },
    mayStillEnd(isStopped) {
      const answer = context.lastAnswer();
      if (runner.hasOpenCalls() || answer === undefined) return runner.hasOpenCalls();
      return readToolParts(answer).some((ref) => isBeingWritten(ref) || (!isStopped && isAwaited(ref)));
    },
    hasOpenCalls() {
      if (runner.hasOpenCalls()) return true;
      const messages = handle.getMessages();
      const rest = messages.slice(countSame(closed, messages));
      if (rest.some((message) => readToolParts(message).some(({ part }) => isWaitingPart(part)))) return true;
      closed = [...messages];
      return false;
    },
  };
}

/** Whether a part waits for its result. Half a call never gets one. */
function isWaitingPart(part: ToolPart): boolean {
  return part.state !== 'input-streaming' && isOpenPart(part);
}
