// Owns: a random conversation over a real server about values that must not leave: the tools that have them, what a person does, and the look at every byte.
import { DefaultChatTransport, type UIMessage, type UIMessageChunk } from 'ai';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { answerConsent, disclosure, exportRecord, selectConsent } from 'use-parallel-tools/disclosure';
import { memoryStorage, toolCallJournal } from 'use-parallel-tools/durable';
import { createSessionRecorder } from 'use-parallel-tools/testing';
import { onTrace } from 'use-parallel-tools/tracing';
import type { ByteAnswer, ByteListener, startByteServer } from './byte-server.ts';
import { openDisclosurePage, pass, type DisclosurePage } from './disclosure-page.ts';

/** What becomes of a value: taken out, in any way that a tool has; or a person, or the page, decides. */
export const MODES = ['masks', 'masks-late', 'mask-throws', 'mask-rejects', 'too-large', 'throws', 'is-failure', 'progress', 'streams', 'meta', 'asks', 'blocked'] as const; // prettier-ignore
export type Mode = (typeof MODES)[number];

/** One answer of the model: a call for each mode, or text; it may be cut off. */
export interface Script {
  readonly modes: readonly Mode[];
  readonly cut: number;
}

export interface Action {
  readonly name: 'message' | 'retry' | 'resend' | 'regenerate' | 'stop' | 'cancel' | 'consent' | 'reload' | 'resume' | 'wait'; // prettier-ignore
  readonly pick: number;
}

interface Secret {
  readonly text: string;
  readonly mode: Mode;
  /** A person has let it go. */
  isFree: boolean;
}

let worlds = 0;

export class SecretWorld implements ByteListener {
  readonly id = `chat-${worlds++}`;
  /** Where a value was that must not be there. */
  readonly leaks: string[] = [];
  requests = 0;
  readonly #secrets = new Map<number, Secret>();
  readonly #scripts: Script[];
  readonly #api: string;
  readonly #disk = memoryStorage();
  #cut: ByteAnswer | undefined;
  #recorder!: ReturnType<typeof createSessionRecorder>;
  #page: DisclosurePage;
  #count = 0;

  constructor(server: Awaited<ReturnType<typeof startByteServer>>, scripts: readonly Script[]) {
    this.#scripts = [...scripts];
    this.#api = server.listen(this.id, this);
    this.#page = this.#open([]);
  }

  // ── The server ──────────────────────────────────────────────────────────────

  hear(bytes: string): void {
    this.requests++;
    this.#look('a request', bytes);
  }

