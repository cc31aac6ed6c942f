/** Owns the commands with which a person answers: yes, no, an answer, giving up. What becomes of the call then is its life's affair. */
import { createInterruptedError, DENIED_WITHOUT_REASON, ToolCallError } from './errors.ts';
import type { ToolCallLife } from './tool-call-life.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolBatchRef, ToolCallRef, ToolCalls } from './tool-calls.ts';

export interface AnswersOptions {
  readonly life: ToolCallLife;
  readonly taskOf: (ref: ToolCallRef) => ToolCallTask | undefined;
  readonly tasksOf: (batch: ToolBatchRef) => readonly ToolCallTask[];
}

export function createAnswers({
  life,
  taskOf,
  tasksOf,
}: AnswersOptions): Pick<ToolCalls, 'approve' | 'deny' | 'respond' | 'skip'> {
  /** The call, if it waits for such an answer. */
  function findWaiting(ref: ToolCallRef, status: 'awaiting-approval' | 'awaiting-input'): ToolCallTask | undefined {
    const task = taskOf(ref);
    return task !== undefined && life.recordOf(task)?.status === status ? task : undefined;
  }

  return {
    approve(ref, { input } = {}) {
      const isOne = taskOf(ref) !== undefined;
      const chosen = isOne ? [ref] : tasksOf(ref).filter(({ policy }) => !policy.destructive);
      for (const each of chosen) {
        const task = findWaiting(each, 'awaiting-approval');
        if (task !== undefined) life.approve(task, isOne ? input : undefined);
      }
    },
    deny(ref, reason) {
      const task = findWaiting(ref, 'awaiting-approval');
      const error = new ToolCallError('denied', reason || DENIED_WITHOUT_REASON);
      if (task !== undefined) life.settle(task, { type: 'approval-denied', error });
    },
    respond(ref, output) {
      const task = findWaiting(ref, 'awaiting-input');
      if (task !== undefined) life.answer(task, output);
    },
    skip(ref) {
      const task = taskOf(ref);
      if (task === undefined) return;
      life.skip([task]);
      const call = life.recordOf(task);
      if (call?.status === 'interrupted')
        life.settle(task, { type: 'call-failed', error: createInterruptedError(call.interruption) });
      else if (call?.status === 'awaiting-input') {
        life.settle(task, { type: 'call-failed', error: new ToolCallError('denied', 'The user did not answer') });
      }
    },
  };
}
