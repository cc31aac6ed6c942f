/**
 * Owns the way from message parts to calls: which part is a call for the runner, and what became of it meanwhile.
 */
import type { UIMessage } from 'ai';
import { createInterruptedError, createUnknownToolError, ToolCallError } from '../core/errors.ts';
import type { ToolBatchKey, ToolCall } from '../core/tool-call.ts';
import type { BridgeContext } from './bridge-context.ts';
import { isOpenPart, lastStepOf, readToolParts, type ToolPartRef } from './message-parts.ts';
import { toModelMessages } from './model-messages.ts';
import { approvalOf, idOf, reasonOf } from './part-fields.ts';
import type { ResponseRecord } from './response-tap.ts';
import { trimToStepEnd } from './rewind.ts';

/** Where a message comes from: it streams, its stream has just ended, or it was there without a stream of ours. */
export type IntakeMode = 'live' | 'final' | 'loaded';

export interface CallIntake {
  /** Takes up the calls of a message, and notices what the page or the server did to known ones. */
  observe(message: UIMessage, mode: IntakeMode): void;
  /** Takes up calls that the server refused. */
  addRejected(message: UIMessage, rejected: ResponseRecord['rejectedCalls']): void;
}

export function createCallIntake(context: BridgeContext): CallIntake {
  const { live, runner } = context;
  /** Batches found in loaded messages: their step is over once all their calls are known, or `after` could not hold. */
  const opened = new Set<ToolBatchKey>();

  /**
   * Takes up the calls of a message. `live`: it streams. `final`: its stream has just ended, so a call that nobody answers is
   * known to be nobody's. `loaded`: found in messages that did not come from a stream of ours.
   */
  function observe(message: UIMessage, mode: IntakeMode): void {
    const refs = readToolParts(message);
    for (const ref of refs) {
      if (ref.part.providerExecuted === true || ref.part.state === 'input-streaming') continue;
      const call = context.callOf(ref.key);
      if (call !== undefined) notice(ref, call);
      else if (!isOpenPart(ref.part)) continue;
      else if (runner.policyOf(ref.toolName) !== undefined) adopt(ref, mode);
      else if (mode === 'final' || (mode === 'loaded' && refs.some((other) => isOurs(other, ref.step))))
        refuse(ref, mode);
    }
    for (const batchKey of opened) {
      opened.delete(batchKey);
      runner.endStep(batchKey);
    }
  }

  function adopt({ part, toolName, messageId, step }: ToolPartRef, mode: IntakeMode): void {
    const policy = runner.policyOf(toolName);
    if (policy === undefined) return;
    const call = { toolCallId: part.toolCallId, toolName, input: part.input };
    const batchKey = openBatch(messageId, step, mode !== 'loaded');
    const approval = approvalOf(part);
    const approved = approval === 'granted';
    const approvalAsked = approval === 'asked';
    const messages = () => conversationBefore(messageId, step);
    // A stream that another page load asked for brings calls that may have run there.
    if (mode !== 'loaded' && !context.resumed.isFromEarlierLoad()) {
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
    if (mode === 'loaded') opened.add(batchKey);
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
    const batchKey = openBatch(messageId, step, mode !== 'loaded');
    runner.addFailedCall(batchKey, call, createUnknownToolError(toolName));
    if (mode === 'loaded') opened.add(batchKey);
  }

  function openBatch(messageId: string, step: number, isLive: boolean): ToolBatchKey {
    const batchKey = runner.openBatch(messageId, step);
    if (isLive) live.add(batchKey);
    return batchKey;
  }

  /** Somebody beside the runner may have changed the part of a known call. */
  function notice({ part, key }: ToolPartRef, call: ToolCall): void {
    if (part.state === 'approval-requested' && (call.status === 'queued' || call.status === 'awaiting-input'))
      runner.requireApproval(key);
    else if (part.state === 'approval-responded' && call.status === 'awaiting-approval') {
      if (approvalOf(part) === 'granted') runner.approve(key);
      if (approvalOf(part) === 'denied') runner.deny(key, reasonOf(part));
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
    const index = messages.findIndex((message) => idOf(message) === messageId);
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
        openBatch(ref.messageId, ref.step, true),
        call,
        new ToolCallError(kind, rejection.errorText),
      );
    }
  }

  return { observe, addRejected };
}
