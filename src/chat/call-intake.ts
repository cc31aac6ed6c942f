/**
 * Owns the way from message parts to calls: which part is a call for the runner, and what became of it meanwhile.
 */
import type { UIMessage } from 'ai';
import { createInterruptedError, createUnknownToolError, ToolCallError } from '../core/errors.ts';
import type { ToolBatchKey, ToolCall, ToolCallKey } from '../core/tool-call.ts';
import type { BridgeContext } from './bridge-context.ts';
import { isOpenPart, lastStepOf, readToolParts, type ToolPartRef } from './message-parts.ts';
import { toModelMessages } from './model-messages.ts';
import type { ResponseRecord } from './response-tap.ts';
import { trimToStepEnd } from './rewind.ts';

/**
 * Where the calls of a message come from. `live`: it streams through this page. `final`: its stream has just ended, so a call that
 * nobody answers is known to be nobody's. `loaded`: they were there without a stream of ours, and may have run. `found`: so too, in an
 * answer that streams on.
 */
export type IntakeMode = 'live' | 'final' | 'loaded' | 'found';

export interface CallIntake {
  /** Takes up the calls of a message, and notices what the page or the server did to known ones. */
  observe(message: UIMessage, mode: IntakeMode): void;
  /** A person wants a loaded answer to go on: calls beside ours that nobody has registered by now are nobody's. */
  giveUpUnknown(message: UIMessage): void;
  /** The server takes the calls of a step back: their parts are about to go. */
  takeBack(step: number): void;
  /** Takes up calls that the server refused. */
  addRejected(message: UIMessage, rejected: ResponseRecord['rejectedCalls']): void;
}

