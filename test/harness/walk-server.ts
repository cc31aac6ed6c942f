// Owns: the server of a random walk: the answer that it writes, chunk by chunk, with the manners that real servers have.
import type { FinishReason, UIMessage, UIMessageChunk } from 'ai';
import type { ScriptedResponse, ScriptedTransport } from './scripted-transport.ts';
import {
  isEager,
  isFinalPart,
  toolPartsOf,
  WALK_TOOLS,
  type WalkAnswer,
  type WalkCall,
  type WalkRules,
} from './walk-rules.ts';

/** How the server denies a call: the chunks that say so. */
const DENIALS = ['whole', 'without output-denied', 'in pieces'] as const;

export class WalkServer {
  readonly #transport: ScriptedTransport;
  readonly #rules: WalkRules;
  #response: ScriptedResponse | undefined;
  /** It has ended its answer itself: nobody has let go of it before, and the connection held. */
  #hasEnded = true;
  #chunks: UIMessageChunk[] = [];
  #answer: WalkAnswer | undefined;
  #stage: 'silent' | 'started' | 'in step' = 'silent';
  #steps = 0;
  /** The last step of the answer before the current one began. */
  #stepBefore = -1;
  #messages = 0;
  /** Of the next answer: whether it says when a step begins, and which id its message has. */
  #saysSteps = true;
  #nextSaysSteps = true;
  #nextId: 'same' | 'new' | 'none' = 'same';
  /** Calls of which it has said something that the page has yet to read. */
  #unread = new Set<WalkCall>();
  /** A step that it has taken back, of which the page has yet to read so. */
  #takenBack: number | undefined;
  /** The last step, where the page has let go before it read anything of it: a replay brings it again. */
  #unreadStep: number | undefined;
  /** Those of a lost answer, with what was said: a replay says it again. */
  #unheard = new Map<WalkCall, Partial<WalkCall>>();
  /** Calls whose denial has been announced. */
  #denying: WalkCall[] = [];

  constructor(transport: ScriptedTransport, rules: WalkRules) {
    this.#transport = transport;
    this.#rules = rules;
  }

  get isAnswering(): boolean {
    return this.#response !== undefined && !this.#response.isClosed;
  }

  /** Whether the connection of the last answer was lost. */
  get isLost(): boolean {
    return this.#answer?.lost === true;
  }

  /** The last step in which anything stands. */
  get step(): number {
    return this.#answer?.step ?? -1;
  }

  /** A request has come. */
  take(response: ScriptedResponse): void {
    this.#rules.checkRequest(response, this);
    this.#response = response;
    this.#hasEnded = false;
    this.#chunks = [];
    this.#denying = [];
    this.#unheard.clear();
    this.#unreadStep = undefined;
    this.#stage = 'silent';
    this.#answer = { wellEnded: false, lost: false, tookBack: false, step: this.step };
    this.#saysSteps = this.#nextSaysSteps;
    this.#nextSaysSteps = true;
  }

