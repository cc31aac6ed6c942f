/**
 * Owns the plugin: it stands between the tools of a chat and what the model is given, and keeps what it decides on the records. What is decided is in
 * `model-value.ts`, `guard.ts`, `consent.ts`; what was given to which answer in `sources.ts` and `record.ts`.
 */
import { ToolCallError } from '../core/errors.ts';
import { reportFault, type PluginHost, type ToolCallsPlugin } from '../core/plugins.ts';
import { isPromiseLike } from '../core/schema.ts';
import { selectToolCall } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { SucceededToolCall, ToolBatchKey, ToolCall } from '../core/tool-call.ts';
import { considerConsent, listOpen, takeAnswers, type ConsentPolicy, type Release } from './consent.ts';
import { judgeCall } from './guard.ts';
import { explainGuard, guardWords } from './guard-words.ts';
import type { DisclosureLabelsOverride } from './labels.ts';
import {
  countBytes,
  NOTHING_KNOWN,
  readModelValue,
  toModelError,
  toModelValue,
  type ModelValue,
} from './model-value.ts';
import { addToRecord, recallRecord, type RecordJournal } from './record.ts';
import {
  callsOf,
  disclosedOf,
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
  /** Keeps the record over a reload, as long as the journal keeps anything. @default none: it ends with the page */
  journal?: RecordJournal;
  /** Words of the guard in another language. @default English */
  labels?: DisclosureLabelsOverride;
}

/**
 * Decides what of the results of tools the model is given, and asks where a person has to say yes. Give it to the hook: `plugins: [disclosure()]`.
 *
 * @throws TypeError on options that make no sense
 */
export function disclosure(options: DisclosureOptions = {}): ToolCallsPlugin {
  const { guard = 'ask', maxModelBytes } = options;
  const { output = 250_000, step = 1_000_000 } =
    typeof maxModelBytes === 'object' ? maxModelBytes : { output: maxModelBytes };
  if (!(output >= 1 && step >= 1) || ![false, 'ask', 'block'].includes(guard))
    throw new TypeError("Expected `guard` to be false, 'ask' or 'block', and `maxModelBytes` to be bytes from 1 up.");
  const words = { ...guardWords, ...options.labels };
  return { name: NAME, forChat: () => createDisclosure({ ...options, guard, output, step, words }) };
}

interface Settings extends DisclosureOptions {
  /** How many bytes the model may get of one output, and of one step. */
  readonly output: number;
  readonly step: number;
  readonly words: typeof guardWords;
}

const NAME = 'disclosure';

/** What the model reads of one run of a call, and whether it may. */
interface Prepared {
  value: ModelValue | Promise<ModelValue>;
  /** Settles once somebody has said whether it goes: then `value` is what they have left of it. */
  readonly released: Promise<void>;
  readonly release: () => void;
}

