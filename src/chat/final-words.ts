/**
 * Owns one rule: a part's own word is the last. A final state there that is not ours (the server's result, error or denial, the page's
 * own `addToolOutput`) ends the call with it, whatever its status, and nothing is written over it. What is ours is read from the part
 * and the record.
 */
import { warnInDevelopment } from '../core/development.ts';
import { isSameJson } from '../core/identical-calls.ts';
import { isSettled, type ToolCall } from '../core/tool-call.ts';
import type { BridgeContext } from './bridge-context.ts';
import type { IntakeMode } from './call-intake.ts';
import { isReportedPart, readFinalWord, type ToolPart, type ToolPartRef } from './message-parts.ts';

export interface FinalWords {
  /** Ends a call with its part's final word, unless that is ours. Says whether the part has one. */
  heed(ref: ToolPartRef, call: ToolCall, mode: IntakeMode): boolean;
  /** Whether a result may be written: the part has no final word, or only what was written there before a retry. */
  isWritable(ref: ToolPartRef, call: ToolCall): boolean;
}

/** `hasServerAnswered`: whether the response that streams brought a final word on a call; `undefined` where nobody saw its chunks. */
export function createFinalWords(
  context: BridgeContext,
  hasServerAnswered: (toolCallId: string) => boolean | undefined,
): FinalWords {
  const { answeredByServer, errorTexts, live, resumed, runner } = context;
  /** Parts that were found to say what these records say: outputs may be large. */
  const agreed = new WeakMap<ToolPart, ToolCall>();

  /** Whether the part says what the record says, or what it said in an earlier run of the call. */
  function isKnown({ part, key }: ToolPartRef, call: ToolCall): boolean {
    if (part.state === 'output-error') {
      return errorTexts.get(key)?.has(part.errorText) === true || isTextOf(call, part.errorText);
    }
    if (part.state !== 'output-available') return call.status === 'denied';
    return call.status === 'succeeded' && (part.output === call.output || isSameJson(part.output, call.output));
  }

  function isServers({ part, toolName, step, batchKey }: ToolPartRef, mode: IntakeMode): boolean {
    const isSeen = hasServerAnswered(part.toolCallId);
    // An id may have been used in a step before this response.
    if (isSeen !== undefined) return isSeen && step >= resumed.stepsBefore();
    if (mode === 'loaded' || !live.has(batchKey)) return false;
    if (part.state === 'output-denied') return true;
    if (part.state === 'approval-responded') return part.approval.isAutomatic === true;
    return hasExecute(toolName);
  }

  function hasExecute(toolName: string): boolean {
    return typeof context.options().tools[toolName]?.execute === 'function';
  }

  function noteServer({ key, part, toolName }: ToolPartRef): void {
    answeredByServer.add(key);
    const isRun = part.state === 'output-available' || part.state === 'output-error';
    if (!isRun || !hasExecute(toolName)) return;
    warnInDevelopment(
      `both-sides/${toolName}`,
      `the server ran the tool "${toolName}", which this page is to run too. The server's result stands, and the page does not run the call, or stops it. ` +
        'To run the tool in the page, give `streamText` what `toolDefinitions(tools)` makes of your tools; to run it on the server, do not register it here.',
    );
  }

  return {
    heed(ref, call, mode) {
      if (!isReportedPart(ref.part)) return false;
      // A chunk makes every part anew: outputs are compared at the end of the answer.
      if (agreed.get(ref.part) === call || (mode === 'live' && isSettled(call) && !context.isIdle())) return true;
      if (isServers(ref, mode)) noteServer(ref);
      if (!isKnown(ref, call)) runner.overrule(ref.key, readFinalWord(ref.part));
      if (ref.part.state === 'output-error') noteErrorText(context, ref.key, ref.part.errorText);
      const known = context.callOf(ref.key);
      if (known !== undefined) agreed.set(ref.part, known);
      return true;
    },
    isWritable({ part, key }, call) {
      if (!isReportedPart(part)) return true;
      return (
        part.state === 'output-error' &&
        !isTextOf(call, part.errorText) &&
        errorTexts.get(key)?.has(part.errorText) === true
      );
    },
  };
}

/** Remembers what the part of a call says of its failure, or will say: after a retry that is no news. */
export function noteErrorText({ errorTexts }: Pick<BridgeContext, 'errorTexts'>, key: string, text: string): void {
  const known = errorTexts.get(key);
  if (known === undefined) errorTexts.set(key, new Set([text]));
  else known.add(text);
}

function isTextOf(call: ToolCall, text: string): boolean {
  return isSettled(call) && call.error?.message === text;
}
