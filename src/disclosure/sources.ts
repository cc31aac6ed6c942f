/**
 * Owns lineage: the calls whose results the model has, in the order of the conversation. What ran on this page is known from its record; the server's calls
 * and loaded history from their parts, and from what a journal has kept of them. Pure.
 */
import type { PluginHost } from '../core/plugins.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { listCalls, selectToolBatch } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import {
  toolBatchKeyOf,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallAttempt,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { NOTHING_KNOWN, readLabels, type CallDisclosure, type Withheld } from './model-value.ts';
import type { DisclosureEntry } from './record.ts';

/** A call whose result the model had, or would have had if it were not withheld. */
export interface AnswerSource {
  readonly key: ToolCallKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolCallId: string;
  readonly toolName: string;
  readonly title?: string | undefined;
  readonly input: unknown;
  readonly status: 'succeeded' | 'failed';
  readonly labels: readonly string[];
  readonly untrusted: boolean;
  readonly changed?: CallDisclosure['changed'];
  readonly withheld?: Withheld | undefined;
  /** A person said yes to the call, or a rule in their place. */
  readonly approved?: ToolCall['approved'] | undefined;
  readonly attempts: readonly Pick<ToolCallAttempt, 'startedAt' | 'endedAt'>[];
  /** When it had its result (epoch ms); of the server's calls that is not known. */
  readonly settledAt?: number | undefined;
}

/** What the plugin keeps: on a call, on a batch, on the chat. */
export interface DisclosureFacts {
  readonly disclosed?: CallDisclosure | undefined;
  /** The generation of the call whose result may be sent, where somebody was asked. */
  readonly letGo?: number;
  /** The calls of the batch that a person is asked about, by `toolCallId`. */
  readonly awaiting?: readonly string[];
  /** The ids of the chat's messages, in order, and the calls that did not run on this page. */
  readonly order?: readonly string[];
  readonly others?: readonly AnswerSource[];
  readonly record?: readonly DisclosureEntry[];
  /** Labels that a person has let go for the rest of the chat. */
  readonly remembered?: readonly string[];
}

/** What is kept by the plugin on a call, a batch or the chat. */
export function factsOf(holder: Pick<ToolCallState, 'plugins'> | undefined): DisclosureFacts {
  return holder?.plugins?.['disclosure'] ?? {};
}

/** What is known of what a call's result carries. */
export function disclosedOf(call: ToolCall): CallDisclosure {
  return factsOf(call).disclosed ?? NOTHING_KNOWN;
}

/** The calls of a batch; none where the store has no such batch. */
export function callsOf(state: ToolCallState, batchKey: ToolBatchKey): ToolCall[] {
  const batch = selectToolBatch(state, batchKey);
  return batch === undefined ? [] : listCalls(batch);
}

/** The labels of all, each once. */
export function joinLabels(all: readonly { readonly labels: readonly string[] }[]): string[] {
  return [...new Set(all.flatMap(({ labels }) => labels))];
}

type PolicyOf = PluginHost['policyOf'];

/** What is known of a call, and of what its result carries where that was kept. */
type Origin = Pick<AnswerSource, 'key' | 'messageId' | 'step' | 'toolCallId' | 'toolName' | 'input' | 'status'> &
  Partial<AnswerSource> & { readonly output?: unknown };

function createSource(origin: Origin, policy: ResolvedToolPolicy | undefined): AnswerSource {
  const { key, messageId, step, toolCallId, toolName, title, input, status, output, changed, withheld } = origin;
  const { labels = status === 'failed' ? [] : labelsOf(policy, input, output) } = origin;
  const { untrusted = policy?.untrusted ?? true, approved, attempts = [], settledAt } = origin;
  const place = { key, messageId, step, toolCallId, toolName, title, input, status };
  return { ...place, labels, untrusted, changed, withheld, approved, attempts, settledAt };
}

/** What an output carries of which the labels were not kept. */
function labelsOf(policy: ResolvedToolPolicy | undefined, input: unknown, output: unknown): readonly string[] {
  try {
    return readLabels(policy, input, output);
  } catch {
    return ['unknown'];
  }
}

