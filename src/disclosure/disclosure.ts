/**
 * Owns the plugin: it stands between the tools of a chat and what the model is given, and keeps what it decides on the records. What is decided is in
 * `model-value.ts`, `guard.ts`, `consent.ts`; what was given to which answer in `sources.ts` and `record.ts`.
 */
import { systemClock } from '../core/clock.ts';
import { ToolCallError } from '../core/errors.ts';
import { expectCount, expectOneOf, expectType } from '../core/expect.ts';
import { reportFault, type PluginHost, type ToolCallsPlugin } from '../core/plugins.ts';
import { isPromiseLike } from '../core/schema.ts';
import { listCalls, selectToolCall } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import {
  moveToolBatchKey,
  moveToolCallKey,
  toolBatchKeyOf,
  type SucceededToolCall,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { createConsent, type ConsentPolicy } from './consent.ts';
import { judgeCall, type GuardReasons } from './guard.ts';
import { englishDisclosureLabels, explainGuard, type DisclosureLabelsOverride } from './labels.ts';
import {
  countBytes,
  explainWithheld,
  toModelError,
  toModelValue,
  type ModelValue,
  type Withheld,
} from './model-value.ts';
import { addToRecord } from './record.ts';
import {
  conversationOf,
  factsOf,
  listSources,
  listSourcesBefore,
  readConversation,
  type AnswerSource,
} from './sources.ts';

export interface DisclosureOptions {
  /** Asked before the results of a step are sent. @default none: all are sent */
  consent?: ConsentPolicy;
  /**
   * What happens to a call of an `openWorld` tool when private data and text that others wrote are both in the conversation, or when its input repeats
   * private data: a person is asked, it does not run, or nothing. @default 'ask'
   */
  guard?: false | 'ask' | 'block';
  /** How many bytes of JSON the model may get of one output (a tool's own `maxModelBytes` wins), and of one step. @default { output: 250_000, step: 1_000_000 } */
  maxModelBytes?: number | { output?: number; step?: number };
  /** Words of the guard in another language. @default English */
  labels?: DisclosureLabelsOverride;
}

/**
 * Decides what of the results of tools the model is given, and asks where a person has to say yes. Give it to the hook: `plugins: [disclosure()]`.
 *
 * @throws TypeError on options that make no sense
 */
export function disclosure(options: DisclosureOptions = {}): ToolCallsPlugin {
  const { consent, guard = 'ask', maxModelBytes } = options;
  const { output: maxOutput = 250_000, step: maxStep = 1_000_000 } =
    typeof maxModelBytes === 'number' ? { output: maxModelBytes } : (maxModelBytes ?? {});
  expectCount('`maxModelBytes`', maxOutput, 1);
  expectCount('`maxModelBytes.step`', maxStep, 1);
  if (guard !== false) expectOneOf('`guard`', guard, ['ask', 'block']);
  if (consent !== undefined) expectType('`consent`', consent, 'function');
  return { name: 'disclosure', forChat: () => createDisclosure({ ...options, guard, maxOutput, maxStep }) };
}

interface Settings extends Pick<DisclosureOptions, 'consent' | 'labels'> {
  readonly guard: false | 'ask' | 'block';
  readonly maxOutput: number;
  readonly maxStep: number;
}

interface Prepared {
  readonly generation: number;
  value: ModelValue | Promise<ModelValue>;
}

function createDisclosure({ consent: ask, guard, maxOutput, maxStep, labels }: Settings): ToolCallsPlugin {
  const words = { ...englishDisclosureLabels, ...labels };
  let host: PluginHost | undefined;
  const prepared = new Map<ToolCallKey, Prepared>();
  const consent = ask && createConsent(ask, plugin);

  /** Of what fits into a step, the bytes that its other calls have left. */
  function bytesLeft({ batchKey, key }: ToolCall): number {
    const batch = host?.store.getState().batches[batchKey];
    const others = batch === undefined ? [] : listCalls(batch).filter((call) => call.key !== key);
    return others.reduce((left, call) => left - (factsOf(call).disclosed?.bytes ?? 0), maxStep);
  }

  /** What the model reads of a call, worked out when it settles: what is known of it is on its record before anything is sent. */
  function prepare(call: SucceededToolCall, output: unknown): ModelValue | Promise<ModelValue> {
    const policy = host?.policyOf(call.toolName);
    const bound = () => Math.min(policy?.maxModelBytes ?? maxOutput, bytesLeft(call));
    const value = toModelValue(policy, call, output, bound);
    const entry: Prepared = { generation: call.generation, value };
    prepared.set(call.key, entry);
    const note = ({ facts, fault }: ModelValue) => {
      if (fault !== undefined) reportFault(self, 'toModel', fault);
      const key = [...prepared].find(([, each]) => each === entry)?.[0];
      if (key === undefined || entry.value !== value) return;
      host?.record({ disclosed: facts }, key);
      consent?.consider(toolBatchKeyOf(key));
    };
    if (isPromiseLike(value)) void value.then(note);
    else note(value);
    return value;
  }

  function readModelValue(call: SucceededToolCall, output: unknown): ModelValue | Promise<ModelValue> {
    const known = prepared.get(call.key);
    return known?.generation === call.generation ? known.value : prepare(call, output);
  }

  function noteConversation(): void {
    if (host === undefined) return;
    const { store, getMessages, policyOf, record } = host;
    const conversation = readConversation(getMessages(), store.getState(), policyOf);
    if (JSON.stringify(conversation) !== JSON.stringify(conversationOf(store.getState()))) record({ conversation });
  }

  function hear(event: ToolCallStoreEvent): void {
    const { batchKey, type } = event;
    if (host === undefined) return;
    if (type === 'batch-moved') move(batchKey, moveToolBatchKey(batchKey, event.messageId));
    if (type === 'batch-forgotten')
      for (const key of prepared.keys()) if (toolBatchKeyOf(key) === batchKey) prepared.delete(key);
    const call = 'key' in event ? selectToolCall(host.store.getState(), event.key) : undefined;
    if (type === 'call-succeeded' || type === 'call-overruled' || type === 'call-failed') {
      if (call?.status === 'succeeded') prepare(call, call.output);
      if (call?.status === 'failed') host.record({ disclosed: toFailedFacts(call) }, call.key);
    }
    if (type === 'call-retried') host.record({ disclosed: undefined }, event.key);
    if (type !== 'plugin-event') consent?.consider(batchKey);
    if (type === 'batch-told') {
      dropLate(batchKey);
      noteConversation();
      addToRecord(host, batchKey, systemClock.now());
    }
  }

  /** A request went out before a redaction had ended: it carried nothing of the output. */
  function dropLate(batchKey: string): void {
    for (const [key, entry] of prepared) {
      if (toolBatchKeyOf(key) !== batchKey || !isPromiseLike(entry.value)) continue;
      const call = selectToolCall(host!.store.getState(), key);
      if (call?.generation !== entry.generation || factsOf(call).disclosed !== undefined) continue;
      const facts = { labels: [], untrusted: false, withheld: 'by-page', bytes: 0 } as const;
      entry.value = { facts };
      host!.record({ disclosed: facts }, key);
    }
  }

  function toFailedFacts(call: ToolCall) {
    const untrusted = host?.policyOf(call.toolName)?.untrusted ?? true;
    return { labels: [], untrusted, bytes: countBytes(call.error?.message ?? '') };
  }

  function move(from: string, to: string): void {
    for (const [key, entry] of prepared) {
      if (toolBatchKeyOf(key) !== from) continue;
      prepared.delete(key);
      prepared.set(moveToolCallKey(key, to), entry);
    }
    consent?.move(from, to);
  }

  /** What the conversation had brought when the model made a call. */
  function listBefore(call: ToolCall, { store, getMessages, policyOf }: PluginHost): AnswerSource[] {
    const state = store.getState();
    const conversation = readConversation(getMessages(), state, policyOf);
    return listSourcesBefore(listSources(state, conversation, policyOf), conversation, call);
  }

  function judge(call: ToolCall): GuardReasons | 'not-ready' | undefined {
    if (guard === false) return undefined;
    if (host === undefined) return 'not-ready';
    const policy = host.policyOf(call.toolName);
    if (policy?.openWorld !== true) return undefined;
    return judgeCall(call, true, listBefore(call, host), (source) => readOutput(source, host!));
  }

  function explain(reasons: GuardReasons | 'not-ready'): string {
    return reasons === 'not-ready' ? words.guardNotReady : explainGuard(words, reasons);
  }

  const self: ToolCallsPlugin = {
    name: 'disclosure',
    connect(given) {
      host = given;
      noteConversation();
      const stop = given.subscribe(hear);
      const release = consent?.connect(given);
      // Calls that came before may have been held back for want of a host.
      given.reconsider();
      return () => {
        stop();
        release?.();
      };
    },
    approval(call) {
      const reasons = guard === 'ask' ? judge(call) : undefined;
      return reasons === undefined ? false : explain(reasons);
    },
    beforeAttempt(call) {
      const reasons = judge(call);
      if (reasons === undefined || (guard === 'ask' && call.approved === true)) return;
      throw new ToolCallError('denied', `${call.toolName} did not run. ${explain(reasons)}`);
    },
    toModel(call, output) {
      if (call.status !== 'succeeded') throw new ToolCallError('denied', 'The output was withheld.');
      const deliver = async () => {
        const value = await readModelValue(call, output);
        return unwrap(call, value, value.facts.withheld ?? (await consent?.wait(call)));
      };
      const value = readModelValue(call, output);
      return consent === undefined && !isPromiseLike(value) ? unwrap(call, value, value.facts.withheld) : deliver();
    },
    errorToModel: (call, text) => toModelError(call, host?.policyOf(call.toolName), text),
    ...(consent && { beforeFollowUp: ({ key }) => (consent.isAwaiting(key) ? 'hold' : 'send') }),
    request(request) {
      noteConversation();
      return request;
    },
  };
  return self;

  function plugin(): ToolCallsPlugin {
    return self;
  }
}

/** What the model reads. @throws ToolCallError with the words for what it does not read */
function unwrap(call: ToolCall, { value }: ModelValue, withheld: Withheld | undefined): unknown {
  if (withheld !== undefined) throw explainWithheld(call, withheld);
  return value;
}

/** The output that a source gave: the tool's own where this page has it. */
function readOutput({ key, messageId, toolCallId }: AnswerSource, { store, getMessages }: PluginHost): unknown {
  const call = selectToolCall(store.getState(), key);
  if (call !== undefined) return call.output;
  const parts = getMessages().find((message) => message?.id === messageId)?.parts ?? [];
  return parts.map((part) => ('toolCallId' in part && part.toolCallId === toolCallId ? part.output : undefined));
}
