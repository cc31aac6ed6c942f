// Owns: the rules that a chat keeps at every step of a random walk, told by what server, tools and people did; no word of the implementation.
import { isToolUIPart, type UIMessage } from 'ai';
import { isSettled, type ToolCall } from 'use-parallel-tools/core';
import type { ScriptedResponse } from './scripted-transport.ts';

export const WALK_TOOLS = ['read', 'write', 'ask', 'hold', 'pick', 'mystery'] as const;
export type WalkToolName = (typeof WALK_TOOLS)[number];

/** Start while the answer streams, and by themselves after a reload. */
const EAGER: ReadonlySet<WalkToolName> = new Set<WalkToolName>(['read', 'hold']);

/** What the server wrote in reply to one request. */
export interface WalkAnswer {
  wellEnded: boolean;
  lost: boolean;
  tookBack: boolean;
  /** Its last step, counted over the whole walk. */
  step: number;
}

/** What the rules know of a call that the model made. Its number is its input, so a tool that runs can be told by it. */
export interface WalkCall {
  readonly n: number;
  readonly toolCallId: string;
  readonly toolName: WalkToolName;
  readonly answer: WalkAnswer;
  readonly step: number;
  /** The page load, or the showing after it was hidden, that has seen it come. */
  load: number;
  /** How often it may run: once, and once more for each retry, run, or reload in its middle. */
  allowed: number;
  runs: number;
  approved: boolean;
  /** A person had it run: it waits for no end of an answer. */
  byHand: boolean;
  /** The page had no such tool: it may know nothing of the call, or answer it by itself. */
  isForeign: boolean;
  /** The server has begun to say something of it. */
  isAddressed: boolean;
  /** The server asks for a person's yes, and the page has seen it. */
  isAsked: boolean;
  /** The server said itself what became of it, in the answer that made it. */
  isServers: boolean;
  /** Somebody has given its final word, and the page has seen it: it must not start. */
  isClosed: boolean;
  /** The server has taken it back: what is left of it in a copy of the message is no call. */
  isTakenBack: boolean;
}

type Part = UIMessage['parts'][number];
type WalkPart = Extract<Part, { toolCallId: string }>;

export const isEager = ({ toolName }: WalkCall) => EAGER.has(toolName);
export const toolPartsOf = (messages: readonly UIMessage[]): WalkPart[] =>
  messages.flatMap(({ parts }) => parts.filter((part) => isToolUIPart(part)));

/** Whether a part has the final word on its call. */
export function isFinalPart(part: WalkPart): boolean {
  if (part.state === 'approval-responded') return !part.approval.approved;
  return part.state === 'output-available' || part.state === 'output-error' || part.state === 'output-denied';
}

const isWhole = ({ state }: WalkPart) => state !== 'input-streaming';

/** What is left at the end of a walk. */
interface WalkRest {
  readonly messages: readonly UIMessage[];
  readonly calls: readonly ToolCall[];
  /** The last step that the server began. */
  readonly step: number;
  /** Whether a call's batch says that it is not sent. */
  isHalted(toolCallId: string): boolean;
}

export class WalkRules {
  readonly problems: string[] = [];
  readonly calls: WalkCall[] = [];
  /** How often the page was loaded, or shown again. */
  load = 0;
  /** How often people told the model to answer again, and it did not yet. */
  again = 0;
  #sent = new Set<string>();

  fault(text: string): void {
    this.problems.push(text);
  }

  noteCall(call: Pick<WalkCall, 'toolName' | 'answer'>, given: Partial<WalkCall> = {}): WalkCall {
    const n = this.calls.length;
    const noted: WalkCall = {
      n,
      toolCallId: `c${n}`,
      ...call,
      step: call.answer.step,
      load: this.load,
      allowed: call.answer.tookBack && EAGER.has(call.toolName) ? Infinity : 1,
      runs: 0,
      approved: false,
      byHand: false,
      isForeign: call.toolName === 'mystery',
      isAddressed: false,
      isAsked: false,
      isServers: false,
      isClosed: false,
      isTakenBack: false,
      ...given,
    };
    this.calls.push(noted);
    return noted;
  }

  callOf({ toolCallId }: { readonly toolCallId: string }): WalkCall | undefined {
    return this.calls.find((call) => call.toolCallId === toolCallId);
  }