  answer(): ByteAnswer {
    const { modes, cut } = this.#scripts.shift() ?? { modes: [], cut: 0 };
    const messageId = `m${this.#count}`;
    const calls = modes.flatMap((mode): UIMessageChunk[] => {
      const n = this.#count++;
      this.#secrets.set(n, { text: `Zq${this.id.replace('-', '')}n${n}Kx`, mode, isFree: false });
      const call = { toolCallId: `c${n}`, toolName: TOOL_OF[mode] };
      return [
        { type: 'tool-input-start', ...call },
        { type: 'tool-input-available', ...call, input: { n, mode } },
      ];
    });
    const text: UIMessageChunk[] = [
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'So' },
      { type: 'text-end', id: 't' },
    ];
    const chunks: UIMessageChunk[] = [
      { type: 'start', messageId },
      { type: 'start-step' },
      ...(calls.length > 0 ? calls : text),
      { type: 'finish-step' },
      { type: 'finish', finishReason: calls.length > 0 ? 'tool-calls' : 'stop' },
    ];
    const answer = cut > 0 && cut < chunks.length ? { chunks, cutAt: cut } : { chunks };
    this.#cut = answer.cutAt === undefined ? undefined : { chunks };
    return answer;
  }

  resume(): ByteAnswer | undefined {
    const cut = this.#cut;
    this.#cut = undefined;
    return cut;
  }

  // ── The page ────────────────────────────────────────────────────────────────

  #secretOf(n: number): Secret {
    return this.#secrets.get(n)!;
  }

  #open(messages: UIMessage[]): DisclosurePage {
    const inputSchema = z.object({ n: z.number(), mode: z.string() });
    const isFailure = (output: unknown) => {
      const { failure } = Object(output) as { failure?: string };
      return failure ?? false;
    };
    const run = async (
      { n, mode }: { n: number; mode: string },
      { reportProgress }: { reportProgress: (progress: { message: string }) => void },
    ): Promise<unknown> => {
      const { text } = this.#secretOf(n);
      await pass(n % 3);
      if (mode === 'throws') throw new Error(`No such street: ${text}`);
      if (mode === 'is-failure') return { failure: `It says ${text}` };
      if (mode === 'progress') reportProgress({ message: `Looking at ${text}` });
      return { n, street: text, _meta: { street: text }, ...(mode === 'too-large' && { rest: 'x'.repeat(3000) }) };
    };
    const redact = (output: unknown) => {
      const { n } = output as { n: number };
      const { mode, text } = this.#secretOf(n);
      if (mode === 'mask-throws') throw new Error(`Cannot mask ${text}`);
      const masked = mode === 'too-large' ? output : { n, street: '[withheld]' };
      if (mode === 'mask-rejects') return pass(1).then(() => Promise.reject(new Error(`Cannot mask ${text}`)));
      return mode === 'masks-late' ? pass(3).then(() => masked) : masked;
    };
    const secret = { inputSchema, readOnly: true, retry: 0, isFailure, persist: false } as const;
    const tools = {
      secret: clientTool({ ...secret, labels: ['personal'], maxModelBytes: 500, redact, execute: run }),
      streams: clientTool({
        ...secret,
        labels: () => ['personal'],
        redact,
        execute: ({ n }) => streamOutputs(n, this.#secretOf(n).text),
      }),
      write: clientTool({ inputSchema, labels: ['personal'], redact, isFailure, persist: false, execute: run }),
      asks: clientTool({ ...secret, labels: ['ask'], execute: run }),
      blocked: clientTool({ ...secret, labels: ['block'], execute: run }),
    };
    const consent = ({ labels }: { labels: readonly string[] }) =>
      labels.includes('ask') ? 'ask' : labels.includes('block') ? 'block' : 'send';
    const journal = toolCallJournal({ storage: this.#disk });
    this.#recorder = createSessionRecorder();
    const plugins = [
      this.#recorder,
      journal,
      disclosure({ consent, journal }),
      onTrace((trace) => this.#look('a span', JSON.stringify(trace)), { recordInputs: true, recordOutputs: true }),
    ];
    const transport = new DefaultChatTransport<UIMessage>({ api: this.#api });
    return openDisclosurePage({ id: this.id, transport, tools, plugins, messages });
  }

  async act({ name, pick }: Action): Promise<void> {
    const page = this.#page;
    const ended = page.calls().filter(({ status }) => status === 'failed' || status === 'cancelled');
    const call = page.calls()[pick % Math.max(1, page.calls().length)];
    if (name === 'message') void page.functions.sendMessage({ text: 'And?' }).catch(() => {});
    if (name === 'resend') page.toolCalls.resend();
    if (name === 'retry' && ended.length > 0) page.toolCalls.retry(ended[pick % ended.length]!);
    if (name === 'cancel' && call !== undefined) page.toolCalls.cancel(call);
    if (name === 'regenerate' && page.chat.messages.length > 0) void page.functions.regenerate().catch(() => {});
    if (name === 'stop') void page.functions.stop();
    if (name === 'resume') void page.chat.resumeStream().catch(() => {});
    if (name === 'consent') this.#answer(pick);
    if (name === 'reload') this.#page = this.#open(page.leave());
    await pass(pick % 3 === 0 ? 0 : 6);
    this.#look('the messages', JSON.stringify(this.#page.chat.messages));
  }

  /** A person leaves out one call in two, or all of them. */
  #answer(pick: number): void {
    const { toolCalls } = this.#page;
    const state = toolCalls.store.getState();
    for (const key in state.batches) {
      const asked = selectConsent(state, key)?.calls ?? [];
      if (asked.length === 0) continue;
      const leaveOut =
        pick % 5 === 0 ? 'all' : asked.filter((_, index) => (index + pick) % 2 === 0).map(({ call }) => call.key);
      for (const { call } of asked) {
        if (leaveOut === 'all' || leaveOut.includes(call.key)) continue;
        const known = this.#secretOf((call.input as { n: number }).n);
        // What is asked about beside another call goes too, if the person lets it: nothing of it is redacted.
        if (known.mode === 'asks' || known.mode === 'blocked') known.isFree = true;
      }
      answerConsent(toolCalls, key, { leaveOut });
    }
  }

  async end(): Promise<void> {
    await pass(40);
    const page = this.#page;
    this.#look('the record', await exportRecord(page.toolCalls));
    this.#look('the record', await exportRecord(page.toolCalls, { format: 'csv' }));
    this.#look('the file of the session', JSON.stringify(this.#recorder.export()));
    this.#look('the journal', JSON.stringify(await this.#disk.read()), true);
    page.leave();
    await pass(5);
  }

  #look(place: string, bytes: string, isJournal = false): void {
    for (const { text, isFree, mode } of this.#secrets.values())
      if ((!isFree || isJournal) && bytes.includes(text)) this.leaks.push(`${mode} in ${place}`);
  }
}

/** A preliminary output, then the final one. */
async function* streamOutputs(n: number, street: string) {
  yield { n, street, part: 1 };
  await pass(2);
  yield { n, street };
}

const TOOL_OF: Record<Mode, string> = {
  masks: 'secret',
  'masks-late': 'secret',
  'mask-throws': 'secret',
  'mask-rejects': 'secret',
  'too-large': 'secret',
  throws: 'secret',
  'is-failure': 'write',
  progress: 'write',
  streams: 'streams',
  meta: 'secret',
  asks: 'asks',
  blocked: 'blocked',
};