/** The sources that calls of this page are: the model reads nothing of a tool's where a call is open, cancelled or denied. */
export function toSources(calls: readonly ToolCall[], policyOf?: PolicyOf): AnswerSource[] {
  return calls.flatMap((call) => {
    const { status } = call;
    if (status !== 'succeeded' && status !== 'failed') return [];
    return createSource({ ...call, ...factsOf(call).disclosed, status }, policyOf?.(call.toolName));
  });
}

/**
 * The conversation as far as the records do not say: the order of its messages, and the calls in it that this page has no record of. A tool that the page
 * does not know counts as one that brings what others wrote.
 */
export function readConversation({ getMessages, toolPartsOf, policyOf, store }: PluginHost) {
  const state = store.getState();
  const { record = [] } = factsOf(state);
  const messages = getMessages();
  const others = messages.flatMap(toolPartsOf).flatMap((ref) => {
    const { part, key, batchKey, toolName } = ref;
    const { toolCallId, input, output } = part;
    const isFailed = part.state === 'output-error';
    if ((part.state !== 'output-available' && !isFailed) || state.batches[batchKey]?.calls[key]) return [];
    const known = record.findLast((entry) => isSameCall(entry, { ...ref, toolCallId }));
    const status = isFailed ? 'failed' : 'succeeded';
    return createSource({ ...known, ...ref, toolCallId, input, status, output }, policyOf(toolName));
  });
  return { order: messages.map((message) => message?.id), others };
}

type Place = Pick<AnswerSource, 'messageId' | 'step' | 'toolCallId'>;

/** Whether two entries are about one call. */
export function isSameCall(left: Place, right: Place): boolean {
  return left.messageId === right.messageId && left.step === right.step && left.toolCallId === right.toolCallId;
}

/** Every source of the conversation, in its order: a message that is not in it yet is newer than all that are. */
export function listSources(
  state: ToolCallState,
  { order = [], others = [] }: DisclosureFacts = factsOf(state),
  policyOf?: PolicyOf,
): AnswerSource[] {
  // What a page called for itself is not in the conversation, unless the model was told of it.
  const own = Object.values(state.batches)
    .filter(({ direct, told }) => direct === undefined || told !== undefined)
    .flatMap(listCalls);
  const placeOf = ({ messageId }: AnswerSource) => order.indexOf(messageId) + 1 || Infinity;
  const sources = [...others, ...toSources(own, policyOf)];
  return sources.sort((left, right) => placeOf(left) - placeOf(right) || left.step - right.step);
}

/** What the conversation had brought before a step began. Two messages that nobody has placed are both new: what is not of the same one came before it. */
export function listSourcesBefore(
  sources: readonly AnswerSource[],
  { order = [] }: DisclosureFacts,
  { messageId, step }: Pick<AnswerSource, 'messageId' | 'step'>,
): AnswerSource[] {
  const isNew = !order.includes(messageId);
  const earlier = order.slice(0, order.indexOf(messageId));
  return sources.filter((source) =>
    source.messageId === messageId ? source.step < step : isNew || earlier.includes(source.messageId),
  );
}

/**
 * The calls whose results the model had when it wrote an answer: those of its own steps, and the ones before that are still in the conversation. In the order
 * of the conversation; a call whose result was withheld is among them and says so. Without `messageId` those of the whole chat.
 */
export function selectSources(state: ToolCallState, messageId?: string): AnswerSource[] {
  const told = listSources(state).filter(({ key }) => {
    const batch = state.batches[toolBatchKeyOf(key)];
    return batch === undefined || batch.told !== undefined;
  });
  return messageId === undefined ? told : listSourcesBefore(told, factsOf(state), { messageId, step: Infinity });
}

/** The labels of what the model was given, each once: of the chat, of the answer with this message id (its own calls), or of the step with this batch key. */
export function selectLabels(state: ToolCallState, of?: string | ToolBatchKey): string[] {
  const given = selectSources(state).filter(
    ({ key, messageId, withheld }) =>
      withheld === undefined && [undefined, messageId, toolBatchKeyOf(key)].includes(of),
  );
  return joinLabels(given);
}