  /** The page is loaded anew, or shown again: reads that were open run once more. */
  noteLoad(calls: readonly ToolCall[]): void {
    this.load++;
    for (const call of calls.map((each) => this.callOf(each))) if (call !== undefined && isEager(call)) call.allowed++;
  }

  /** The server takes back a step: a replay starts its eager calls again, before it takes them back once more. */
  noteTakenBack(answer: WalkAnswer, step: number): void {
    answer.tookBack = true;
    for (const call of this.calls) {
      if (call.answer === answer && isEager(call))
        Object.assign(call, { allowed: Infinity, isClosed: false, isAsked: false });
      if (call.step === step) call.isTakenBack = true;
    }
  }

  /** The server asks for a person's yes. */
  noteQuestion(call: WalkCall): void {
    call.isAddressed = true;
    if (!isEager(call)) call.isAsked = true;
  }

  /** The server said itself what became of a call. */
  noteServersWord(call: WalkCall): void {
    call.isAddressed = true;
    call.isServers = true;
    // Before the end of its answer it cannot have started.
    if (!isEager(call)) call.isClosed = true;
  }

  // ── Tools ───────────────────────────────────────────────────────────────────

  checkRun(toolName: WalkToolName, n: number, page: 'current' | 'away' | 'left'): void {
    const call = this.calls[n];
    if (call === undefined) return this.fault(`${toolName} ran with an input that nobody gave`);
    const name = `${toolName} ${n}`;
    call.runs++;
    if (page !== 'current') this.fault(`${name} started in a page that was ${page}`);
    if (call.runs > call.allowed) this.fault(`${name} ran ${call.runs} times`);
    if (call.isClosed) this.fault(`${name} ran though it had its final word`);
    if ((toolName === 'ask' || call.isAsked) && !call.approved) this.fault(`${name} ran without a yes`);
    if (!isEager(call) && !call.byHand && !call.answer.wellEnded)
      this.fault(`${name} ran before its answer had ended well`);
  }

  // ── Requests ────────────────────────────────────────────────────────────────

  checkRequest(
    { messages, request }: ScriptedResponse,
    server: { readonly step: number; readonly isAnswering: boolean },
  ): void {
    if (server.isAnswering) this.fault('a request went out beside another one');
    const parts = toolPartsOf(messages);
    for (const id of repeated(parts)) this.fault(`${id} went out twice in one request`);
    for (const part of parts) {
      const call = this.callOf(part);
      const isGranted = 'approval' in part && part.approval?.approved === true && part.approval.isAutomatic !== true;
      if (call !== undefined && isGranted && !call.approved)
        this.fault(`${call.toolCallId} went out with a yes that nobody gave`);
    }
    if (messages.at(-1)?.role === 'assistant' && request?.trigger !== 'regenerate-message')
      this.#checkFollowUp(messages, server.step);
  }

  /** One follow-up for the calls of a step, and only where the client answered one of them. */
  #checkFollowUp(messages: readonly UIMessage[], lastStep: number): void {
    const parts = this.#turnOf(messages);
    const step = Math.max(...parts.map((part) => this.callOf(part)?.step ?? -1));
    const ofStep = parts.filter((part) => this.callOf(part)?.step === step);
    const isClients = ofStep.some((part) => !this.isServersWord(part));
    const key = keyOf(parts);
    if (isClients && step === lastStep && !this.#sent.has(key)) this.#sent.add(key);
    else if (this.again > 0) this.again--;
    else this.fault(`a request that nobody asked for went out after ${key || 'no call'}`);
  }

