/** Owns which word stands for the status of a call. Pure. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { InterruptedToolCall } from '../../core/tool-call.ts';
import type { ToolCallLabels } from './labels.ts';

/** Whether a call waits for a click only because nobody told the page how the model's answer ended: no policy asks for a yes. */
export function isReadyToRun(call: DisplayedToolCall): boolean {
  return call.status === 'awaiting-approval' && call.unknownEnd === true;
}

export function writeStatus(call: DisplayedToolCall, labels: ToolCallLabels): string {
  return isReadyToRun(call) ? labels.readyToRun : labels.status[call.status];
}

/** What is known of a call that a reload interrupted. */
export function describeInterruption({ interruption }: InterruptedToolCall, labels: ToolCallLabels): string {
  if (interruption === undefined) return labels.interruptedNote;
  return labels.interruptionNote[interruption.type](new Date('at' in interruption ? interruption.at : 0));
}
