/**
 * Owns the way from message parts to calls: which part is a call for the runner, and what somebody beside the runner made of a known one.
 */
import type { UIMessage } from 'ai';
import {
  createInterruptedError,
  DENIED_WITHOUT_REASON,
  ToolCallError,
  type ToolCallInterruption,
} from '../core/errors.ts';
import { warnOf } from '../core/misuse.ts';
import { recallFrom } from '../core/ask-plugins.ts';
import type { Recollection } from '../core/plugins.ts';
import { readTitle } from '../core/read-field.ts';
import type { RunnerCall } from '../core/runner-interface.ts';
import { isPromiseLike } from '../core/schema.ts';
import { isSettled, type ToolBatchKey, type ToolCall, type ToolCallEnding } from '../core/tool-call.ts';
import { batchesOf, callOf, isIdle, isRunHere, lastAnswer, messagesOf, type ChatContext } from './chat-context.ts';
import {
  isAskingPart,
  isOpenPart,
  isSameWord,
  isWholeCall,
  lastStepOf,
  readLastToolParts,
  readToolParts,
  readWord,
  toPendingCall,
  type PartWord,
  type ToolPart,
  type ToolPartRef,
} from '../messages/message-parts.ts';
import { toModelMessages } from '../messages/model-messages.ts';
import { trimToStepEnd } from '../messages/part-writes.ts';
import { approvalOf, idOf, isAutomatic, isInputSigned } from '../messages/part-fields.ts';
import { toResult } from './part-results.ts';
import type { ResponseRecord } from '../sdk/response-tap.ts';

/**
 * Where the calls of a message come from. `live`: it streams through this page. `final`: its stream has just ended, so a call that
 * nobody answers is known to be nobody's. `loaded`: they were there without a stream of ours, and may have run. `found`: so too, in an
 * answer that streams on.
 */
export type IntakeMode = 'live' | 'final' | 'loaded' | 'found';

/** What is known of an open part without a call. */
export interface PendingPart {
  readonly mode: IntakeMode;
  /** Its stream belongs to a request of another page load: its call may have run there. */
  readonly isFromEarlierLoad: boolean;
  /** Its result, or the server's question about it, had come before the stream was resumed, which is about to say so again. */
  readonly hadWord: boolean;
  /** Whether its tool is one of this page's; then whether that has an `execute`, and what it says of reloads. */
  readonly tool: { readonly isRunnable: boolean; readonly onReload: 'run' | 'ask' | 'fail' } | undefined;
  /** Whether the server asks for a person's yes, or has got it. */
  readonly approval: 'asked' | 'given' | undefined;
  /** Whether a call of the same step has a tool of this page: then one that nobody answers holds it up. */
  readonly isBesideOurs: boolean;
  /** A person wants a loaded answer to go on: a tool that nobody has registered by now is nobody's. (It may come late, as an MCP server's do.) */
  readonly isGivenUp: boolean;
}

/**
 * What becomes of an open part without a call: a call that runs, one that asks a person first because it may have run before
 * (`interrupt`), one that fails because it may have (`fail`), one of a tool that nobody has (`refuse`), or nothing yet.
 */
export function judgePart({ mode, isFromEarlierLoad, hadWord, tool, approval, isBesideOurs, isGivenUp }: PendingPart) {
  if (tool === undefined) {
    // A tool whose approval the server asks for is the server's.
    if (approval !== undefined) return 'leave';
    return mode === 'final' || (mode === 'loaded' && isGivenUp && isBesideOurs) ? 'refuse' : 'leave';
  }
  if (mode === 'live' && hadWord) return 'leave';
  if ((mode === 'live' || mode === 'final') && !isFromEarlierLoad) return 'run';
  if (tool.onReload === 'fail') return 'fail';
  // A call that still waits for a yes, or for a person's answer, cannot have run before the reload.
  return tool.onReload === 'ask' && approval !== 'asked' && tool.isRunnable ? 'interrupt' : 'run';
}

/**
 * Takes up the calls of a message, and notices what the page or the server did to known ones. `isGivenUp`: as in
 * {@link PendingPart}.
 */
