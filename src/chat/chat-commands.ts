/** Owns the commands that a page gives, over a chat: those of the runner, and those that change what the model was sent. */
import { listCalls } from '../core/selectors.ts';
import { keyOf, type ToolCalls } from '../core/tool-calls.ts';
import { NO_BATCH, type BridgeContext } from './bridge-context.ts';
import type { SentBatches } from './sent-batches.ts';
import type { ServerApprovals } from './server-approvals.ts';

export function createChatCommands(
  { runner, batches, callOf }: Pick<BridgeContext, 'runner' | 'batches' | 'callOf'>,
  sentBatches: Pick<SentBatches, 'retry' | 'resend'>,
  approvals: Pick<ServerApprovals, 'answer'>,
): ToolCalls {
  return {
    store: runner.store,
    subscribe: runner.subscribe,
    retry: (ref) => sentBatches.retry(keyOf(ref)),
    retryFailed(ref) {
      for (const call of listCalls(batches()[keyOf(ref)] ?? NO_BATCH)) {
        if (call.status === 'failed') sentBatches.retry(call.key);
      }
    },
    run: runner.run,
    cancel: runner.cancel,
    cancelAll: runner.cancelAll,
    approve(ref) {
      runner.approve(ref);
      if (callOf(keyOf(ref)) === undefined) approvals.answer(keyOf(ref), true);
    },
    deny(ref, reason) {
      runner.deny(ref, reason);
      if (callOf(keyOf(ref)) === undefined) approvals.answer(keyOf(ref), false, reason);
    },
    respond: runner.respond,
    skip: runner.skip,
    resend: sentBatches.resend,
  };
}
