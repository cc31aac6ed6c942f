/**
 * Owns the question whether the results of a step may be sent: when the page's policy is asked, what a person has answered, and who waits for it. Nothing is
 * written into a message before there is an answer, so a result that nobody let go is in no request, whoever sends one.
 */
import { reportFault, type PluginHost, type ToolCallsPlugin } from '../core/plugins.ts';
import { isBatchSettled, listCalls } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import {
  moveToolCallKey,
  toolBatchKeyOf,
  type SucceededToolCall,
  type ToolBatch,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { keyOf, type ToolBatchRef, type ToolCalls } from '../core/tool-calls.ts';
import type { CallDisclosure, Withheld } from './model-value.ts';
import { factsOf } from './sources.ts';

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

export interface Consent {
  connect(host: PluginHost): () => void;
  /** A batch may have come to where its results are to be sent. */
  consider(batchKey: ToolBatchKey): void;
  /** Settles when it is known whether the call's result may be sent: why it is withheld, or nothing. */
  wait(call: ToolCall): Promise<Withheld | undefined>;
  isAwaiting(batchKey: ToolBatchKey): boolean;
  move(from: ToolBatchKey, to: ToolBatchKey): void;
}

interface BatchFacts {
  /** The policy wants a person to answer for these calls, by `toolCallId`. */
  readonly awaiting?: readonly string[];
}

interface ChatFacts {
  readonly remembered?: readonly string[];
}

const answers = new WeakMap<object, (batchKey: ToolBatchKey, answer: ConsentAnswer) => void>();

/** A person's answer to the question of a batch. Does nothing where none is open. */
export function answerConsent(toolCalls: ToolCalls, batch: ToolBatchRef, answer: ConsentAnswer = {}): void {
  answers.get(toolCalls.store)?.(keyOf(batch), answer);
}

/** What a person is asked about a batch; `undefined` where there is no open question. */
export function selectConsent(state: ToolCallState, batchKey: ToolBatchKey): Disclosure | undefined {
  const batch = state.batches[batchKey];
  if (batch === undefined || batch.halt !== undefined) return undefined;
  const awaiting = (batch.plugins?.['disclosure'] as BatchFacts | undefined)?.awaiting ?? [];
  const calls = listOpen(batch).filter(({ toolCallId }) => awaiting.includes(toolCallId));
  return calls.length === 0 ? undefined : toDisclosure(batch, calls);
}

/** The results of a batch that nobody has let go or kept back. */
function listOpen(batch: ToolBatch): SucceededToolCall[] {
  return listCalls(batch).filter((call): call is SucceededToolCall => {
    if (call.status !== 'succeeded' || call.answeredBy !== undefined) return false;
    const { consent, disclosed } = factsOf(call);
    return consent?.generation !== call.generation && disclosed?.withheld === undefined;
  });
}

function toDisclosure(batch: ToolBatch, calls: readonly SucceededToolCall[]): Disclosure {
  const disclosed = calls.map((call): DisclosedCall => {
    const { labels = [], untrusted = false, changed, bytes = 0 } = factsOf(call).disclosed ?? {};
    return { call, labels, untrusted, bytes, ...(changed !== undefined && { changed }) };
  });
  return {
    batch,
    calls: disclosed,
    labels: [...new Set(disclosed.flatMap(({ labels }) => labels))],
    untrusted: disclosed.some(({ untrusted }) => untrusted),
    bytes: disclosed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

export function createConsent(policy: ConsentPolicy, plugin: () => ToolCallsPlugin): Consent {
  let host: PluginHost | undefined;
  const waiting: {
    key: ToolCallKey;
    readonly generation: number;
    readonly resolve: (withheld: Withheld | undefined) => void;
  }[] = [];

  const stateOf = () => host?.store.getState();
  const batchOf = (key: ToolBatchKey) => stateOf()?.batches[key];
  const awaitingOf = (key: ToolBatchKey) =>
    (batchOf(key)?.plugins?.['disclosure'] as BatchFacts | undefined)?.awaiting ?? [];

  /** Nobody was asked, or whoever was has not answered: that is a no, and nothing of it has been written. */
  function answerFor(call: SucceededToolCall, isGiven: boolean, by: 'by-person' | 'by-page'): void {
    const { disclosed } = factsOf(call);
    const consent = { generation: call.generation, isGiven };
    host?.record(
      isGiven
        ? { consent }
        : { consent, disclosed: { labels: [], untrusted: false, ...disclosed, withheld: by, bytes: 0 } },
      call.key,
    );
    for (const waiter of waiting.splice(0)) {
      if (waiter.key === call.key && waiter.generation === call.generation) waiter.resolve(isGiven ? undefined : by);
      else waiting.push(waiter);
    }
  }

  function ask(disclosure: Disclosure): 'send' | 'ask' | 'block' {
    try {
      const answer = policy(disclosure);
      if (answer === 'send' || answer === 'ask' || answer === 'block') return answer;
      throw new TypeError("expected 'send', 'ask' or 'block' at once");
    } catch (thrown) {
      reportFault(plugin(), 'toModel', thrown);
      return 'ask';
    }
  }

  function isRemembered({ labels }: Disclosure): boolean {
    const remembered = (stateOf()?.plugins?.['disclosure'] as ChatFacts | undefined)?.remembered;
    return remembered !== undefined && labels.every((label) => remembered.includes(label));
  }

  function consider(batchKey: ToolBatchKey): void {
    const batch = batchOf(batchKey);
    if (batch === undefined || batch.streaming || !isBatchSettled(batch)) return;
    const open = listOpen(batch);
    const awaiting = awaitingOf(batchKey);
    // A request went without them: nobody is asked about them any more.
    const missed = open.filter((call) => batch.told?.[call.key] === call.generation);
    if (missed.length > 0) {
      host?.record({ awaiting: [] }, batchKey);
      for (const call of missed) answerFor(call, false, 'by-person');
      return;
    }
    const isReady = open.every((call) => factsOf(call).disclosed !== undefined);
    if (open.length === 0 || !isReady || open.every(({ toolCallId }) => awaiting.includes(toolCallId))) return;
    const disclosure = toDisclosure(batch, open);
    const answer = ask(disclosure);
    if (answer === 'ask' && !isRemembered(disclosure))
      return host?.record({ awaiting: open.map(({ toolCallId }) => toolCallId) }, batchKey);
    for (const call of open) answerFor(call, answer !== 'block', 'by-page');
  }

  function answer(batchKey: ToolBatchKey, { leaveOut = [], remember = false }: ConsentAnswer): void {
    const state = stateOf();
    const asked = state && selectConsent(state, batchKey);
    if (asked === undefined) return;
    host?.record({ awaiting: [] }, batchKey);
    const sent = asked.calls.filter(({ call }) => leaveOut !== 'all' && !leaveOut.includes(call.key));
    for (const disclosed of asked.calls) answerFor(disclosed.call, sent.includes(disclosed), 'by-person');
    if (!remember || sent.length === 0) return;
    const { remembered = [] } = (state?.plugins?.['disclosure'] ?? {}) as ChatFacts;
    host?.record({ remembered: [...new Set([...remembered, ...sent.flatMap(({ labels }) => labels)])] });
  }

  return {
    consider,
    connect(given) {
      host = given;
      answers.set(given.store, answer);
      for (const key in given.store.getState().batches) consider(key);
      return () => void answers.delete(given.store);
    },
    isAwaiting: (batchKey) => awaitingOf(batchKey).length > 0,
    wait(call) {
      consider(call.batchKey);
      return new Promise((resolve) => {
        const { consent, disclosed } = factsOf(batchOf(call.batchKey)?.calls[call.key] ?? call);
        if (consent?.generation === call.generation) return resolve(consent.isGiven ? undefined : disclosed?.withheld);
        waiting.push({ key: call.key, generation: call.generation, resolve });
      });
    },
    move(from, to) {
      for (const waiter of waiting)
        if (toolBatchKeyOf(waiter.key) === from) waiter.key = moveToolCallKey(waiter.key, to);
    },
  };
}