export function takeUp(
  context: ChatContext,
  message: UIMessage | undefined,
  mode: IntakeMode,
  isGivenUp = false,
): void {
  if (message === undefined) return;
  const opened = new Set<ToolBatchKey>();
  const refs = readToolParts(message);
  const { takenBack } = context;
  // The page may never have read it: what is still there when nothing streams stays.
  const isRead = mode === 'final' || mode === 'loaded';
  for (const key of takenBack) if (isRead || refs.every((ref) => ref.key !== key)) takenBack.delete(key);
  for (const ref of refs) {
    const batchKey = takenBack.has(ref.key) ? undefined : takeUpPart(context, ref, message, mode, isGivenUp);
    if (batchKey !== undefined) opened.add(batchKey);
  }
  // The step of loaded calls is over once all of them are known, or `after` could not hold.
  if (mode === 'loaded') for (const batchKey of opened) context.runner.endStep(batchKey);
}

/** Takes up one part. Gives the batch where that makes a call. */
function takeUpPart(
  context: ChatContext,
  ref: ToolPartRef,
  message: UIMessage,
  mode: IntakeMode,
  isGivenUp = false,
): ToolBatchKey | undefined {
  const { part, key } = ref;
  if (part.providerExecuted === true || !isWholeCall(part)) return undefined;
  const call = callOf(context, key);
  if (call === undefined) return isOpenPart(part) ? adopt(context, ref, message, mode, isGivenUp) : undefined;
  if (mode !== 'loaded' && isMadeAgain(context, ref, call)) takeAgain(context, ref);
  else noticePart(context, ref, call, mode);
  return undefined;
}

/** Makes a call of an open part. Gives its batch. */
function adopt(
  context: ChatContext,
  ref: ToolPartRef,
  message: UIMessage,
  mode: IntakeMode,
  isGivenUp: boolean,
): ToolBatchKey | undefined {
  const { runner, resumed, state } = context;
  const { part, toolName, messageId, step } = ref;
  const policy = runner.policyOf(toolName);
  const isRecalled = mode === 'loaded' || mode === 'found' || resumed.isFromEarlierLoad();
  const memory = isRecalled && policy !== undefined ? recall(context, ref) : undefined;
  if (memory === 'asked') return undefined;
  const approvalAsked = isAskingPart(part);
  const isCut = mode === 'loaded' && policy?.start === 'step-end';
  const isUnstarted = memory?.type === 'never-started' && memory.ask !== true && !(isCut && memory.isCut === true);
  const recalled = memory?.type === 'settled' ? undefined : memory;
  const approved = approvalOf(part) === 'granted' || recalled?.approved === true;
  const judged = judgePart({
    mode,
    isFromEarlierLoad: resumed.isFromEarlierLoad(),
    hadWord: resumed.hadWord(part),
    tool: policy && { isRunnable: isRunHere(context, toolName), onReload: policy.onReload },
    approval: approved ? 'given' : approvalAsked ? 'asked' : undefined,
    isGivenUp,
    // It counts only where nobody here has the tool.
    isBesideOurs:
      policy === undefined &&
      readToolParts(message).some((other) => other.step === step && runner.policyOf(other.toolName)),
  });
  const verdict = isUnstarted ? 'run' : judged;
  // A replay does not know what the page has answered itself. Of a tool that nobody has the server may still say more.
  const word = policy !== undefined || verdict === 'refuse' ? resumed.wordBefore(ref) : undefined;
  const isLeft = verdict === 'leave' && word === undefined;
  if (isLeft || (verdict === 'refuse' && state.options.unknownTool === 'ignore')) return undefined;
  const call = toRunnerCall(ref);
  const changed = memory?.input === undefined ? call : { ...call, input: memory.input, modelInput: call.input ?? null };
  const batchKey = runner.openBatch(messageId, step);
  const interruption = toInterruption(recalled);
  let ending = memory?.type === 'settled' ? memory.ending : word && toEnding(word);
  if (verdict === 'refuse') ending ??= failed(runner.explainMissing(toolName));
  if (verdict === 'fail') ending ??= failed(createInterruptedError(interruption));
  if (ending !== undefined) runner.addEndedCall(batchKey, changed, ending);
  else
    runner.addCall(batchKey, changed, {
      messages: () => conversationBefore(context, batchKey, step),
      status: verdict === 'interrupt' ? 'interrupted' : 'queued',
      interruption,
      idempotencyKey: recalled?.idempotencyKey,
      approved,
      approvalAsked,
      inputSigned: isInputSigned(part),
    });
  return batchKey;
}

