// Owns: situations for the tables of `nextMove`, in a few words each. Message `m` answers `u`; its calls are of the tool `read`.
import type { UIMessage } from 'ai';
import { ToolCallError } from '../../src/core/errors.ts';
import type { ToolBatch, ToolCall } from '../../src/core/tool-call.ts';
import { isReportedPart } from '../../src/messages/message-parts.ts';
import type { Situation } from '../../src/chat/next-move.ts';

type Part = UIMessage['parts'][number];

/** A tool part of call `id`. */
export function part(id: string, state: string, fields: object = {}): Part {
  // SAFETY: each row gives the fields that its state has.
  return { type: 'tool-read', toolCallId: id, state, input: {}, ...fields } as unknown as Part;
}
export const pending = (id: string) => part(id, 'input-available');
export const done = (id: string) => part(id, 'output-available', { output: id });
export const failed = (id: string, errorText = 'no') => part(id, 'output-error', { errorText });
export const asks = (id: string) => part(id, 'approval-requested', { approval: { id: `approval-${id}` } });
export const answered = (id: string, approved: boolean) =>
  part(id, 'approval-responded', { approval: { id: `approval-${id}`, approved } });
export const step: Part = { type: 'step-start' };
export const text: Part = { type: 'text', text: 'So' };

export const question: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
export const again: UIMessage = { id: 'u2', role: 'user', parts: [{ type: 'text', text: 'And?' }] };
/** The answer, of one step unless the parts say otherwise. */
export const answer = (...parts: Part[]): UIMessage => ({ id: 'm', role: 'assistant', parts: [step, ...parts] });

export function call(id: string, status: ToolCall['status'], fields: object = {}): ToolCall {
  const outcome = {
    ...(status === 'succeeded' && { output: id, settledAt: 1 }),
    ...((status === 'failed' || status === 'cancelled' || status === 'denied') && {
      error: new ToolCallError(status === 'failed' ? 'execution' : status, 'no'),
      settledAt: 1,
    }),
  };
  const identity = { key: `m/0/${id}`, batchKey: 'm/0', messageId: 'm', step: 0, toolCallId: id, toolName: 'read' };
  // SAFETY: the fields that each status has, as far as the decision reads them.
  return {
    ...identity,
    input: {},
    generation: 0,
    attempts: [],
    destructive: false,
    queuedAt: 0,
    status,
    ...outcome,
    ...fields,
  } as ToolCall;
}

/** A batch that has ended, of the first step. */
export function batch(calls: readonly ToolCall[], fields: Partial<ToolBatch> = {}): ToolBatch {
  return {
    key: 'm/0',
    messageId: 'm',
    step: 0,
    order: calls.map(({ key }) => key),
    calls: Object.fromEntries(calls.map((each) => [each.key, each])),
    streaming: false,
    generation: 0,
    ...fields,
  };
}

/** What the model was told of calls: each in its first generation. */
export const told = (...ids: string[]): Pick<ToolBatch, 'told'> => ({
  told: Object.fromEntries(ids.map((id) => [`m/0/${id}`, 0])),
});

export function situation(
  messages: readonly UIMessage[],
  batches: readonly ToolBatch[],
  fields: Partial<Situation> = {},
): Situation {
  return {
    isIdle: true,
    isWithheld: () => false,
    messages,
    changed: batches,
    batchOf: (key) => batches.find((each) => each.key === key),
    resend: undefined,
    followUps: 0,
    maxFollowUps: 25,
    resultOf: (each) =>
      each.status === 'succeeded'
        ? { state: 'output-available', output: each.output }
        : { state: 'output-error', errorText: each.error?.message ?? '' },
    isAnnotated: () => false,
    answerTo: () => undefined,
    isReported: ({ part: each }) => isReportedPart(each),
    isAnsweredHere: () => false,
    holdersOf: () => [],
    isOwed: () => false,
    isWrite: () => false,
    ...fields,
  };
}
