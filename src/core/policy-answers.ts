/** Owns what the functions of a policy may answer. */
import { explainError, type ToolCallError } from './errors.ts';
import { misuse } from './misuse.ts';
import { isPromiseLike } from './schema.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolLocks } from './tool.ts';

/** Asks a function of the policy; what it throws fails the call. */
export function askPolicy<TAnswer>(
  task: ToolCallTask,
  field: 'approval' | 'locks',
  ask: () => TAnswer,
  fail: (task: ToolCallTask, error: ToolCallError) => void,
): TAnswer | undefined {
  try {
    return ask();
  } catch (thrown) {
    fail(task, explainError(`\`${field}\` of ${task.toolName} threw`, thrown));
    return undefined;
  }
}

export function expectAnswer(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  throw misuse('answer', 'approval', answer);
}

export function expectLocks(locks: ToolLocks): ToolLocks {
  const fits = (value: unknown) =>
    value === undefined || (Array.isArray(value) && value.every((key) => typeof key === 'string'));
  const isPlain = typeof locks === 'object' && locks !== null && !isPromiseLike(locks) && !Array.isArray(locks);
  if (isPlain && Object.keys(locks).every((field) => field === 'read' || field === 'write')) {
    if (fits(locks.read) && fits(locks.write)) return locks;
  }
  throw misuse('answer', 'locks', locks);
}
