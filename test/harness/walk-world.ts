// Owns: a random walk as it goes: what people and the page do, what the server sends, and the look at the rules after each step.
import type { UIMessage } from 'ai';
import { groupMessageParts, type ToolCall } from 'use-parallel-tools';
import { isSettled } from 'use-parallel-tools/core';
import { ScriptedTransport, type ScriptedResponse } from './scripted-transport.ts';
import { loadHistory, type LoadedCall } from './walk-history.ts';
import { WalkClock, WalkPage, WalkTools, type WalkWay } from './walk-page.ts';
import { isFinalPart, toolPartsOf, WalkRules, type WalkCall } from './walk-rules.ts';
import { WalkPlugin } from './walk-plugin.ts';
import { WalkServer } from './walk-server.ts';

/** What a walk begins with. */
export interface WalkSetup {
  readonly way: WalkWay;
  readonly waits: boolean;
  /** The page sends before it is mounted. */
  readonly isEarly: boolean;
  /** The page's tools come later. */
  readonly isLate: boolean;
  /** Calls that an earlier load of the page has left. */
  readonly history: readonly LoadedCall[];
}

export class WalkWorld {
  readonly rules = new WalkRules();
  readonly #transport = new ScriptedTransport();
  readonly server = new WalkServer(this.#transport, this.rules);
  readonly #tools = new WalkTools(this.rules);
  readonly #clock = new WalkClock();
  readonly plugin = new WalkPlugin();
  readonly #setup: WalkSetup;
  #page: WalkPage;
  #seen = 0;
  #messages = 0;
  /** Messages of the user that have not gone out. */
  #unsent = new Set<string>();
  /** Those of a page that was hidden: they may go out, or not. */
  #adrift = new Set<string>();
  /** Those of this turn: the SDK drops them when it is stopped at once. */
  #fresh = new Set<string>();
  /** Answers that are to be made anew, and for which the chat waits. */
  #regenerating = 0;
  #quiet = false;
  #sending = false;
  #ids = 0;

  constructor(setup: WalkSetup) {
    this.#setup = setup;
    this.#page = this.#open(loadHistory(setup.history, this.rules));
    if (!setup.isEarly) this.mount();
  }

  #open(messages: UIMessage[]): WalkPage {
    const { way, isLate, waits } = this.#setup;
    const onNewMessage = waits ? 'wait' : 'cancel';
    const [transport, tools, clock, plugins] = [this.#transport, this.#tools, this.#clock, [this.plugin.plugin]];
    return new WalkPage({ transport, tools, clock, plugins, messages, way, isLate, onNewMessage });
  }

  /** The cards that the page shows. */
  get #cards(): ToolCall[] {
    const { calls, messages } = this.#page;
    const shown = messages
      .flatMap((message) => groupMessageParts(message))
      .flatMap((group) => (group.type === 'tool-calls' ? Object.values(group.batch.calls) : []))
      .filter((call) => call.status !== 'input-streaming');
    // Of a copy that the page has yet to leave out, the card is the call's own.
    const unknown = shown.filter(({ toolCallId }) => calls.every((call) => call.toolCallId !== toolCallId));
    return [...calls, ...unknown];
  }

