// Owns: a live chat that a random walk acts on, and the rules that it must keep meanwhile (DESIGN, sections 7 and 9).
import type { FinishReason, UIMessage, UIMessageChunk } from 'ai';
import { z } from 'zod';
import { clientTool, type ToolCall } from 'use-parallel-tools';
import { isSettled, listCalls } from 'use-parallel-tools/core';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import { ScriptedTransport, type ScriptedResponse } from './scripted-transport.ts';

const TOOLS = ['read', 'write', 'ask', 'hold', 'pick', 'mystery'] as const;
type ToolName = (typeof TOOLS)[number];

/** Start while the answer streams, and by themselves after a reload. */
const EAGER = new Set<ToolName>(['read', 'hold']);

interface WalkInvocation extends Deferred<unknown> {
  readonly n: number;
  readonly signal: AbortSignal;
  done: boolean;
}

/** What the model of the rules knows of a call that the model made: its input's number is its identity. */
interface Emitted {
  readonly toolName: ToolName;
  readonly response: number;
  /** How often it may run: once, and once more for each retry, run, or reload in its middle. */
  allowed: number;
  runs: number;
  approved: boolean;
  /** A person had it run: it waits for no end of a response. */
  byHand: boolean;
}

export class WalkWorld {
  readonly problems: string[] = [];
  #transport = new ScriptedTransport();
  #page = this.#open([]);
  #invocations: WalkInvocation[] = [];
  #emitted = new Map<number, Emitted>();
  #response: ScriptedResponse | undefined;
  #chunks: UIMessageChunk[] = [];
  #responses: { wellEnded: boolean; lost: boolean; tookBack?: boolean }[] = [];
  #seen = 0;
  #sent = new Map<string, number>();
  #again = 0;
  #quiet = false;
  #sending = false;
  #inStep = false;
  #messages = 0;

