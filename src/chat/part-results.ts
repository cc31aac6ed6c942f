/** Owns what the model is to read of a call: its output, or the words of its error. */
import type { UIMessage } from 'ai';
import { notesOf } from '../core/ask-plugins.ts';
import { createCancelledError, explainUnsent, ToolCallError, type ToolCallCancelledBy } from '../core/errors.ts';
import { takeSnapshot } from '../core/json-snapshot.ts';
import { explainFault, pluginsWith, type ToolCallsPlugin } from '../core/plugins.ts';
import { isPromiseLike } from '../core/schema.ts';
import { isSettled, toolBatchKeyOf, type ToolCall, type ToolCallKey } from '../core/tool-call.ts';
import { callOf, countClosed, type ChatContext } from './chat-context.ts';
import {
  isWaitingPart,
  isSameWord,
  lastStepOf,
  readToolParts,
  readWord,
  type ToolPartRef,
  type ToolPartResult,
} from '../messages/message-parts.ts';
import { approvalOf, mapChanged, readApproval } from '../messages/part-fields.ts';
import { writeParts, type PartWrite } from '../messages/part-writes.ts';
import { withNotes } from '../messages/changed-input.ts';

/** What the model is to be told of a settled call; `undefined` where there is nothing, or the part's denied approval says it. */
export function toResult(
  context: ChatContext,
  call: ToolCall,
  ref: Pick<ToolPartRef, 'part'>,
): ToolPartResult | undefined {
  const { runner } = context;
  if (!isSettled(call)) return undefined;
  const notes = notesOf(context.plugins, call);
  if (call.status === 'succeeded')
    return withNotes(call, toModelResult(context, call, { state: 'output-available', output: call.output }), notes);
  // Somebody else may have said yes before.
  const isSaid = readApproval(ref.part) !== undefined && approvalOf(ref.part) !== 'granted';
  if (call.status === 'denied' && isSaid) return undefined;
  const errorText = runner.policyOf(call.toolName)?.errorText(call.error) ?? call.error.message;
  const result = { state: 'output-error', errorText } as const;
  return withNotes(call, call.status === 'failed' ? toModelResult(context, call, result) : result, notes);
}

/** What is to be written into a part: nothing over a final word there, but for what was written before a retry. */
export function toWritten(context: ChatContext, call: ToolCall, ref: ToolPartRef): ToolPartResult | undefined {
  const word = readWord(ref.part);
  const known = context.words.get(ref.key);
  const isTaken =
    word !== undefined && (call.answeredBy !== undefined || known === undefined || !isSameWord(known, word));
  return isTaken ? undefined : toResult(context, call, ref);
}

/**
 * The messages with a result in every open part: its call's, or that it was cancelled. Without `by` (who did it) they are those of a follow-up,
 * and what the last step still waits for is left open. No provider ever gets a call without a result. Changes nothing: the same array
 * where nothing is open.
 */
export function withEveryResult(
  context: ChatContext,
  messages: readonly UIMessage[],
  by?: ToolCallCancelledBy,
): readonly UIMessage[] {
  const errorText = createCancelledError(by ?? 'superseded').message;
  return mapChanged(
    messages,
    (message) => {
      const writes = new Map<ToolCallKey, PartWrite>();
      for (const ref of readToolParts(message)) {
        if (!isWaitingPart(ref.part)) continue;
        const call = callOf(context, ref.key);
        const isOver = by !== undefined || message !== messages.at(-1) || ref.step < lastStepOf(message);
        const cancelled = isOver ? ({ state: 'output-error', errorText } as const) : undefined;
        const result = (call && toResult(context, call, ref)) ?? cancelled;
        if (result !== undefined) writes.set(ref.key, { result });
      }
      return writeParts(message, writes);
    },
    countClosed(context, messages),
  );
}

// ── What plugins make of it ──────────────────────────────────────────────────

/** What the model reads of an output, or of an error's words; `undefined` while a plugin has yet to say. */
function toModelResult(context: ChatContext, call: ToolCall, own: ToolPartResult): ToolPartResult | undefined {
  const { plugins, modelResults } = context;
  const { state } = own;
  const asked = pluginsWith(plugins, MODEL_MEMBER[state]);
  if (asked.length === 0) return own;
  const known = modelResults.get(call.key);
  if (known?.generation === call.generation && known.state === state) return known.result;
  const entry: ModelResult = { generation: call.generation, state };
  modelResults.set(call.key, entry);
  const result = toModelFrom(asked, call, own);
  if (!isPromiseLike(result)) entry.result = result;
  else
    void result.then((settled) => {
      entry.result ??= settled;
      context.schedule();
    });
  return entry.result;
}

/** Whether plugins have yet to say what the model reads of a call. */
export function isPending({ modelResults }: ChatContext, call: ToolCall | undefined): boolean {
  const known = call && modelResults.get(call.key);
  return known !== undefined && known.generation === call?.generation && known.result === undefined;
}

/** The conversation goes on without what plugins have yet to say: the model is told so, and whatever they say comes too late. */
export function passPending({ modelResults, runner }: ChatContext): void {
  const { batches } = runner.peek();
  for (const [key, entry] of modelResults) {
    if (batches[toolBatchKeyOf(key)]?.direct === undefined)
      entry.result ??= { state: 'output-error', errorText: PASSED };
  }
}

const PASSED = explainUnsent('the user sent a new message');

/** What plugins made of a call for the model; without a `result` while they have yet to say. */
export interface ModelResult {
  readonly generation: number;
  readonly state: ToolPartResult['state'];
  result?: ToolPartResult;
}

const MODEL_MEMBER = { 'output-available': 'toModel', 'output-error': 'errorToModel' } as const;

/** Each plugin gets what the one before it made of the output, or of the words. */
function toModelFrom(
  [plugin, ...rest]: readonly ToolCallsPlugin[],
  call: ToolCall,
  own: ToolPartResult,
): ToolPartResult | Promise<ToolPartResult> {
  if (plugin === undefined) return own;
  const member = MODEL_MEMBER[own.state];
  const isOutput = own.state === 'output-available';
  const withhold = (thrown: unknown): ToolPartResult => ({
    state: 'output-error',
    errorText:
      thrown instanceof ToolCallError
        ? thrown.message
        : explainFault(plugin, member, `The ${isOutput ? 'output' : 'error'} was withheld`, thrown).message,
  });
  const take = (given: unknown) => {
    if (!isOutput)
      return typeof given === 'string'
        ? toModelFrom(rest, call, { state: own.state, errorText: given })
        : withhold(new TypeError('expected a string'));
    const snapshot = takeSnapshot(given);
    if (!snapshot.success) return withhold(new TypeError(`what it gave cannot be sent as JSON: ${snapshot.message}`));
    return toModelFrom(rest, call, { state: own.state, output: snapshot.value ?? null });
  };
  try {
    const given = isOutput ? plugin.toModel!(call, own.output) : plugin.errorToModel!(call, own.errorText);
    return isPromiseLike(given) ? Promise.resolve(given).then(take).catch(withhold) : take(given);
  } catch (thrown) {
    return withhold(thrown);
  }
}
