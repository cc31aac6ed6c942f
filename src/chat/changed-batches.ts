/**
 * Owns which batches are worth a look: those whose record or message has changed since nothing was to be done for them. It spares a long
 * chat the look at all of its batches, and decides nothing: to look at all of them would come to the same.
 */
import type { UIMessage } from 'ai';
import { moveToolBatchKey, type ToolBatch, type ToolBatchKey } from '../core/tool-call.ts';
import type { ChatRunner } from '../core/runner-interface.ts';
import { countSame, readToolParts } from '../messages/message-parts.ts';
import { listRetried } from './next-move.ts';

export interface ChangedBatches {
  /** Notes the batches of messages that are others than the last time. */
  noteMessages(messages: readonly UIMessage[]): void;
  list(): ToolBatch[];
  /** Nothing is to be done now: leaves out the batches of which nothing more is to come by itself. */
  leaveOutDone(): void;
}

export function createChangedBatches(runner: Pick<ChatRunner, 'subscribe' | 'peek'>): ChangedBatches {
  const keys = new Set<ToolBatchKey>();
  let known: readonly UIMessage[] = [];

  runner.subscribe((event) => {
    const { type, batchKey } = event;
    if (type === 'batch-forgotten' || type === 'batch-moved') keys.delete(batchKey);
    else keys.add(batchKey);
    if (type === 'batch-moved') keys.add(moveToolBatchKey(batchKey, event.messageId));
  });

  return {
    noteMessages(messages) {
      const same = countSame(known, messages);
      // Records may have been there before.
      if (same === 0) for (const key in runner.peek().batches) keys.add(key);
      for (const message of [...known.slice(same), ...messages.slice(same)])
        for (const { batchKey } of readToolParts(message)) keys.add(batchKey);
      known = messages;
    },
    list() {
      const { batches } = runner.peek();
      // What no answer asked for is in no message.
      return [...keys].flatMap((key) => batches[key] ?? []).filter(({ direct }) => direct === undefined);
    },
    leaveOutDone() {
      const { batches } = runner.peek();
      for (const key of keys) {
        const batch = batches[key];
        if (batch === undefined || batch.direct !== undefined || isDone(batch)) keys.delete(key);
      }
    },
  };
}

/** The user has moved on, and the model knows all of it. */
function isDone(batch: ToolBatch): boolean {
  return batch.retryBlock === 'new-message' && batch.told !== undefined && listRetried(batch).length === 0;
}
