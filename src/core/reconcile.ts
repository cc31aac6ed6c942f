/** Owns the question to a service, what became of a call that a reload interrupted: the policy's `reconcile`. */
import type { ToolSet } from 'ai';
import type { Clock } from './clock.ts';
import { ToolCallError } from './errors.ts';
import { warnOf } from './misuse.ts';
import { checkOutput, findFailure } from './output.ts';
import { checkInput } from './schema.ts';
import type { ToolCallEnding } from './tool-call.ts';
import type { ToolCallLife } from './tool-call-life.ts';
import type { ToolCallTask } from './tool-call-task.ts';

/** Settles an interrupted call with what the service says of it, unless a person has acted meanwhile. */
export async function settleByService(
  task: ToolCallTask,
  tool: ToolSet[string] | undefined,
  { recordOf, settle }: Pick<ToolCallLife, 'recordOf' | 'settle'>,
  clock: Clock,
): Promise<void> {
  if (task.policy.reconcile === undefined) return;
  const ending = await reconcile(task, tool, clock);
  if (ending !== undefined && recordOf(task)?.status === 'interrupted') settle(task, ending);
}

/** How the call ended, in the service's words, or `undefined` where that is not known. Never rejects. */
async function reconcile(
  { toolName, input, idempotencyKey, policy }: ToolCallTask,
  tool: ToolSet[string] | undefined,
  clock: Clock,
): Promise<ToolCallEnding | undefined> {
  const parsed = tool === undefined ? undefined : await checkInput(tool.inputSchema, input);
  if (parsed?.success !== true) return undefined;
  try {
    // SAFETY: the parsed input is what the tool's schema gives.
    const output = await policy.reconcile?.(parsed.value as never, { idempotencyKey });
    if (output === undefined) return undefined;
    const failure = findFailure(toolName, policy, output, clock.now());
    if (failure !== undefined) return { type: 'call-failed', error: failure };
    const result = await checkOutput(tool?.outputSchema, output);
    if (result.success) return { type: 'call-succeeded', output: result.value };
    throw new ToolCallError('invalid-output', `what it gave ${result.message}`);
  } catch (thrown) {
    warnOf('reconcile', [toolName, thrown]);
    return undefined;
  }
}
