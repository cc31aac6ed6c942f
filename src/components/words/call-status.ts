/** Owns which word stands for the status of a call. Pure. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolCallState } from '../../core/tool-call-store.ts';
import type { InterruptedToolCall, ToolCall } from '../../core/tool-call.ts';
import { selectUndo } from '../../core/undo-facts.ts';
import type { ToolCallLabels } from './labels.ts';

/** Whether a call waits for a click only because nobody told the page how the model's answer ended: no policy asks for a yes. */
export function isReadyToRun(call: DisplayedToolCall): boolean {
  return call.status === 'awaiting-approval' && call.unknownEnd === true;
}

export function writeStatus(call: DisplayedToolCall, labels: ToolCallLabels): string {
  const undo = selectUndo(call)?.status;
  if (undo === 'undoing' || undo === 'undone') return labels[undo];
  return isReadyToRun(call) ? labels.readyToRun : labels.status[call.status];
}

/** Whether what a call has done is being undone, or was. */
export function isUndone(call: DisplayedToolCall): boolean {
  const status = selectUndo(call)?.status;
  return status === 'undoing' || status === 'undone';
}

/** Whether a person can stop what the call does, or what undoes it. */
export function isAtWork(call: DisplayedToolCall): boolean {
  return ['queued', 'running', 'retrying'].includes(call.status) || selectUndo(call)?.status === 'undoing';
}

/** Whether a journal gave the result back after a reload, and the call has not run since. */
export function isRestored({ plugins, attempts }: ToolCall): boolean {
  // SAFETY: plugins keep facts of their own; this one is the journal's.
  const facts = plugins?.['journal'] as { readonly restored?: string } | undefined;
  return facts?.restored === 'settled' && attempts.length === 0;
}

/** Whether the calls of this chat run in another tab, and this page shows what happens there. */
export function isElsewhere({ plugins }: ToolCallState): boolean {
  // SAFETY: as above; this one is what `sharedTabs` says of this tab.
  const tab = plugins?.['tabs'] as { readonly role?: string } | undefined;
  return tab?.role === 'following';
}

/** What is known of a call that a reload interrupted. */
export function describeInterruption({ interruption }: InterruptedToolCall, labels: ToolCallLabels): string {
  if (interruption === undefined) return labels.interruptedNote;
  return labels.interruptionNote[interruption.type](new Date('at' in interruption ? interruption.at : 0));
}