function toRunnerCall({ part, toolName }: ToolPartRef, { input }: { readonly input?: unknown } = part): RunnerCall {
  return { toolCallId: part.toolCallId, toolName, title: readTitle(part), input };
}

function failed(error: ToolCallError): ToolCallEnding {
  return { type: 'call-failed', error };
}

/** What plugins know of a loaded call; `'asked'` while one has yet to say. */
function recall(
  { plugins, recollections, schedule }: ChatContext,
  ref: ToolPartRef,
): Recollection | 'asked' | undefined {
  const { key } = ref;
  if (recollections.has(key)) return recollections.get(key);
  recollections.set(key, 'asked');
  const found = recallFrom(plugins, toPendingCall(ref));
  if (!isPromiseLike(found)) recollections.set(key, found);
  else
    void found.then((recollection) => {
      // The page may have left the chat to another one meanwhile.
      if (recollections.has(key)) recollections.set(key, recollection);
      schedule();
    });
  return recollections.get(key);
}

/** What is known of a call that a reload interrupted. */
function toInterruption(
  recalled: Exclude<Recollection, { type: 'settled' }> | undefined,
): ToolCallInterruption | undefined {
  if (recalled?.type === 'never-started') return { type: 'never-started' };
  return recalled?.at === undefined ? undefined : { type: recalled.type, at: recalled.at };
}

/** The SDK has put another call in the place of one that was sent: the id came again, and nobody said that a step begins. */
function isMadeAgain(context: ChatContext, { part, batchKey }: ToolPartRef, call: ToolCall): boolean {
  const isSent = batchesOf(context)[batchKey]?.told !== undefined;
  return context.handle.updateMessages !== undefined && isSettled(call) && isOpenPart(part) && isSent;
}

/** One that asks for the same has its result; for another one that id cannot stand, and the model hears of it. */
function takeAgain({ runner }: ChatContext, ref: ToolPartRef): void {
  const batchKey = runner.openBatch(ref.messageId, ref.step);
  runner.dispatch({ type: 'batch-reopened', batchKey });
  runner.addCall(batchKey, toRunnerCall(ref));
}

/** Notices what the page or the server did to known calls, and takes up none. */
export function notice(context: ChatContext, message: UIMessage | undefined, mode: IntakeMode): void {
  for (const ref of readToolParts(message)) {
    const call = callOf(context, ref.key);
    if (call !== undefined) noticePart(context, ref, call, mode);
  }
}

/** Somebody beside the runner may have changed the part of a known call. */
function noticePart(context: ChatContext, ref: ToolPartRef, call: ToolCall, mode: IntakeMode): void {
  const { runner } = context;
  const word = readWord(ref.part);
  if (word !== undefined) hear(context, ref, call, word, mode);
  else if (isAskingPart(ref.part) && (call.attempts.length === 0 || !isAutomatic(ref.part)))
    runner.requireApproval(ref.key, isInputSigned(ref.part) ? 'signed' : undefined);
  else if (approvalOf(ref.part) === 'granted' && call.status === 'awaiting-approval') runner.approve(ref.key);
}

/** Parts whose word was heard. A part never changes: another word comes with another object. */
const heardParts = new WeakSet<ToolPart>();

/**
 * A part's own word is the last: a final one there that is not ours (the server's result, error or denial, the page's own
 * `addToolOutput`) ends the call with it, whatever its status, and nothing is written over it.
 */
function hear(context: ChatContext, ref: ToolPartRef, call: ToolCall, word: PartWord, mode: IntakeMode): void {
  // A chunk makes every part anew: outputs are compared at the end of the answer.
  if (heardParts.has(ref.part) || (mode === 'live' && isSettled(call) && !isIdle(context))) return;
  heardParts.add(ref.part);
  const { words, runner, modelResults } = context;
  const known = words.get(ref.key);
  words.set(ref.key, word);
  // What the page has answered itself counts no more once the server has.
  const mayBeServers = call.answeredBy === undefined || context.isTapped();
  const isServers = mayBeServers && isAnsweredByServer(context, ref, word, mode);
  // Whose it is may be known later than what it says: by a replay.
  const isNowServers = isServers && call.answeredBy !== 'server' && context.isTapped();
  if (known !== undefined && isSameWord(known, word) && !isNowServers) return;
  if (isServers) warnOfBothSides(context, ref);
  const isOurs = known === undefined && saysItself(context, call, ref, word);
  if (isOurs && !isServers) return;
  modelResults.delete(ref.key);
  runner.overrule(ref.key, toEnding(word), isServers ? 'server' : 'page');
}