export function createCallIntake(context: BridgeContext): CallIntake {
  const { runner } = context;
  /** Batches found in loaded messages: their step is over once all their calls are known, or `after` could not hold. */
  const opened = new Set<ToolBatchKey>();
  /** Calls that the server has taken back, and whose parts the page has yet to see go. */
  const takenBack = new Set<ToolCallKey>();

  function observe(message: UIMessage, mode: IntakeMode): void {
    const refs = readToolParts(message);
    for (const key of takenBack) if (mode === 'final' || refs.every((ref) => ref.key !== key)) takenBack.delete(key);
    for (const ref of refs) {
      if (takenBack.has(ref.key)) continue;
      if (ref.part.providerExecuted === true || ref.part.state === 'input-streaming') continue;
      const call = context.callOf(ref.key);
      if (call !== undefined) notice(ref, call);
      else if (!isOpenPart(ref.part)) continue;
      else if (runner.policyOf(ref.toolName) !== undefined) adopt(ref, mode);
      // The tool of a loaded call may still come, as an MCP server's tools do.
      else if (mode === 'final') refuse(ref, mode);
    }
    endOpened();
  }

  function giveUpUnknown(message: UIMessage): void {
    const refs = readToolParts(message);
    for (const ref of refs) {
      const isUnknown = context.callOf(ref.key) === undefined && runner.policyOf(ref.toolName) === undefined;
      if (!isUnknown || ref.part.state === 'input-streaming' || !isOpenPart(ref.part)) continue;
      if (refs.some((other) => isOurs(other, ref.step))) refuse(ref, 'loaded');
    }
    endOpened();
  }

  function takeBack(step: number): void {
    for (const batchKey of context.streaming()) {
      const batch = context.batches()[batchKey];
      if (batch?.step === step) for (const key of batch.order) takenBack.add(key);
    }
  }

  function endOpened(): void {
    for (const batchKey of opened) {
      opened.delete(batchKey);
      runner.endStep(batchKey);
    }
  }

  function adopt({ part, toolName, messageId, step }: ToolPartRef, mode: IntakeMode): void {
    const policy = runner.policyOf(toolName);
    if (policy === undefined) return;
    const call = { toolCallId: part.toolCallId, toolName, input: part.input };
    const batchKey = openBatch(messageId, step, mode);
    const approved = part.state === 'approval-responded';
    const approvalAsked = part.state === 'approval-requested';
    const messages = () => conversationBefore(messageId, step);
    // A stream that another page load asked for brings calls that may have run there.
    if ((mode === 'live' || mode === 'final') && !context.resumed.isFromEarlierLoad()) {
      runner.addCall(batchKey, call, { approved, approvalAsked, messages });
      return;
    }
    if (policy.onReload === 'fail') runner.addFailedCall(batchKey, call, createInterruptedError());
    else {
      // A call that still waits for a yes, or for a person's answer, cannot have run before the reload.
      const asks =
        policy.onReload === 'ask' && !approvalAsked && context.options().tools[toolName]?.execute !== undefined;
      runner.addCall(batchKey, call, { approved, approvalAsked, messages, ...(asks && { status: 'interrupted' }) });
    }
  }

  /** Whether a call of `step` has a tool of this page: then one that nobody answers holds it up. */
  function isOurs({ toolName, step: at }: ToolPartRef, step: number): boolean {
    return at === step && runner.policyOf(toolName) !== undefined;
  }

  /** Nobody registered the tool, and nobody else has answered. */
  function refuse({ part, toolName, messageId, step }: ToolPartRef, mode: IntakeMode): void {
    // A tool whose approval the server asks for is the server's.
    if (part.state === 'approval-requested' || part.state === 'approval-responded') return;
    if (context.options().unknownTool === 'ignore') return;
    const call = { toolCallId: part.toolCallId, toolName, input: part.input };
    runner.addFailedCall(openBatch(messageId, step, mode), call, createUnknownToolError(toolName));
  }

  function openBatch(messageId: string, step: number, mode: IntakeMode): ToolBatchKey {
    const batchKey = runner.openBatch(messageId, step);
    if (mode === 'loaded') opened.add(batchKey);
    return batchKey;
  }

  /** Somebody beside the runner may have changed the part of a known call. */
  function notice({ part, key }: ToolPartRef, call: ToolCall): void {
    if (part.state === 'approval-requested' && (call.status === 'queued' || call.status === 'awaiting-input'))
      runner.requireApproval(key);
    else if (part.state === 'approval-responded' && call.status === 'awaiting-approval') {
      if (part.approval.approved) runner.approve(key);
      else runner.deny(key, part.approval.reason);
    } else if (part.state === 'output-available' && part.preliminary !== true && call.status === 'awaiting-input') {
      runner.respond(key, part.output);
    } else if (part.state === 'output-error' && call.status === 'awaiting-input' && call.generation === 0) {
      // The page says that nobody answers. (A retried call's part still says why it failed before.)
      context.answeredByPage.add(key);
      runner.skip(key);
    }
  }

  /** What the tool of a call reads as the conversation: everything before the step that made the call. */
  function conversationBefore(messageId: string, step: number) {
    const messages = context.messages();
    const index = messages.findIndex(({ id }) => id === messageId);
    const message = messages[index];
    if (message === undefined) return [];
    const before = messages.slice(0, index);
    return toModelMessages(step === 0 ? before : [...before, trimToStepEnd(message, step - 1)]);
  }

  /** Calls that the server refused (its schema, or a tool it does not know) never reach `onToolCall`; the model must still hear. */
  function addRejected(message: UIMessage, rejected: ResponseRecord['rejectedCalls']): void {
    for (const ref of readToolParts(message)) {
      const rejection = rejected.get(ref.part.toolCallId);
      if (rejection === undefined || ref.part.state !== 'output-error' || ref.step !== lastStepOf(message)) continue;
      const kind = runner.policyOf(ref.toolName) === undefined ? 'unknown-tool' : 'invalid-input';
      const call = { toolCallId: ref.part.toolCallId, toolName: ref.toolName, input: rejection.input };
      runner.addFailedCall(
        openBatch(ref.messageId, ref.step, 'final'),
        call,
        new ToolCallError(kind, rejection.errorText),
      );
    }
  }

  return { observe, giveUpUnknown, takeBack, addRejected };
}