  #write(...chunks: UIMessageChunk[]): void {
    if (!this.isAnswering) return;
    this.#chunks.push(...chunks);
    this.#response!.write(...chunks);
  }

  /** Answers begin when the server first writes something. */
  #begin(): boolean {
    if (!this.isAnswering) return false;
    if (this.#stage === 'silent') this.#start();
    if (this.#stage === 'started') this.#beginStep();
    return true;
  }

  #start(): void {
    const last = this.#response!.messages.at(-1);
    // What comes after half a call, and is not said to be a step of its own, is read as the rest of that step.
    this.#saysSteps ||= toolPartsOf(last === undefined ? [] : [last]).some(({ state }) => state === 'input-streaming');
    const isNew = last?.role !== 'assistant' || this.#nextId === 'new';
    const messageId = isNew ? `m${this.#messages++}` : last.id;
    this.#write({ type: 'start', ...(this.#nextId !== 'none' && { messageId }) });
    this.#nextId = 'same';
    this.#stage = 'started';
    if (last?.role === 'assistant') this.#sayWhatBecame(toolPartsOf([last]));
  }

  /** What a person has answered about calls goes before the next step: a server's own are run, others were denied. */
  #sayWhatBecame(parts: ReturnType<typeof toolPartsOf>): void {
    for (const { toolCallId, state, ...part } of parts) {
      const call = this.#rules.callOf({ toolCallId });
      if (call === undefined || state !== 'approval-responded' || call.isServers) continue;
      const isApproved = 'approval' in part && part.approval?.approved === true;
      if (isApproved && call.toolName !== 'mystery') continue;
      call.isServers = true;
      if (isApproved) this.#write({ type: 'tool-output-available', toolCallId, output: `server ${call.n}` });
      else this.#write({ type: 'tool-output-denied', toolCallId });
    }
  }

  #beginStep(): void {
    this.#stage = 'in step';
    this.#steps++;
    this.#stepBefore = this.step;
    if (this.#saysSteps) this.#write({ type: 'start-step' });
  }

  /** Begins what stands in a step: one in which nothing stands is none. */
  #beginContent(): boolean {
    if (!this.#begin()) return false;
    this.#answer!.step = this.#steps;
    return true;
  }

  /** The page has read what there was, or has let go of the answer before. */
  settleUnread(messages: readonly UIMessage[]): void {
    const unread = [...this.#unread];
    this.#unread.clear();
    const takenBack = this.#takenBack;
    this.#takenBack = undefined;
    if (this.isAnswering || this.#hasEnded) return;
    const left = toolPartsOf(messages).map((part) => this.#rules.callOf(part));
    if (takenBack !== undefined && left.some((call) => call?.step === takenBack)) {
      this.#answer!.step = takenBack;
      for (const call of left) if (call?.step === takenBack) call.isTakenBack = false;
    }
    const ofStep = this.#rules.calls.filter((call) => call.answer === this.#answer && call.step === this.step);
    // It has let go before it read anything of the last step.
    if (ofStep.length > 0 && ofStep.every((call) => !left.includes(call))) {
      this.#unreadStep = this.step;
      this.#answer!.step = this.#stepBefore;
    }
    for (const call of unread) {
      const part = toolPartsOf(messages).find(({ toolCallId }) => toolCallId === call.toolCallId);
      if (part !== undefined && this.#rules.isServersWord(part)) continue;
      const { isAsked, isClosed, isServers } = call;
      this.#unheard.set(call, { isAsked, isClosed, isServers });
      // It may have read the question, and not what the server made of it.
      const isRead = part !== undefined && 'approval' in part;
      Object.assign(call, { isAsked: isRead, isClosed: part !== undefined && isFinalPart(part), isServers: false });
    }
  }

  text(): void {
    const id = `t${this.#chunks.length}`;
    if (this.#beginContent())
      this.#write({ type: 'text-start', id }, { type: 'text-delta', id, delta: 'text' }, { type: 'text-end', id });
  }

  call(pick: number): void {
    if (!this.#beginContent()) return;
    const toolName = WALK_TOOLS[pick % WALK_TOOLS.length]!;
    const { n, toolCallId } = this.#rules.noteCall({ toolName, answer: this.#answer! });
    this.#write({ type: 'tool-input-start', toolCallId, toolName });
    if (pick % 11 === 10) return; // The rest of its input never comes.
    this.#write({ type: 'tool-input-available', toolCallId, toolName, input: { n } });
  }

  resetStep(): void {
    if (this.#stage !== 'in step' || !this.#saysSteps || !this.isAnswering) return;
    this.#rules.noteTakenBack(this.#answer!, this.#steps);
    this.#takenBack = this.#steps;
    this.#answer!.step = this.#stepBefore;
    this.#write({ type: 'reset-step' });
  }

  finish(finishReason: FinishReason): void {
    if (!this.#begin()) return;
    this.#answer!.wellEnded = ['tool-calls', 'stop'].includes(finishReason);
    if (this.#saysSteps) this.#write({ type: 'finish-step' });
    this.#write({ type: 'finish', finishReason });
    this.close();
  }

  close(): void {
    if (!this.isAnswering) return;
    this.#hasEnded = true;
    this.#response!.close();
  }

  error(): void {
    this.#write({ type: 'error', errorText: 'overloaded' });
    this.close();
  }

  lose(): void {
    if (!this.isAnswering) return;
    this.#answer!.lost = true;
    this.#response!.fail(new TypeError('network error'));
  }

  /** Nobody waits for the rest of a lost answer any more: its calls are as those of an earlier page load. */
  giveUp(): void {
    if (this.#answer?.lost === true)
      for (const call of this.#rules.calls) if (call.answer === this.#answer) call.load = -1;
  }

  refuseNext(): void {
    this.#transport.failNext = new Error('500');
  }

  /** The connection is back: whether there is an answer to go on with. */
  offerReplay(): boolean {
    if (this.#answer?.lost !== true) return false;
    this.#answer.lost = false;
    this.replay();
    return true;
  }

  /** The server replays what it wrote, and goes on. */
  replay(): void {
    // What a page load before this one said of its calls is not in it.
    for (const call of this.#rules.calls)
      if (call.answer === this.#answer && call.load !== this.#rules.load && !call.isServers)
        call.isClosed &&= !isEager(call) && !call.isForeign;
    // What is eager, or what a person answers now, may start before the page reads it.
    for (const [call, said] of this.#unheard) {
      const isAsked = said.isAsked === true || call.isAsked;
      Object.assign(call, said, { isAsked }, (isAsked || isEager(call)) && { isClosed: false });
    }
    this.#unheard.clear();
    this.#answer!.step = this.#unreadStep ?? this.step;
    this.#unreadStep = undefined;
    this.#transport.offerResume();
    const resumed = this.#transport.resumable!;
    // The messages of the request are still what the answer continues.
    Object.assign(resumed, { request: this.#response?.request });
    this.#response = resumed;
    this.#hasEnded = false;
    resumed.write(...this.#chunks);
  }

  // ── What it says of calls ───────────────────────────────────────────────────

  /** Whole calls of this step of which the server has said nothing more. */
  #pickCall(pick: number): WalkCall | undefined {
    const whole = new Set(
      this.#chunks.flatMap((chunk) => (chunk.type === 'tool-input-available' ? chunk.toolCallId : [])),
    );
    const calls = this.#rules.calls.filter(
      (call) => call.step === this.#steps && whole.has(call.toolCallId) && !call.isAddressed,
    );
    return this.isAnswering ? calls[pick % Math.max(1, calls.length)] : undefined;
  }

  #noteQuestion(call: WalkCall): void {
    this.#unread.add(call);
    this.#rules.noteQuestion(call);
  }

  #noteWord(call: WalkCall): void {
    this.#unread.add(call);
    this.#rules.noteServersWord(call);
  }

  /**
   * The server has the tool too, and runs the call itself. `isHeard`: the page hears how the answer comes; one that does not takes the answer to a question for
   * its own.
   */
  answers(pick: number, isHeard: boolean): void {
    const call = this.#pickCall(pick);
    if (call === undefined || (!isHeard && call.toolName === 'pick')) return;
    const { n, toolCallId } = call;
    this.#noteWord(call);
    if (pick % 3 === 0) this.#write({ type: 'tool-output-error', toolCallId, errorText: `server error ${n}` });
    else this.#write({ type: 'tool-output-available', toolCallId, output: `server ${n}` });
  }

  /** With all results of the step the server goes on by itself. */
  goesOn(): void {
    const ofStep = this.#rules.calls.filter(({ step }) => step === this.#steps);
    if (this.#stage !== 'in step' || ofStep.length === 0 || !ofStep.every(({ isServers }) => isServers)) return;
    if (this.#saysSteps) this.#write({ type: 'finish-step' });
    this.#beginStep();
  }

  denies(pick: number): void {
    const announced = this.isAnswering ? this.#denying.shift() : undefined;
    if (announced !== undefined) return this.#deny(announced, true);
    const call = this.#pickCall(pick);
    if (call === undefined) return;
    const { toolCallId } = call;
    const shape = DENIALS[Math.floor(pick / 7) % DENIALS.length]!;
    this.#noteQuestion(call);
    this.#write({ type: 'tool-approval-request', approvalId: `p${call.n}`, toolCallId, isAutomatic: true });
    if (shape === 'in pieces') this.#denying.push(call);
    else this.#deny(call, shape === 'whole');
  }

  #deny(call: WalkCall, isSaid: boolean): void {
    this.#noteWord(call);
    this.#write({ type: 'tool-approval-response', approvalId: `p${call.n}`, approved: false, reason: 'policy' });
    if (isSaid) this.#write({ type: 'tool-output-denied', toolCallId: call.toolCallId });
  }

  /** As servers do that ask nobody and say nothing more. */
  deniesAlone(pick: number): void {
    const call = this.#pickCall(pick);
    if (call === undefined) return;
    this.#noteWord(call);
    this.#write({ type: 'tool-output-denied', toolCallId: call.toolCallId });
  }

  /** The server asks for a person's yes. `isLate`: to a call that may run already, too. */
  asks(pick: number, isLate: boolean): void {
    const call = this.#pickCall(pick);
    if (call === undefined || (!isLate && ['read', 'hold'].includes(call.toolName))) return;
    this.#noteQuestion(call);
    this.#write({ type: 'tool-approval-request', approvalId: `p${call.n}`, toolCallId: call.toolCallId });
  }

  // ── How it numbers messages and steps ───────────────────────────────────────

  /** The next answer comes under a new id, or says none. */
  nextId(pick: number): void {
    this.#nextId = pick % 3 === 0 ? 'none' : 'new';
  }

  /** The next answer does not say when a step begins. */
  nextWithoutSteps(): void {
    this.#nextSaysSteps = false;
  }

  /** Another stream is merged into the answer, with a beginning of its own. */
  startsAgain(pick: number): void {
    if (this.#stage === 'silent' || !this.isAnswering) return;
    this.#write({ type: 'start', messageId: `m${this.#messages++}` });
    // Where no step was said to begin, the first that is goes on with what there is.
    if (pick % 4 !== 0 || !this.#saysSteps) return;
    this.#stage = 'in step';
    this.#steps++;
    this.#stepBefore = this.step;
    this.#write({ type: 'start-step' });
  }
}
