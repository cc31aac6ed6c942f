/**
 * Owns which calls are identical, and which of them runs for all (`dedupe`). Pure.
 */
import type { ToolCallTask } from './tool-call-task.ts';

type ComparedCall = Pick<ToolCallTask, 'toolName' | 'input'>;

/** Whether two calls ask for the same: one tool, one input, whatever the order of its keys. */
export function isSameCall(left: ComparedCall, right: ComparedCall): boolean {
  if (left.toolName !== right.toolName) return false;
  if (Object.is(left.input, right.input)) return true;
  const identity = identityOf(left);
  return identity !== undefined && identity === identityOf(right);
}

/** Whether JSON carries two values alike, whatever the order of their keys. */
export function isSameJson(left: unknown, right: unknown): boolean {
  const json = stringify(left);
  return json !== undefined && json === stringify(right);
}

/** Each input is read once. */
const identities = new WeakMap<ComparedCall, string | undefined>();

function identityOf(call: ComparedCall): string | undefined {
  if (!identities.has(call)) identities.set(call, stringify(call.input));
  return identities.get(call);
}

/** A person puts another input in the place of the one that a call has. With it, its tool gets another key. */
export function changeInput(task: ToolCallTask, input: unknown): void {
  identities.delete(task);
  task.input = input;
  task.idempotencyKey += '/changed';
}

/** `undefined` for what JSON cannot carry: such an input is like no other. */
export function stringify(input: unknown): string | undefined {
  try {
    return JSON.stringify(input, sortKeys);
  } catch {
    return undefined;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * The identical call of the batch whose result `task` takes, or `undefined` when it has to run itself: the one that succeeded,
 * else the one on its way, else the first. A call that a person cancelled or denied speaks for itself only, and a failed one not
 * for those that a person runs again.
 */
export function findTwin(tasks: readonly ToolCallTask[], task: ToolCallTask): ToolCallTask | undefined {
  const alike = tasks.filter((other) => isSameCall(other, task) && (other === task || speaksFor(other, task)));
  const twin = alike.find(hasSucceeded) ?? alike.find(({ admitted }) => admitted) ?? alike[0];
  return twin === task ? undefined : twin;
}

function hasSucceeded({ ending }: ToolCallTask): boolean {
  return ending?.type === 'call-succeeded';
}

function speaksFor(other: ToolCallTask, task: ToolCallTask): boolean {
  if (other.ending === undefined || hasSucceeded(other)) return true;
  return other.ending.type === 'call-failed' && (other.held || !task.byHand);
}
