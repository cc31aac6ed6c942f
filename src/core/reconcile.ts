/** Owns the question to a service, what became of a call that a reload interrupted: the policy's `reconcile`. */
import type { ToolSet } from 'ai';
import type { Clock } from './clock.ts';
import { warnOf } from './misuse.ts';
import { checkOutput, findFailure } from './output.ts';
import { checkInput } from './schema.ts';
import type { ToolCallLife } from './tool-call-life.ts';
import type { ToolCallTask } from './tool-call-task.ts';

/** Settles an interrupted call with what the service says of it, unless a person has acted meanwhile. Never rejects. */
export async function settleByService(
  task: ToolCallTask,
  tool: ToolSet[string] | undefined,
  { recordOf, settle }: Pick<ToolCallLife, 'recordOf' | 'settle'>,
  clock: Clock,
): Promise<void> {
  const { toolName, input, idempotencyKey, policy } = task;
  if (policy.reconcile === undefined || tool === undefined) return;
  const parsed = await checkInput(tool.inputSchema, input);
  if (!parsed.success) return;
  try {
    // SAFETY: the parsed input is what the tool's schema gives.
    const output = await policy.reconcile(parsed.value as never, { idempotencyKey });
    if (output === undefined) return;
    const error = findFailure(toolName, policy, output, clock.now());
    const result = error === undefined && (await checkOutput(tool.outputSchema, output));
    if (result && !result.success) throw new Error(`what it gave ${result.message}`);
    if (recordOf(task)?.status !== 'interrupted') return;
    settle(task, result ? { type: 'call-succeeded', output: result.value } : { type: 'call-failed', error: error! });
  } catch (thrown) {
    warnOf('reconcile', [toolName, thrown]);
  }
}
