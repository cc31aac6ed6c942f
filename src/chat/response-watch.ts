/**
 * Owns what becomes of a response's batches when it ends: well, badly, or by the user's hand. It knows nothing of what is sent
 * after that.
 */
import type { UIMessage } from 'ai';
import type { ToolCallCancelledBy } from '../core/errors.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import type { ToolBatchHalt } from '../core/tool-call.ts';
import { NO_BATCH, type BridgeContext } from './bridge-context.ts';
import { countSame, isOpenPart, lastStepOf, readToolParts } from './message-parts.ts';
import type { ResponseEnd } from './response-tap.ts';

export interface ResponseWatch {
  /** The response has ended: its calls may start, or are closed. After a lost connection they stay as they are. */
  closeLive(end: ResponseEnd): void;
  /** The follow-up itself failed before it said anything: its batch is sent, and not answered. */
  haltUnanswered(answer: UIMessage, end: ResponseEnd): void;
  /** Ends every open call, and says so in the messages: no provider ever gets a call without a result. */
  closeAll(by: ToolCallCancelledBy, reason: ToolBatchHalt): void;
  /** Takes back the calls of a step that the server takes back. */
  dropStep(step: number): void;
  hasOpenCalls(): boolean;
}

export function createResponseWatch(context: BridgeContext): ResponseWatch {
  const { live, runner, sent } = context;

  /** Messages without an open part. */
  let closed: readonly UIMessage[] = [];

  function halt(batchKey: string, reason: ToolBatchHalt): void {
    runner.dispatch({ type: 'batch-halted', batchKey, halt: reason });
  }

  function closeLive(end: ResponseEnd): void {
    if (end === 'lost') return;
    for (const batchKey of live) {
      if (end === 'stopped') runner.abort('stop', batchKey);
      if (end === 'unknown')
        for (const call of listCalls(context.batches()[batchKey] ?? NO_BATCH))
          if (call.status === 'queued') runner.requireApproval(call);
      if (end === 'well' || end === 'unknown') runner.endStep(batchKey);
      else {
        runner.abandonStep(batchKey);
        halt(batchKey, end);
      }
    }
    live.clear();
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
        if (open || unsent || live.has(batch.key)) halt(batch.key, reason);
      }
      for (const batchKey of context.retries.keys()) context.stoppedRetries.add(batchKey);
      runner.abort(by);
    },
    dropStep(step) {
      for (const batchKey of live) if (context.batches()[batchKey]?.step === step) context.drop(batchKey);
    },
    hasOpenCalls() {
      if (runner.hasOpenCalls()) return true;
      const messages = context.messages();
      const rest = messages.slice(countSame(closed, messages));
      if (
        rest.some((message) =>
          readToolParts(message).some(
            (ref) => ref.part.state !== 'input-streaming' && isOpenPart(ref.part) && !context.isReported(ref),
          ),
        )
      )
        return true;
      closed = [...messages];
      return false;
    },
  };
}