/** Whether a word is what the call itself came to. */
function saysItself(context: ChatContext, call: ToolCall, ref: ToolPartRef, word: PartWord): boolean {
  if (!isSettled(call)) return false;
  if (call.status === 'denied' && word.state === 'output-denied') return true;
  const result = toResult(context, call, ref);
  return (
    (result !== undefined && isSameWord(result, word)) ||
    (word.state === 'output-error' && word.errorText === call.error?.message)
  );
}

/** Whether the server gave the word in the answer that made the call: it goes on by itself, or has ended. */
function isAnsweredByServer(context: ChatContext, ref: ToolPartRef, word: PartWord, mode: IntakeMode): boolean {
  const { handle, state, resumed } = context;
  if (state.phase.at !== 'streaming') return false;
  // An id may have been used in a step before this answer.
  if (context.isTapped())
    return hasAnswered(state.phase.record, ref, word) && ref.step >= resumed.stepsBefore(handle.getMessages());
  if (mode === 'loaded') return false;
  const { part, toolName } = ref;
  if (part.state === 'output-denied') return true;
  if (approvalOf(part) !== undefined) return isAutomatic(part);
  return isRunHere(context, toolName);
}

/** The page may have answered in the moment before, or after. */
function hasAnswered(record: ResponseRecord | undefined, { part }: ToolPartRef, word: PartWord): boolean {
  const said = record?.answeredCalls.get(part.toolCallId);
  return said !== undefined && isSameWord(said, word);
}

function warnOfBothSides(context: ChatContext, { part, toolName }: ToolPartRef): void {
  const isRun = part.state === 'output-available' || part.state === 'output-error';
  if (isRun && isRunHere(context, toolName)) warnOf('both-sides', [toolName]);
}

function toEnding(word: PartWord): ToolCallEnding {
  switch (word.state) {
    case 'output-available':
      return { type: 'call-succeeded', output: word.output };
    case 'output-error':
      return failed(new ToolCallError('execution', word.errorText));
    default:
      return { type: 'approval-denied', error: new ToolCallError('denied', word.reason || DENIED_WITHOUT_REASON) };
  }
}

/** What the tool of a call reads as the conversation: everything before the step that made the call. */
function conversationBefore(context: ChatContext, batchKey: ToolBatchKey, step: number) {
  const messages = messagesOf(context);
  const batch = batchesOf(context)[context.runner.currentKey(batchKey)];
  const index = messages.findIndex((message) => idOf(message) === batch?.messageId);
  const message = messages[index];
  if (message === undefined) return [];
  const before = messages.slice(0, index);
  return toModelMessages(step === 0 ? before : [...before, trimToStepEnd(message, step - 1)]);
}

/** Takes up calls that the server refused (its schema, or a tool it does not know): they never reach `onToolCall`, and the model must still hear. */
export function takeUpRejected(
  { runner, words }: ChatContext,
  message: UIMessage,
  rejected: ResponseRecord['rejectedCalls'],
): void {
  for (const ref of readToolParts(message)) {
    const rejection = rejected.get(ref.part.toolCallId);
    const word = readWord(ref.part);
    if (rejection === undefined || word?.state !== 'output-error' || ref.step !== lastStepOf(message)) continue;
    const kind = runner.policyOf(ref.toolName) === undefined ? 'unknown-tool' : 'invalid-input';
    words.set(ref.key, word);
    const batchKey = runner.openBatch(ref.messageId, ref.step);
    runner.addEndedCall(batchKey, toRunnerCall(ref, rejection), failed(new ToolCallError(kind, rejection.errorText)));
  }
}

/** The chat's `onToolCall`: starts what may start. */
export function takeUpCall(
  context: ChatContext,
  call: { readonly toolCallId: string; readonly toolName: string; readonly input: unknown },
): void {
  const message = lastAnswer(context);
  if (message === undefined) return;
  const [ref, before] = readLastToolParts(message, call.toolCallId);
  if (ref && callOf(context, ref.key)) context.runner.addCall(ref.batchKey, call);
  // What came before it is known: of an answer with a hundred calls, each looks at itself.
  else if (ref && before && callOf(context, before.key) && context.takenBack.size === 0)
    takeUpPart(context, ref, message, 'live');
  else takeUp(context, message, 'live');
}
