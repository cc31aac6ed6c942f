/** Owns what a call is when it enters the store. */
import type { ToolSet } from 'ai';
import type { Clock } from './clock.ts';
import { readTitle } from './read-field.ts';
import type { AddCallOptions } from './runner-interface.ts';
import type { ToolCallTask } from './tool-call-task.ts';
import type { ToolCallEvent } from './tool-call.ts';

/** The event that puts a call into the store. */
export function toAdded(
  { key, toolCallId, toolName, input, model, inputSigned, policy }: ToolCallTask,
  tool: ToolSet[string] | undefined,
  options: Pick<AddCallOptions, 'status' | 'interruption'> & { readonly title: string | undefined },
  clock: Clock,
): Extract<ToolCallEvent, { type: 'call-added' }> {
  const { status = 'queued', interruption, title = readTitle(tool) } = options;
  const call = {
    key,
    toolCallId,
    toolName,
    input,
    ...(!Object.is(input, model.input) && { modelInput: model.input }),
    ...(inputSigned && { inputSigned }),
    destructive: policy.destructive,
    status,
    ...(title !== undefined && { title }),
    ...(interruption !== undefined && { interruption }),
  };
  return { type: 'call-added', call, at: clock.now() };
}
