/**
 * Owns lineage: the calls whose results the model has, in the order of the conversation. What ran on this page is known from its record, the server's calls
 * and loaded history from their parts. Pure.
 */
import type { UIMessage } from 'ai';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { listCalls } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { ToolCall, ToolCallAttempt, ToolCallKey } from '../core/tool-call.ts';
import { readToolParts, type ToolPartRef } from '../messages/message-parts.ts';
import { idOf } from '../messages/part-fields.ts';
import { readLabels, type CallDisclosure, type Withheld } from './model-value.ts';

/** A call whose result the model had, or would have had if it were not withheld. */
export interface AnswerSource {
  readonly key: ToolCallKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolCallId: string;
  readonly toolName: string;
  readonly title?: string;
  readonly input: unknown;
  readonly status: 'succeeded' | 'failed';
  readonly labels: readonly string[];
  readonly untrusted: boolean;
  readonly changed?: CallDisclosure['changed'];
  readonly withheld?: Withheld;
  /** A person said yes to the call. */
  readonly approved?: boolean;
  readonly attempts: readonly ToolCallAttempt[];
  /** When it had its result (epoch ms); of the server's calls and of loaded history that is not known. */
  readonly settledAt?: number;
}

/** What the plugin knows of the conversation beside the records: the order of its messages, and the calls that did not run on this page. */
export interface ConversationFacts {
  readonly order: readonly string[];
  readonly others: readonly AnswerSource[];
}

/** What the plugin keeps on a call. */
export interface CallFacts {
  readonly disclosed?: CallDisclosure;
  /** Whether the result of one generation of the call may be sent, where somebody was asked. */
  readonly consent?: { readonly generation: number; readonly isGiven: boolean };
}

export type PolicyOf = (toolName: string) => ResolvedToolPolicy | undefined;

/** What is kept on a call by the plugin. */
export function factsOf(call: Pick<ToolCall, 'plugins'>): CallFacts {
  return call.plugins?.['disclosure'] ?? {};
}

/** The source that a call of this page is; `undefined` where the model reads nothing of a tool's: it is open, cancelled or denied. */
export function toSource(call: ToolCall, policy: ResolvedToolPolicy | undefined): AnswerSource | undefined {
  if (call.status !== 'succeeded' && call.status !== 'failed') return undefined;
  const { key, messageId, step, toolCallId, toolName, title, input, status, approved, attempts, settledAt } = call;
  const isFailed = status === 'failed';
  const { disclosed } = factsOf(call);
  const labels = disclosed?.labels ?? (isFailed ? [] : labelsOf(policy, input, call.output));
  const { changed, withheld } = disclosed ?? {};
  return {
    key,
    messageId,
    step,
    toolCallId,
    toolName,
    input,
    status,
    labels,
    attempts,
    settledAt,
    ...(title !== undefined && { title }),
    untrusted: disclosed?.untrusted ?? policy?.untrusted ?? true,
    ...(changed !== undefined && { changed }),
    ...(withheld !== undefined && { withheld }),
    ...(approved === true && { approved }),
  };
}

/** The order of the conversation, and the calls in it that this page has no record of. A tool that it does not know counts as one that brings what others wrote. */
export function readConversation(
  messages: readonly UIMessage[],
  state: ToolCallState,
  policyOf: PolicyOf,
): ConversationFacts {
  const others = messages
    .flatMap((message) => [...readToolParts(message)])
    .filter(({ key, batchKey }) => state.batches[batchKey]?.calls[key] === undefined)
    .flatMap((ref) => partToSource(ref, policyOf(ref.toolName)) ?? []);
  return { order: messages.map(idOf), others };
}

function partToSource(ref: ToolPartRef, policy: ResolvedToolPolicy | undefined): AnswerSource | undefined {
  const { part, key, messageId, step, toolName } = ref;
  if (part.state !== 'output-available' && part.state !== 'output-error') return undefined;
  const isFailed = part.state === 'output-error';
  const { toolCallId, input } = part;
  return {
    key,
    messageId,
    step,
    toolCallId,
    toolName,
    input,
    attempts: [],
    status: isFailed ? 'failed' : 'succeeded',
    labels: isFailed ? [] : labelsOf(policy, input, part.output),
    untrusted: policy?.untrusted ?? true,
  };
}

/** What an output carries of which the labels were not kept. */
function labelsOf(policy: ResolvedToolPolicy | undefined, input: unknown, output: unknown): readonly string[] {
  try {
    return policy === undefined ? [] : readLabels(policy, input, output);
  } catch {
    return ['unknown'];
  }
}

/** Every source of the conversation, in its order. */
export function listSources(state: ToolCallState, { order, others }: ConversationFacts, policyOf: PolicyOf) {
  const own = Object.values(state.batches).flatMap((batch) =>
    listCalls(batch).flatMap((call) => toSource(call, policyOf(call.toolName)) ?? []),
  );
  const placeOf = createPlaceOf(order);
  return [...others, ...own].sort(
    (left, right) => placeOf(left.messageId) - placeOf(right.messageId) || left.step - right.step,
  );
}

/** What the conversation had brought before a step began. */
export function listSourcesBefore(
  sources: readonly AnswerSource[],
  { order }: ConversationFacts,
  { messageId, step }: Pick<AnswerSource, 'messageId' | 'step'>,
): AnswerSource[] {
  const placeOf = createPlaceOf(order);
  const place = placeOf(messageId);
  return sources.filter((source) => {
    const at = placeOf(source.messageId);
    // Two messages that nobody has placed are both new: what is not of the same message came before it.
    if (source.messageId !== messageId) return at < place || (at === place && at === Infinity);
    return source.step < step;
  });
}

/** A message that is not in the order is newer than all that are. */
function createPlaceOf(order: readonly string[]): (messageId: string) => number {
  const places = new Map(order.map((id, place) => [id, place]));
  return (messageId) => places.get(messageId) ?? Infinity;
}

const NOTHING: ConversationFacts = { order: [], others: [] };

/** What the plugin has noted of the conversation. */
export function conversationOf(state: ToolCallState): ConversationFacts {
  return (state.plugins?.['disclosure'] as Partial<{ conversation: ConversationFacts }>)?.conversation ?? NOTHING;
}

/**
 * The calls whose results the model had when it wrote an answer: those of its own steps, and the ones before that are still in the conversation. In the order
 * of the conversation; a call whose result was withheld is among them and says so.
 */
export function selectSources(state: ToolCallState, messageId: string): AnswerSource[] {
  const conversation = conversationOf(state);
  const told = (source: AnswerSource) => {
    const batch = state.batches[source.key.slice(0, source.key.lastIndexOf('/'))];
    return batch === undefined || batch.told !== undefined;
  };
  const sources = listSources(state, conversation, () => undefined);
  return listSourcesBefore(sources, conversation, { messageId, step: Infinity }).filter(told);
}