function createDisclosure({ consent, guard, output: most, step, journal, words }: Settings): ToolCallsPlugin {
  let host: PluginHost | undefined;
  /** By the list of a run's attempts: it is the same object when the call gets another key, and another one after a retry. */
  const prepared = new WeakMap<ToolCall['attempts'], Prepared>();

  /** Of what fits into a step, the bytes that its other calls have left. */
  function bytesLeft({ batchKey, key }: ToolCall): number {
    const others = callsOf(host!.store.getState(), batchKey).filter((call) => call.key !== key);
    return others.reduce((left, call) => left - disclosedOf(call).bytes, step);
  }

  /** Works out what the model reads when a call settles: what is known of it is on its record before anything is sent. */
  function prepare(call: SucceededToolCall, output: unknown): Prepared {
    const value = toModelValue(host!.policyOf(call.toolName), call, output, most, () => bytesLeft(call));
    let release!: Prepared['release'];
    const released = new Promise<void>((resolve) => (release = resolve));
    const entry: Prepared = { value, released, release };
    prepared.set(call.attempts, entry);
    const note = ({ facts, fault }: ModelValue) => {
      if (fault !== undefined) reportFault(self, 'toModel', fault);
      // Nobody is asked about it.
      if (consent === undefined || facts.withheld !== undefined) entry.release();
      if (prepared.get(call.attempts) !== entry || entry.value !== value) return;
      host!.record({ disclosed: facts }, call.key);
      consider(call.batchKey);
    };
    if (isPromiseLike(value)) void value.then(note);
    else note(value);
    return entry;
  }

  /** What was decided, by this page or by the one whose records were taken over. */
  function recall(call: SucceededToolCall, output: unknown): Prepared {
    const known = prepared.get(call.attempts);
    if (known !== undefined) return known;
    const { disclosed, letGo } = factsOf(selectToolCall(host!.store.getState(), call.key));
    const entry = prepare(call, output);
    if (disclosed?.withheld !== undefined || letGo === call.generation) release(call, disclosed?.withheld);
    return entry;
  }

  const release: Release = (call, withheld) => {
    const entry = prepared.get(call.attempts);
    if (withheld === undefined) host!.record({ letGo: call.generation }, call.key);
    else {
      const { labels, untrusted } = disclosedOf(call);
      const facts = { labels, untrusted, withheld, bytes: 0 };
      if (entry !== undefined) entry.value = { facts };
      host!.record({ disclosed: facts }, call.key);
    }
    entry?.release();
  };

  function consider(batchKey: ToolBatchKey): void {
    if (consent !== undefined) considerConsent(consent, host!, batchKey, release, self);
  }

  function noteConversation(): void {
    const { order, others } = factsOf(host!.store.getState());
    const conversation = readConversation(host!);
    if (JSON.stringify(conversation) !== JSON.stringify({ order, others })) host!.record(conversation);
  }

  /** A request has carried a batch as it is. What was not ready for it, or not let go, it did not carry. */
  function noteSent(batchKey: ToolBatchKey): void {
    const isOpen = (call: ToolCall) => consent !== undefined || factsOf(call).disclosed === undefined;
    const missed = listOpen(host!.store.getState(), batchKey).filter(isOpen);
    if (missed.length > 0) host!.record({ awaiting: [] }, batchKey);
    for (const call of missed) release(call, 'unsent');
    noteConversation();
    addToRecord(host!, batchKey, journal);
  }

  function hear(event: ToolCallStoreEvent): void {
    const { batchKey, type } = event;
    if (type === 'plugin-event') return;
    if (type === 'call-succeeded' || type === 'call-overruled') {
      const call = selectToolCall(host!.store.getState(), event.key);
      if (call?.status === 'succeeded') prepare(call, call.output);
    }
    if (type === 'call-retried') host!.record({ disclosed: undefined }, event.key);
    if (type === 'batch-told') noteSent(batchKey);
    else consider(batchKey);
  }

  /** Why a call needs a person's yes, in words. */
  function judge(call: ToolCall): string | undefined {
    if (guard === false) return undefined;
    if (host === undefined) return words.guardNotReady;
    if (host.policyOf(call.toolName)?.openWorld !== true) return undefined;
    const conversation = readConversation(host);
    const sources = listSources(host.store.getState(), conversation, host.policyOf);
    const before = listSourcesBefore(sources, conversation, call);
    const reasons = judgeCall(call, before, (source) => readOutput(source, host!));
    return reasons && explainGuard(words, reasons);
  }

  const self: ToolCallsPlugin = {
    name: NAME,
    connect(given) {
      host = given;
      noteConversation();
      if (journal !== undefined) void recallRecord(journal, given);
      const stopHearing = given.subscribe(hear);
      const stopAnswers = takeAnswers(given, release);
      for (const key in given.store.getState().batches) consider(key);
      // Calls that came before may have been held back for want of a host.
      given.reconsider();
      return () => {
        stopHearing();
        stopAnswers();
      };
    },
    approval: (call) => (guard === 'ask' && judge(call)) || false,
    beforeAttempt(call) {
      const reason = judge(call);
      if (reason === undefined || (guard === 'ask' && call.approved === true)) return;
      throw new ToolCallError('denied', `${call.toolName} did not run. ${reason}`);
    },
    toModel(call, output) {
      // SAFETY: only a call that has succeeded has an output to send.
      const entry = recall(call as SucceededToolCall, output);
      if (consent === undefined && !isPromiseLike(entry.value)) return readModelValue(call, entry.value);
      return entry.released.then(async () => readModelValue(call, await entry.value));
    },
    errorToModel(call, text) {
      const policy = host!.policyOf(call.toolName);
      const words = toModelError(call, policy, text);
      const untrusted = policy?.untrusted ?? true;
      host!.record({ disclosed: { ...NOTHING_KNOWN, untrusted, bytes: countBytes(words) } }, call.key);
      return words;
    },
    request(request) {
      if (host !== undefined) noteConversation();
      return request;
    },
  };
  return self;
}

/** The output that a source gave: the tool's own where this page has it. */
function readOutput({ key }: AnswerSource, { store, getMessages, toolPartsOf }: PluginHost): unknown {
  const call = selectToolCall(store.getState(), key);
  if (call !== undefined) return call.output;
  return getMessages().flatMap(toolPartsOf).find((ref) => ref.key === key)?.part.output; // prettier-ignore
}
