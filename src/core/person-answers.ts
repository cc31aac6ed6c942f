/** Owns the commands with which a person answers: yes, no, an answer, giving up. What becomes of the call then is its life's affair. */
import { createInterruptedError, DENIED_WITHOUT_REASON, ToolCallError } from './errors.ts';
import { wantsOwnYes } from './selectors.ts';
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
  function isWaiting(task: ToolCallTask | undefined, status = 'awaiting-approval'): task is ToolCallTask {
    return task !== undefined && life.recordOf(task)?.status === status;
  }

  return {
    approve(ref, options) {
      const task = taskOf(ref);
      for (const each of task === undefined ? tasksOf(ref) : [task]) {
        const call = life.recordOf(each);
        if (call?.status !== 'awaiting-approval' || (task === undefined && wantsOwnYes(call))) continue;
        life.approve(each, task && options);
      }
    },
    deny(ref, reason) {
      const task = taskOf(ref);
      const error = new ToolCallError('denied', reason || DENIED_WITHOUT_REASON);
      if (isWaiting(task)) life.settle(task, { type: 'approval-denied', error });
    },
    respond(ref, output) {
      const task = taskOf(ref);
      if (isWaiting(task, 'awaiting-input')) life.answer(task, output);
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
