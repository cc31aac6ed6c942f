/**
 * Owns the forgetting of batches whose parts are in no message any more (`setMessages`, `regenerate`, a trimmed message). Only messages
 * that have changed, and batches that are new, are looked through: a long chat costs what its end does.
 */
import type { UIMessage } from 'ai';
import type { ToolBatchKey } from '../core/tool-call.ts';
import type { BridgeContext } from './bridge-context.ts';
import { countSame, readToolParts } from './message-parts.ts';
import { idOf } from './part-fields.ts';

/** Gives the function that aborts and forgets the calls of which `messages` (by default the chat's) know nothing. */
export function createForgetGone({ handle, runner, batches, drop }: BridgeContext) {
  /** Messages in which every batch was found, but for those that were opened since. */
  let known: readonly UIMessage[] = [];
  const opened = new Set<ToolBatchKey>();

  runner.subscribe(({ type, batchKey }) => {
    if (type === 'batch-opened') opened.add(batchKey);
  });

  return function forgetGone(messages: readonly UIMessage[] = handle.getMessages()): void {
    const changed = new Set(known.slice(countSame(known, messages)).map(idOf));
    known = [...messages];
    if (changed.size + opened.size === 0) return;
    for (const batch of Object.values(batches())) {
      if (!changed.has(batch.messageId) && !opened.has(batch.key)) continue;
      const message = messages.findLast((candidate) => idOf(candidate) === batch.messageId);
      if (message !== undefined && readToolParts(message).some(({ batchKey }) => batchKey === batch.key)) continue;
      drop(batch.key);
    }
    opened.clear();
  };
}
