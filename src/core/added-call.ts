/** Owns what a call is when it enters the store. */
import type { ToolSet } from 'ai';
import type { Clock } from './clock.ts';
import { readTitle } from './read-field.ts';
import type { AddCallOptions, RunnerCall } from './runner-interface.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolCallEvent } from './tool-call.ts';

/** The event that puts a call into the store. */
export function toAdded(
  { key, toolCallId, toolName, input, inputSigned, policy }: ToolCallTask,
  tool: ToolSet[string] | undefined,
  options: Pick<AddCallOptions, 'status' | 'interruption'> & Pick<RunnerCall, 'title' | 'modelInput'>,
  clock: Clock,
): Extract<ToolCallEvent, { type: 'call-added' }> {
  const { status = 'queued', interruption, title = readTitle(tool), modelInput } = options;
  const call = {
    key,
    toolCallId,
    toolName,
    input,
    ...(modelInput !== undefined && { modelInput }),
    ...(inputSigned && { inputSigned }),
    destructive: policy.destructive,
    status,
    ...(title !== undefined && { title }),
    ...(interruption !== undefined && { interruption }),
  };
  return { type: 'call-added', call, at: clock.now() };
}
