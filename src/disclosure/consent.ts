/**
 * Owns the question whether the results of a step may be sent: when the page's policy is asked, and what a person has answered. What is open is on the records;
 * `disclosure.ts` lets go what was answered. Nothing is written into a message before, so a result that nobody let go is in no request, whoever sends one.
 */
import { reportFault, type PluginHost, type ToolCallsPlugin } from '../core/plugins.ts';
import { listCalls, selectToolBatch } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { SucceededToolCall, ToolBatch, ToolBatchKey, ToolCall, ToolCallKey } from '../core/tool-call.ts';
import { keyOf, type ToolBatchRef, type ToolCalls } from '../core/tool-calls.ts';
import type { CallDisclosure, Withheld } from './model-value.ts';
import { callsOf, disclosedOf, factsOf, joinLabels } from './sources.ts';

/** A result that would be sent. */
export interface DisclosedCall extends Pick<CallDisclosure, 'labels' | 'untrusted' | 'changed' | 'bytes'> {
  readonly call: SucceededToolCall;
}

/** What would be sent of a step, and has not been let go before. */
export interface Disclosure {
  readonly batch: ToolBatch;
  readonly calls: readonly DisclosedCall[];
  /** The labels of all calls, each once. */
  readonly labels: readonly string[];
  readonly untrusted: boolean;
  readonly bytes: number;
}

/** `'send'`: it goes. `'ask'`: a person says what goes. `'block'`: the model reads that the page withheld it. */
export type ConsentPolicy = (disclosure: Disclosure) => 'send' | 'ask' | 'block';

export interface ConsentAnswer {
  /** The calls whose results are not sent; `'all'` sends nothing. @default none */
  leaveOut?: 'all' | readonly ToolCallKey[];
  /** Results with no other labels than these are sent without a question for the rest of the chat. @default false */
  remember?: boolean;
}

/** A result is let go, or kept from the model for the reason that is given. */
export type Release = (call: ToolCall, withheld?: Withheld) => void;

const answers = new WeakMap<object, (batchKey: ToolBatchKey, answer: ConsentAnswer) => void>();

/** A person's answer to the question of a batch. Does nothing where none is open. */
export function answerConsent(toolCalls: ToolCalls, batch: ToolBatchRef, answer: ConsentAnswer = {}): void {
  answers.get(toolCalls.store)?.(keyOf(batch), answer);
}

/** What a person is asked about a batch; `undefined` where there is no open question. */
export function selectConsent(state: ToolCallState, batchKey: ToolBatchKey): Disclosure | undefined {
  const batch = selectToolBatch(state, batchKey);
  if (batch === undefined || batch.halt !== undefined) return undefined;
  const { awaiting = [] } = factsOf(batch);
  const calls = listOpen(state, batchKey).filter(({ toolCallId }) => awaiting.includes(toolCallId));
  return calls.length === 0 ? undefined : toDisclosure(batch, calls);
}

/** The calls of a batch whose results nobody has let go or kept back. */
export function listOpen(state: ToolCallState, batchKey: ToolBatchKey): SucceededToolCall[] {
  return callsOf(state, batchKey).filter((call): call is SucceededToolCall => {
    const { letGo, disclosed } = factsOf(call);
    const isAnswered = letGo === call.generation || disclosed?.withheld !== undefined;
    return call.status === 'succeeded' && call.answeredBy === undefined && !isAnswered;
  });
}

function toDisclosure(batch: ToolBatch, open: readonly SucceededToolCall[]): Disclosure {
  const calls = open.map((call): DisclosedCall => ({ call, ...disclosedOf(call) }));
  return {
    batch,
    calls,
    labels: joinLabels(calls),
    untrusted: calls.some(({ untrusted }) => untrusted),
    bytes: calls.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** A batch may have come to where its results are to be sent: asks the page's policy about those that it was not asked about yet. */
export function considerConsent(
  policy: ConsentPolicy,
  { store, record }: PluginHost,
  batchKey: ToolBatchKey,
  release: Release,
  plugin: ToolCallsPlugin,
): void {
  const state = store.getState();
  const batch = selectToolBatch(state, batchKey);
  if (batch?.streaming !== false || batch.direct?.isDisclosed === false) return;
  if (listCalls(batch).some(({ settledAt, held }) => settledAt === undefined || held)) return;
  const open = listOpen(state, batchKey);
  const ids = open.map(({ toolCallId }) => toolCallId);
  const { awaiting = [] } = factsOf(batch);
  const isReady = open.every((call) => factsOf(call).disclosed !== undefined);
  if (!isReady || ids.every((id) => awaiting.includes(id))) return;
  const disclosure = toDisclosure(batch, open);
  const answer = askPolicy(policy, disclosure, plugin);
  const { remembered } = factsOf(state);
  const isRemembered = remembered && disclosure.labels.every((label) => remembered.includes(label));
  if (answer === 'ask' && !isRemembered) return record({ awaiting: ids }, batchKey);
  for (const call of open) release(call, answer === 'block' ? 'by-page' : undefined);
}

/** A person is asked where the page's policy does not say. */
function askPolicy(policy: ConsentPolicy, disclosure: Disclosure, plugin: ToolCallsPlugin): ReturnType<ConsentPolicy> {
  try {
    const answer = policy(disclosure);
    if (['send', 'ask', 'block'].includes(answer)) return answer;
    throw new TypeError("Expected `consent` to give 'send', 'ask' or 'block' at once.");
  } catch (thrown) {
    reportFault(plugin, 'toModel', thrown);
    return 'ask';
  }
}

/** Takes the answers of a chat's page. Gives what stops that. */
export function takeAnswers({ store, record }: PluginHost, release: Release): () => void {
  answers.set(store, (batchKey, { leaveOut = [], remember = false }) => {
    const state = store.getState();
    const asked = selectConsent(state, batchKey)?.calls ?? [];
    record({ awaiting: [] }, batchKey);
    const sent = asked.filter(({ call }) => leaveOut !== 'all' && !leaveOut.includes(call.key));
    for (const each of asked) release(each.call, sent.includes(each) ? undefined : 'by-person');
    const { remembered: labels = [] } = factsOf(state);
    if (remember && sent.length > 0) record({ remembered: joinLabels([{ labels }, ...sent]) });
  });
  return () => void answers.delete(store);
}