  #open(messages: UIMessage[]) {
    const execute = (name: ToolName) => (input: { n: number }, options: { abortSignal?: AbortSignal | undefined }) =>
      this.#run(name, input.n, options.abortSignal!);
    const inputSchema = z.object({ n: z.number() });
    const page = createParallelChat<UIMessage>({
      id: 'walk',
      messages,
      transport: this.#transport,
      maxFollowUps: 1000,
      tools: {
        read: clientTool({ inputSchema, readOnly: true, retry: 0, execute: execute('read') }),
        write: clientTool({ inputSchema, execute: execute('write') }),
        ask: clientTool({ inputSchema, approval: true, execute: execute('ask') }),
        hold: clientTool({ inputSchema, readOnly: true, retry: 0, onFailure: 'hold', execute: execute('hold') }),
        pick: clientTool({ inputSchema, outputSchema: z.string() }),
      },
    });
    return { ...page, unmount: page.bridge.mount() };
  }

  #run(name: ToolName, n: number, signal: AbortSignal): Promise<unknown> {
    const emitted = this.#emitted.get(n);
    if (emitted === undefined) this.#fault(`${name} ran with an input that nobody gave`);
    else {
      emitted.runs++;
      if (emitted.runs > emitted.allowed) this.#fault(`${name} ${n} ran ${emitted.runs} times`);
      if (name === 'ask' && !emitted.approved) this.#fault(`ask ${n} ran without a yes`);
      const late = name === 'write' || name === 'ask';
      if (late && !emitted.byHand && !this.#responses[emitted.response]?.wellEnded)
        this.#fault(`${name} ${n} ran before its response had ended well`);
    }
    const deferred = createDeferred();
    this.#invocations.push({ ...deferred, n, signal, done: false });
    return deferred.promise;
  }

  #fault(text: string): void {
    this.problems.push(text);
  }

  get #calls(): ToolCall[] {
    return Object.values(this.#page.bridge.toolCalls.store.getState().batches).flatMap(listCalls);
  }

  #emittedOf(call: ToolCall): Emitted | undefined {
    return this.#emitted.get((call.input as { n?: number } | undefined)?.n ?? -1);
  }

  #pickCall(pick: number, fits: (call: ToolCall) => boolean): ToolCall | undefined {
    const calls = this.#calls.filter(fits);
    return calls[pick % Math.max(1, calls.length)];
  }

  // ── What the server does ────────────────────────────────────────────────────

  #write(...chunks: UIMessageChunk[]): void {
    if (this.#response === undefined || this.#response.isClosed) return;
    this.#chunks.push(...chunks);
    this.#response.write(...chunks);
  }

  /** Answers begin when the server first writes something. */
  #beginStep(): boolean {
    if (this.#response === undefined || this.#response.isClosed) return false;
    if (this.#inStep) return true;
    this.#inStep = true;
    const last = this.#response.messages.at(-1);
    const messageId = last?.role === 'assistant' ? last.id : `m${this.#messages++}`;
    this.#write({ type: 'start', messageId }, { type: 'start-step' });
    return true;
  }

  text(): void {
    const id = `t${this.#chunks.length}`;
    if (this.#beginStep())
      this.#write({ type: 'text-start', id }, { type: 'text-delta', id, delta: 'text' }, { type: 'text-end', id });
  }

  call(pick: number): void {
    if (!this.#beginStep()) return;
    const n = this.#emitted.size;
    const toolName = TOOLS[pick % TOOLS.length]!;
    const response = this.#responses.length - 1;
    const allowed = EAGER.has(toolName) && this.#responses.at(-1)?.tookBack === true ? Infinity : 1;
    this.#emitted.set(n, { toolName, response, allowed, runs: 0, approved: false, byHand: false });
    const toolCallId = `c${n}`;
    this.#write({ type: 'tool-input-start', toolCallId, toolName });
    if (pick % 11 === 10) return; // The rest of its input never comes.
    this.#write({ type: 'tool-input-available', toolCallId, toolName, input: { n } });
  }

  resetStep(): void {
    if (!this.#inStep) return;
    // What is taken back is forgotten: a replay starts the eager calls of that step again, before it takes them back once more.
    for (const emitted of this.#emitted.values())
      if (EAGER.has(emitted.toolName) && emitted.response === this.#responses.length - 1) emitted.allowed = Infinity;
    this.#responses.at(-1)!.tookBack = true;
    this.#write({ type: 'reset-step' });
  }

  finish(finishReason: FinishReason): void {
    if (!this.#beginStep()) return;
    this.#responses.at(-1)!.wellEnded = ['tool-calls', 'stop'].includes(finishReason);
    this.#write({ type: 'finish-step' }, { type: 'finish', finishReason });
    this.#response!.close();
  }

  close(): void {
    this.#response?.close();
  }

  error(): void {
    this.#write({ type: 'error', errorText: 'overloaded' });
    this.#response?.close();
  }

  lose(): void {
    if (this.#response === undefined || this.#response.isClosed) return;
    this.#responses.at(-1)!.lost = true;
    this.#response.fail(new TypeError('network error'));
  }

  refuseNext(): void {
    this.#transport.failNext = new Error('500');
  }

  /** The connection is back: the server replays what it wrote, and goes on. */
  resume(): void {
    const last = this.#responses.at(-1);
    if (last?.lost !== true || !['ready', 'error'].includes(this.#page.chat.status)) return;
    last.lost = false;
    this.#quiet = false;
    this.#replay();
  }

  #replay(): void {
    this.#transport.offerResume();
    const resumed = this.#transport.resumable!;
    // The messages of the request are still what the answer continues.
    Object.assign(resumed, { request: this.#response?.request });
    this.#response = resumed;
    resumed.write(...this.#chunks);
    void this.#page.chat.resumeStream();
  }

  // ── What tools and people do ────────────────────────────────────────────────

  settle(pick: number, succeeds: boolean): void {
    const open = this.#invocations.filter(({ done }) => !done);
    const invocation = open[pick % Math.max(1, open.length)];
    if (invocation === undefined) return;
    invocation.done = true;
    if (succeeds) invocation.resolve(`result ${invocation.n}`);
    else invocation.reject(new Error(`failure ${invocation.n}`));
  }

  send(): void {
    this.#quiet = false;
    this.#sending = true;
    void this.#page.functions.sendMessage({ text: 'message' });
  }

  regenerate(): void {
    if (this.#page.chat.messages.length === 0) return;
    this.#quiet = false;
    this.#sending = true;
    void this.#page.functions.regenerate();
  }

  resend(): void {
    this.#quiet = false;
    this.#sending = true;
    this.#again++;
    this.#page.bridge.toolCalls.resend();
  }

  stop(): void {
    // A message that is on its way is not lost by it.
    this.#quiet = !this.#sending;
    void this.#page.functions.stop();
    this.#expectAborted('stop');
  }

  #expectAborted(after: string): void {
    for (const { n, signal, done } of this.#invocations)
      if (!done && !signal.aborted) this.#fault(`${n} still runs after ${after}`);
  }

  retry(pick: number): void {
    const call = this.#pickCall(pick, ({ status }) => status === 'failed' || status === 'cancelled');
    if (call === undefined) return;
    this.#quiet = false;
    this.#again++;
    this.#allow(call);
    this.#page.bridge.toolCalls.retry(call);
  }

  #allow(call: ToolCall): void {
    const emitted = this.#emittedOf(call);
    if (emitted === undefined) return;
    emitted.allowed++;
    emitted.byHand = true;
  }

  #allowEager(call: ToolCall): void {
    const emitted = this.#emittedOf(call);
    if (emitted !== undefined && EAGER.has(emitted.toolName)) emitted.allowed++;
  }

  cancel(pick: number): void {
    const call = this.#pickCall(pick, () => true);
    if (call !== undefined) this.#page.bridge.toolCalls.cancel(call);
  }

  cancelAll(): void {
    this.#page.bridge.toolCalls.cancelAll();
    this.#expectAborted('cancelAll');
  }

  answer(pick: number, yes: boolean): void {
    const call = this.#pickCall(pick, (each) => !isSettled(each) || each.held === true);
    if (call === undefined) return;
    const { toolCalls } = this.#page.bridge;
    const emitted = this.#emittedOf(call);
    if (call.status === 'awaiting-approval' && emitted !== undefined) emitted.approved ||= yes;
    if (call.status === 'interrupted' && yes) this.#allow(call);
    if (!yes) for (const command of [toolCalls.deny, toolCalls.skip]) command(call);
    else for (const command of [toolCalls.approve, toolCalls.run]) command(call);
    if (yes) toolCalls.respond(call, 'an answer');
  }

  /** The page is left and comes back with the messages that it had; a stream that ran is resumed. */
  reload(resumes: boolean): void {
    this.#page.unmount();
    this.#quiet = false;
    const streamed = this.#response !== undefined && !this.#response.isClosed;
    const messages = JSON.parse(JSON.stringify(this.#page.bridge.complete(this.#page.chat.messages))) as UIMessage[];
    for (const call of this.#calls) this.#allowEager(call);
    this.#transport.resumable = undefined;
    this.#page = this.#open(messages);
    if (streamed && resumes) this.#replay();
    else if (streamed) this.#response!.close();
  }

  /** As StrictMode and Activity do. */
  remount(): void {
    this.#page.unmount();
    Object.assign(this.#page, { unmount: this.#page.bridge.mount() });
  }

  // ── What must hold ──────────────────────────────────────────────────────────

  /** Lets what is ready happen, then looks at it. */
  async look(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    this.#sending = false;
    for (; this.#seen < this.#transport.responses.length; this.#seen++)
      this.#take(this.#transport.responses[this.#seen]!);
    for (const problem of this.#transport.problems.splice(0)) this.#fault(problem);
  }

  #take(response: ScriptedResponse): void {
    if (this.#quiet) this.#fault('a request went out after stop');
    if (this.#response !== undefined && !this.#response.isClosed) this.#fault('a request went out beside another one');
    this.#response = response;
    this.#chunks = [];
    this.#inStep = false;
    this.#responses.push({ wellEnded: false, lost: false });
    const last = response.messages.at(-1);
    if (last?.role !== 'assistant') return;
    const steps = last.parts.filter(({ type }) => type === 'step-start').length;
    const key = `${last.id}/${steps}`;
    const sends = (this.#sent.get(key) ?? 0) + 1;
    this.#sent.set(key, sends);
    if (sends > 1 + this.#again) this.#fault(`step ${key} was sent ${sends} times`);
  }

  /** Everything comes to its end: nothing hangs, nothing is lost, and the user can go on. */
  async end(): Promise<void> {
    this.#transport.failNext = undefined;
    await this.look();
    this.#quiet = false;
    for (let round = 0; round < 40; round++) {
      if (this.#response !== undefined && !this.#response.isClosed) {
        this.text();
        this.finish('stop');
      } else this.resume();
      for (let open = this.#invocations.filter(({ done }) => !done).length; open > 0; open--) this.settle(0, true);
      for (const call of this.#calls) {
        if (call.status === 'interrupted' || call.held === true) this.#page.bridge.toolCalls.skip(call);
      }
      for (let index = 0; index < this.#calls.length; index++) this.answer(index, true);
      await this.look();
    }
    for (const call of this.#calls) if (!isSettled(call)) this.#fault(`${call.key} is ${call.status} for ever`);
    const batches = Object.values(this.#page.bridge.toolCalls.store.getState().batches);
    const last = this.#page.chat.messages.at(-1);
    const steps = last?.parts.filter(({ type }) => type === 'step-start').length ?? 0;
    const unsent = batches.find(({ messageId, step }) => messageId === last?.id && step === steps - 1);
    if (unsent !== undefined && unsent.halt === undefined && !this.#sent.has(`${last?.id}/${steps}`))
      this.#fault(`${unsent.key} was never sent`);
    const before = this.#transport.responses.length;
    this.send();
    await this.look();
    if (this.#transport.responses.length !== before + 1) this.#fault('the next message did not go out');
    this.text();
    this.finish('stop');
    await this.look();
    if (this.#page.chat.status !== 'ready') this.#fault(`the chat is ${this.#page.chat.status} at the end`);
    this.#page.unmount();
    await this.look();
  }
}