  #pickCall(pick: number, fits: (call: ToolCall) => boolean): ToolCall | undefined {
    const calls = this.#cards.filter(fits);
    return this.#page.isMounted ? calls[pick % Math.max(1, calls.length)] : undefined;
  }

  // ── What tools and people do ────────────────────────────────────────────────

  settle(pick: number, succeeds: boolean): void {
    const { open } = this.#tools;
    const invocation = open[pick % Math.max(1, open.length)];
    if (invocation === undefined) return;
    invocation.done = true;
    if (succeeds) invocation.resolve(`result ${invocation.n}`);
    else invocation.reject(new Error(`failure ${invocation.n}`));
  }

  /** An effect of the page may send before the hook is mounted; a page that is hidden does nothing. */
  send(): void {
    if (!this.#page.isMounted && !this.#isNew) return;
    this.#goOn();
    const text = `message ${this.#messages++}`;
    this.#unsent.add(text);
    this.#fresh.add(text);
    void this.#page.functions.sendMessage({ text } as never);
  }

  get #isNew(): boolean {
    return this.#setup.isEarly && this.rules.load === 0;
  }

  /** A person wants the chat to go on. */
  #goOn(): void {
    this.#quiet = false;
    this.#sending = true;
  }

  regenerate(): void {
    if (!this.#page.isMounted || this.#page.chat.messages.length === 0) return;
    this.#goOn();
    if (this.#setup.waits) this.#regenerating++;
    void this.#page.functions.regenerate();
  }

  resend(): void {
    if (!this.#page.isMounted) return;
    this.#goOn();
    this.rules.again++;
    // The chat does without what a lost connection still owes.
    if (this.#page.isIdle) this.server.giveUp();
    this.#page.bridge.toolCalls.resend();
  }

  stop(): void {
    if (!this.#page.isMounted) return;
    // A message that is on its way, or waits, is not lost by it.
    this.#quiet = !this.#sending && this.#unsent.size + this.#adrift.size + this.#regenerating === 0;
    for (const text of this.#fresh) this.#unsent.delete(text);
    this.server.giveUp();
    // The answer to a question about a call that nobody has a record of is not sent any more, and there is nothing that could say so.
    if (this.#page.isLate)
      for (const part of toolPartsOf(this.#page.messages))
        if (part.state === 'approval-responded') Object.assign(this.rules.callOf(part) ?? {}, { isForeign: true });
    void this.#page.functions.stop();
    this.#expectAborted('stop');
  }

  #expectAborted(after: string): void {
    for (const { n, signal } of this.#tools.open)
      if (!signal.aborted) this.rules.fault(`${n} still runs after ${after}`);
  }

  retry(pick: number): void {
    const call = this.#pickCall(pick, ({ status }) => status === 'failed' || status === 'cancelled');
    if (call === undefined) return;
    const quiet = this.#quiet;
    this.#quiet = false;
    this.rules.again++;
    this.#allow(call, 1);
    this.#page.bridge.toolCalls.retry(call);
    const isRetried = this.#page.calls.some(({ key, generation }) => key === call.key && generation > call.generation);
    if (isRetried) return;
    this.#quiet = quiet;
    this.rules.again--;
    this.#allow(call, -1);
  }

  #allow(call: ToolCall, times: number): void {
    const known = this.rules.callOf(call);
    if (known === undefined) return;
    known.allowed += times;
    known.byHand = true;
    known.isClosed = false;
  }

  cancel(pick: number): void {
    const call = this.#pickCall(pick, () => true);
    if (call !== undefined) this.#page.bridge.toolCalls.cancel(call);
  }

  cancelAll(): void {
    if (!this.#page.isMounted) return;
    this.#page.bridge.toolCalls.cancelAll();
    this.#expectAborted('cancelAll');
  }

  answer(pick: number, yes: boolean): void {
    const call = this.#pickCall(pick, (each) => !isSettled(each) || each.held === true);
    if (call === undefined) return;
    const { toolCalls } = this.#page.bridge;
    const known = this.rules.callOf(call);
    // Who answers in place of the tool agrees to it.
    const isYes = yes && (call.status === 'awaiting-approval' || call.status === 'awaiting-input');
    if (known !== undefined) known.approved ||= isYes;
    if (known !== undefined && isYes) this.#noteYes(known);
    // To a question about a call that is not the page's yet: the server gets the answer, however its own has ended.
    if (known !== undefined && isYes && this.#page.isLate) known.byHand = true;
    // What ran, or was answered, before the server asked runs again.
    if (known?.isAsked === true && isYes && !known.isServers) known.isClosed = false;
    if (known?.isAsked === true && isYes && known.runs > 0) known.allowed++;
    if (call.status === 'interrupted' && yes) this.#allow(call, 1);
    // The server has its answer at once.
    if (this.#page.calls.every(({ key }) => key !== call.key)) this.#quiet = false;
    if (!yes) for (const command of [toolCalls.deny, toolCalls.skip]) command(call);
    else for (const command of [toolCalls.approve, toolCalls.run]) command(call);
    if (yes) toolCalls.respond(call, 'an answer');
  }

  /** After the end of the answer that made a call there is none to wait for. */
  #noteYes(call: WalkCall): void {
    call.byHand ||= call.load !== this.rules.load || !this.server.isAnswering;
  }

  // ── What the network and the page do ────────────────────────────────────────

  /** The connection is back, and the page has seen that it was lost. */
  resume(): void {
    if (!this.#page.isMounted || !this.#page.isIdle || !this.server.offerReplay()) return;
    this.#quiet = false;
    void this.#page.chat.resumeStream();
  }

  /** The page is left and comes back with the messages that it had; a stream that ran is resumed. */
  reload(resumes: boolean): void {
    const { isAnswering } = this.server;
    const { calls } = this.#page;
    const messages = this.#page.leave();
    this.#quiet = false;
    this.#regenerating = 0;
    this.#unsent.clear();
    this.#adrift.clear();
    this.rules.noteLoad(calls);
    this.#transport.resumable = undefined;
    this.#page = this.#open(messages);
    this.mount();
    if (!isAnswering) return;
    if (!resumes) return this.server.close();
    this.server.replay();
    void this.#page.chat.resumeStream();
  }

  mount(): void {
    this.#page.mount();
  }

  /** As StrictMode does. */
  remount(): void {
    if (!this.#page.isMounted) return;
    this.#page.unmount();
    this.#page.mount();
  }

  /** As `<Activity>` does. */
  hide(): void {
    if (!this.#page.isMounted) return;
    this.rules.noteLoad(this.#page.calls);
    this.#page.unmount();
    this.#setAdrift();
  }

  /** What waits in the page may be lost, or go out some time. */
  #setAdrift(): void {
    for (const text of this.#unsent) this.#adrift.add(text);
    this.#unsent.clear();
  }

  /** Another component joins the chat, in place of this one. */
  joinAgain(): void {
    if (!this.#page.isJoined) return;
    // It knows of no stop.
    this.#quiet = false;
    this.rules.noteLoad(this.#page.calls);
    this.#setAdrift();
    this.#page.joinAgain();
  }

  toolsCome(): void {
    if (!this.#page.isLate) return;
    // What was stopped before they came is not theirs: calls of loaded messages begin now.
    this.#quiet = false;
    this.#page.toolsCome();
  }

  drawFrame(): void {
    this.#clock.draw();
  }

  serverAnswers(pick: number): void {
    this.server.answers(pick, this.#page.isTapped);
  }

  /** The page answers a call by the chat's own function. */
  pageAnswers(pick: number): void {
    // Whoever does not hear how an answer comes cannot tell a word of the page's from the server's, up to the last chunk.
    if (!this.#page.isTapped && (this.server.isAnswering || !this.#page.isIdle)) return;
    const shown = new Map(toolPartsOf(this.#page.messages).map((part) => [part.toolCallId, part]));
    // Of a message that goes on under another id the chat may have a copy: what became of its calls stands in the last one.
    const open = [...shown.values()].filter(
      (part) => part.state === 'input-available' && part.providerExecuted !== true,
    );
    const part = open[pick % Math.max(1, open.length)];
    const call = part && this.rules.callOf(part);
    // Nobody sees what the server has taken back: a copy of it is left in the chat.
    if (call === undefined || call.isTakenBack) return;
    const { toolCallId, n } = call;
    call.isForeign ||= this.#isPagesAffair;
    const answer = pick % 3 === 0 ? { state: 'output-error', errorText: `page error ${n}` } : { output: `page ${n}` };
    void this.#page.chat.addToolOutput({ tool: call.toolName, toolCallId, ...answer } as never);
    this.#closeSoon(call);
  }

  /** The page answers the server's question by the chat's own function. */
  pageApproves(pick: number): void {
    const asked = toolPartsOf(this.#page.chat.messages).flatMap((part) =>
      part.state === 'approval-requested' ? [{ part, id: part.approval.id }] : [],
    );
    const found = asked[pick % Math.max(1, asked.length)];
    const call = found && this.rules.callOf(found.part);
    if (call === undefined || call.isTakenBack) return;
    const approved = pick % 3 !== 0;
    call.approved ||= approved;
    if (approved) this.#noteYes(call);
    // The server has its answer at once.
    if (this.#page.calls.every(({ toolCallId }) => toolCallId !== call.toolCallId)) this.#quiet = false;
    if (approved && call.runs > 0) call.allowed++;
    if (approved && !call.isServers) call.isClosed = false;
    void this.#page.chat.addToolApprovalResponse({ id: found!.id, approved });
    if (approved) return;
    call.isForeign ||= this.#isPagesAffair;
    this.#closeSoon(call);
  }

  /** The hook knows nothing of it: what comes of an answer that the page gives now is its own affair. */
  get #isPagesAffair(): boolean {
    return this.#page.isLate || !this.#page.isMounted;
  }

  /** Once the page has seen it, a call that somebody answered must not start. */
  #closing: WalkCall[] = [];
  #closeSoon(call: WalkCall): void {
    this.#closing.push(call);
  }

  /** The page gives its messages the ids of its database. */
  replaceIds(pick: number): void {
    if (!this.#page.isIdle) return;
    const { messages } = this.#page.chat;
    const from = pick % 3 === 0 ? 0 : messages.length - 2;
    this.#page.messages = messages.map((message, index) =>
      index < from ? message : { ...message, id: `db${this.#ids++}` },
    );
  }

  // ── What must hold ──────────────────────────────────────────────────────────

  /** Lets what is ready happen, then looks at it. */
  async look(): Promise<void> {
    const turns = this.#setup.way === 'helpers' ? 12 : 6;
    for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    this.#sending = false;
    this.#fresh.clear();
    this.server.settleUnread(this.#page.chat.messages);
    for (; this.#seen < this.#transport.responses.length; this.#seen++) {
      const response = this.#transport.responses[this.#seen]!;
      if (this.#quiet) this.rules.fault('a request went out after stop');
      if (response.request?.trigger === 'regenerate-message' && this.#regenerating > 0) this.#regenerating--;
      for (const message of response.messages)
        for (const part of message.parts)
          if (part.type === 'text') for (const unsent of [this.#unsent, this.#adrift]) unsent.delete(part.text);
      this.#checkPlugin(response);
      this.server.take(response);
    }
    this.#wasHolding = this.plugin.isHolding;
    for (const problem of this.#transport.problems.splice(0)) this.rules.fault(problem);
    for (const { n, signal, page } of this.#tools.open)
      if (page() !== 'current' && !signal.aborted) this.rules.fault(`${n} still runs in a page that is ${page()}`);
    const page = this.#page;
    for (const call of this.#closing.splice(0)) {
      const part = toolPartsOf(page.chat.messages).find(({ toolCallId }) => toolCallId === call.toolCallId);
      if (part !== undefined && isFinalPart(part)) call.isClosed = true;
    }
    this.rules.notePage(page.messages, page.calls);
    const isIdle = page.isIdle && page.isMounted && !this.server.isAnswering;
    // A page that joins its chat shows what the chat has: a lost answer is put right when nobody waits for the rest of it.
    if ((isIdle && !this.server.isLost) || !page.isJoined) this.rules.checkPage(page.messages, page.calls, isIdle);
  }

  #wasHolding = false;

  /** What a plugin keeps back stays here. */
  #checkPlugin({ messages, request }: ScriptedResponse): void {
    const isFollowUp = messages.at(-1)?.role === 'assistant' && request?.trigger !== 'regenerate-message';
    if (isFollowUp && this.#wasHolding && this.plugin.isHolding) this.rules.fault('a follow-up went out that was held');
    const sent = JSON.stringify(messages);
    for (const output of this.plugin.withheld)
      if (sent.includes(JSON.stringify(output))) this.rules.fault(`${JSON.stringify(output)} went out before its time`);
  }

  /** Everything comes to its end: nothing hangs, nothing is lost, and the user can go on. */
  async end(): Promise<void> {
    this.#transport.failNext = undefined;
    this.mount();
    this.toolsCome();
    await this.look();
    this.#quiet = false;
    for (let round = 0, calm = 0; round < 40 && calm < 4; round++) {
      calm = this.#isCalm ? calm + 1 : 0;
      this.#endRound();
      await this.look();
    }
    const page = this.#page;
    const isHalted = (id: string) =>
      page.batches.some(
        ({ halt, calls }) => halt !== undefined && Object.values(calls).some((call) => call.toolCallId === id),
      );
    this.rules.checkRest({ messages: page.messages, calls: page.calls, step: this.server.step, isHalted });
    for (const text of this.#unsent) this.rules.fault(`${text} never went out`);
    const before = this.#transport.responses.length;
    this.send();
    await this.look();
    if (this.#transport.responses.length !== before + 1) this.rules.fault('the next message did not go out');
    this.server.text();
    this.server.finish('stop');
    await this.look();
    if (page.chat.status !== 'ready') this.rules.fault(`the chat is ${page.chat.status} at the end`);
    page.unmount();
    await this.look();
  }

  get #isCalm(): boolean {
    return !this.server.isAnswering && this.#tools.open.length === 0 && this.#page.calls.every(isSettled);
  }

  #endRound(): void {
    this.plugin.letGo();
    if (this.server.isAnswering) {
      this.server.text();
      this.server.finish('stop');
    } else this.resume();
    for (let open = this.#tools.open.length; open > 0; open--) this.settle(0, true);
    for (const call of this.#page.calls)
      if (call.status === 'interrupted' || call.held === true) this.#page.bridge.toolCalls.skip(call);
    for (let index = 0; index < this.#cards.length; index++) this.answer(index, true);
    this.drawFrame();
  }
}