  /** The calls since the user's last message. */
  #turnOf(messages: readonly UIMessage[]): WalkPart[] {
    const turn = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
    return toolPartsOf(turn).filter((part) => isWhole(part) && this.callOf(part)?.isTakenBack !== true);
  }

  /** Whether the server's own word stands in the part: it goes on by itself. */
  isServersWord(part: WalkPart): boolean {
    if (this.callOf(part)?.isServers !== true) return false;
    if (part.state === 'output-available') return String(part.output).startsWith('server');
    if (part.state === 'output-error') return part.errorText.startsWith('server');
    return isFinalPart(part);
  }

  // ── What the page shows ─────────────────────────────────────────────────────

  /** What the page has seen of the server's questions and words. */
  notePage(messages: readonly UIMessage[], calls: readonly ToolCall[]): void {
    for (const part of toolPartsOf(messages)) {
      const call = this.callOf(part);
      if (call === undefined) continue;
      // What has begun waits for nobody where the server is about to answer its own question.
      if (part.state === 'approval-requested') call.isAsked ||= part.approval.isAutomatic !== true || call.runs === 0;
      if (call.isServers && isFinalPart(part) && !isAgain(part, calls)) call.isClosed = true;
    }
  }

  /** Each call is shown once. `isIdle`: nothing streams or is about to, so card and message agree too. */
  checkPage(messages: readonly UIMessage[], calls: readonly ToolCall[], isIdle: boolean): void {
    for (const id of repeated(toolPartsOf(messages))) this.fault(`${id} is shown twice`);
    for (const id of repeated(calls)) this.fault(`${id} has two records`);
    for (const part of toolPartsOf(messages)) {
      const record = calls.find(({ toolCallId }) => toolCallId === part.toolCallId);
      if (!isIdle || record === undefined || isAgain(part, calls) || !isFinalPart(part)) continue;
      if (!agrees(record, part)) this.fault(`${part.toolCallId} is ${record.status}, and its part ${wordsOf(part)}`);
    }
  }

  /** The walk has ended, and everything with it: nothing hangs. */
  checkRest({ messages, calls, step, isHalted }: WalkRest): void {
    for (const call of calls) if (!isSettled(call)) this.fault(`${call.key} is ${call.status} for ever`);
    const parts = this.#turnOf(messages);
    const isOurs = (part: WalkPart) =>
      this.callOf(part)?.isForeign !== true || calls.some(({ toolCallId }) => toolCallId === part.toolCallId);
    for (const part of parts)
      if (isOurs(part) && !isFinalPart(part)) this.fault(`${part.toolCallId} never got its result`);
    const last = this.callOf(parts.at(-1) ?? { toolCallId: '' });
    if (last === undefined || last.step !== step) return;
    const ofStep = parts.filter((part) => this.callOf(part)?.step === last.step);
    const isKnown = calls.some(({ toolCallId }) => toolCallId === last.toolCallId) || last.load === this.load;
    const isDue = last.answer.wellEnded && isKnown && ofStep.some((part) => isOurs(part) && !this.isServersWord(part));
    if (!isDue || ofStep.some(({ toolCallId }) => isHalted(toolCallId))) return;
    // What the server has answered since was open when it was sent.
    const before = keyOf(parts, (part) => isFinalPart(part) && !this.isServersWord(part));
    if (!this.#sent.has(keyOf(parts)) && !this.#sent.has(before)) this.fault(`${before} was never sent`);
  }
}

/** What a follow-up tells. A yes without a result is news, and so is the result after it. */
const keyOf = (parts: readonly WalkPart[], isFinal = isFinalPart) =>
  parts.map((part) => (isFinal(part) ? part.toolCallId : `${part.toolCallId}?`)).join(' ');

function repeated(all: readonly { readonly toolCallId: string }[]): Set<string> {
  const ids = all.map(({ toolCallId }) => toolCallId);
  return new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
}

/** Whether a call runs again: the words of the first run are left, until the conversation goes back. */
const isAgain = ({ toolCallId }: WalkPart, calls: readonly ToolCall[]) =>
  calls.some((call) => call.toolCallId === toolCallId && call.generation > 0);

/** Whether a record says what its part says. */
function agrees(call: ToolCall, part: WalkPart): boolean {
  switch (call.status) {
    case 'succeeded':
      // Of what a plugin had yet to say when the user went on, the model reads that it ran.
      if (part.state === 'output-error') return part.errorText.startsWith('It ran, but its result was not sent');
      return part.state === 'output-available' && JSON.stringify(part.output) === JSON.stringify(call.output);
    case 'failed':
    case 'cancelled':
      return part.state === 'output-error';
    case 'denied':
      return part.state !== 'output-available';
    default:
      return false;
  }
}

const wordsOf = (part: WalkPart) =>
  JSON.stringify({ state: part.state, output: part.output, errorText: part.errorText });
