/**
 * Owns the early start of calls whose tools have `start: 'early'`: it follows the inputs as they stream, and runs a tool once what has come of an input
 * is whole JSON that fits. That JSON may not be the input's end, so the run is held back until the call itself starts: with an equal input it
 * becomes the call's attempt, else it is aborted and the call runs as if there had been none. Until then nothing is shown, recorded, written or sent.
 */
import type { UIMessageChunk } from 'ai';
import { createCancelledError } from '../core/errors.ts';
import { expectCount } from '../core/expect.ts';
import { isSameJson } from '../core/identical-calls.ts';
import type { LockModes } from '../core/locks.ts';
import type { PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import { checkInput, whenChecked } from '../core/schema.ts';
import { selectToolCall } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import type { ToolCall } from '../core/tool-call.ts';
import type { ClientToolExecutionOptions } from '../core/tool.ts';
import { isStepStart } from '../messages/part-fields.ts';
import { toModelMessages } from '../messages/model-messages.ts';
import { startEarlyRun, type EarlyRun } from './early-run.ts';
import { createJsonObjectEnd, type JsonObjectState } from './json-object-end.ts';
import { earlyPolicyOf, isWriteAhead, lockModesOf, mayWrite, needsNobody } from './may-start-early.ts';

export interface EarlyStartOptions {
  /** How many early runs may be under way at once. They hold no slot of the hook's `concurrency` before their calls start. @default 4 */
  readonly max?: number;
}

/**
 * A plugin that starts calls of tools with `start: 'early'` while the model still writes their step, where the server sends inputs as they stream.
 *
 * @throws TypeError on a `max` that makes no sense
 */
export function earlyStart({ max = 4 }: EarlyStartOptions = {}): ToolCallsPlugin {
  expectCount('`max` of earlyStart', max, 1);
  return { name: NAME, forChat: () => createEarlyStart(max) };
}

const NAME = 'early-start';

/** A call whose input streams, or has. */
interface StreamedCall {
  readonly toolCallId: string;
  readonly toolName: string;
  /** Follows the input; absent where the tool never starts early. */
  readonly readEnd: ((piece: string) => JsonObjectState) | undefined;
  text: string;
  /** The server has said that the input is complete. */
  isComplete: boolean;
  /** It is in the store: an end of the answer is not its end. */
  isTakenUp: boolean;
  early: { readonly run: EarlyRun; readonly input: unknown; readonly locks: LockModes } | undefined;
}

function createEarlyStart(max: number): ToolCallsPlugin {
  let host: PluginHost | undefined;
  let starts = 0;
  const streamed = new Map<string, StreamedCall>();

  function drop(call: StreamedCall | undefined): void {
    if (call !== undefined && streamed.get(call.toolCallId) === call) streamed.delete(call.toolCallId);
    call?.early?.run.abort(createCancelledError('superseded'));
    if (call !== undefined) call.early = undefined;
  }

  function dropAll(isMeant: (call: StreamedCall) => boolean): void {
    for (const call of streamed.values()) if (isMeant(call)) drop(call);
  }

  // ── What streams ───────────────────────────────────────────────────────────

  function hearChunk(chunk: UIMessageChunk): void {
    switch (chunk.type) {
      case 'start':
      case 'reset-step':
      case 'error':
      case 'abort':
        return dropAll(isNotTakenUp);
      case 'tool-input-start':
        drop(streamed.get(chunk.toolCallId));
        if (host !== undefined && chunk.providerExecuted !== true)
          streamed.set(chunk.toolCallId, createStreamedCall(chunk, earlyPolicyOf(host, chunk.toolName) !== undefined));
        return;
      case 'tool-input-delta':
        return hearDelta(streamed.get(chunk.toolCallId), chunk.inputTextDelta);
      case 'tool-input-available':
        return hearInput(streamed.get(chunk.toolCallId), chunk.input);
      case 'tool-input-error':
      case 'tool-approval-request':
      case 'tool-output-available':
      case 'tool-output-error':
      case 'tool-output-denied':
        return drop(streamed.get(chunk.toolCallId));
      default:
    }
  }

  function hearDelta(call: StreamedCall | undefined, piece: string): void {
    if (host === undefined || call?.readEnd === undefined || call.isComplete) return;
    call.text += piece;
    const state = call.readEnd(piece);
    if (state === 'other') return drop(call);
    if (state === 'closed' && call.early === undefined) consider(host, call);
  }

  function hearInput(call: StreamedCall | undefined, input: unknown): void {
    if (call === undefined) return;
    call.isComplete = true;
    if (call.early !== undefined && !isSameJson(call.early.input, input)) drop(call);
  }

  // ── The early run ──────────────────────────────────────────────────────────

  /** What has come of the input is an object: whole, it may be the last that comes. */
  function consider(given: PluginHost, call: StreamedCall): void {
    const policy = earlyPolicyOf(given, call.toolName);
    const tool = given.commands.getTools()[call.toolName];
    const input = parseJson(call.text);
    if (policy === undefined || tool === undefined || input === undefined) return;
    const isCurrent = () => host === given && streamed.get(call.toolCallId) === call && call.early === undefined;
    whenChecked(checkInput(tool.inputSchema, input), (checked) => {
      if (!checked.success || !isCurrent() || call.isTakenUp) return;
      const locks = lockModesOf(policy, checked.value);
      if (locks === undefined || !needsNobody(policy, checked.value) || !mayRead(given, call, locks)) return;
      if (given.askReasons(toQueuedCall(given, call, input)).length > 0 || !isCurrent()) return;
      const { toolCallId, toolName } = call;
      // Not the call's own: with another input, a service would take the call for a repetition of this run.
      const idempotencyKey = `${given.chatId}/early-${++starts}/${toolCallId}`;
      const getMessages = () => conversationBefore(given, toolCallId);
      const run = startEarlyRun(
        tool,
        checked.value,
        { toolCallId, toolName, idempotencyKey, getMessages },
        given.clock.now(),
      );
      call.early = { run, input, locks };
    });
  }

  /** Whether there is room for one more, and nobody has to write first what the call reads. */
  function mayRead(given: PluginHost, call: StreamedCall, locks: LockModes): boolean {
    const others = [...streamed.values()];
    if (others.filter(({ early }) => early !== undefined).length >= max) return false;
    if (locks.size === 0) return true;
    if ([...locks.values()].includes('write') || isWriteAhead(given, locks)) return false;
    // What a call before it in the answer locks is known once its input is complete.
    const before = others.slice(0, others.indexOf(call)).filter(isNotTakenUp);
    return before.every(
      ({ toolName }) => given.policyOf(toolName)?.readOnly !== false || given.policyOf(toolName)?.locks === undefined,
    );
  }

  // ── The call itself ────────────────────────────────────────────────────────

  function hear(given: PluginHost, event: ToolCallStoreEvent): void {
    if (streamed.size === 0) return;
    const call = 'key' in event ? selectToolCall(given.store.getState(), event.key) : undefined;
    if (event.type === 'call-added') {
      const own = streamed.get(event.call.toolCallId);
      if (own !== undefined) own.isTakenUp = true;
    } else if (event.type === 'attempt-started' && call !== undefined) {
      dropAll(({ early }) => early !== undefined && mayWrite(given, call, early.locks));
    } else if (call !== undefined && ENDS.has(event.type)) drop(streamed.get(call.toolCallId));
  }

  /** The call has its turn. A run that failed counts for nothing: the call runs as if there had been none. */
  function execute(call: ToolCall, run: () => unknown, options: ClientToolExecutionOptions): unknown {
    const own = streamed.get(call.toolCallId);
    const early = own?.early;
    const isEqual = own?.toolName === call.toolName && early !== undefined && isSameJson(early.input, call.input);
    if (!isEqual) {
      drop(own);
      return run();
    }
    streamed.delete(call.toolCallId);
    host?.record({ startedAt: early.run.startedAt }, call.key);
    return early.run.adopt(options).catch(() => {
      if (options.abortSignal.aborted) throw options.abortSignal.reason;
      return run();
    });
  }

  return {
    name: NAME,
    connect(given) {
      host = given;
      const stops = [
        given.subscribe((event) => hear(given, event)),
        given.watch(() => {
          const status = given.getStatus();
          if (status !== 'streaming' && status !== 'submitted') dropAll(isNotTakenUp);
        }),
      ];
      return () => {
        host = undefined;
        for (const stop of stops) stop();
        dropAll(() => true);
      };
    },
    chunk: hearChunk,
    execute,
  };
}

/** What says that a call is not to run as it was, or not now. */
const ENDS: ReadonlySet<ToolCallStoreEvent['type']> = new Set<ToolCallStoreEvent['type']>([
  'approval-required',
  'approval-denied',
  'call-cancelled',
  'call-failed',
  'call-overruled',
  'call-succeeded',
]);

function createStreamedCall(
  { toolCallId, toolName }: Pick<StreamedCall, 'toolCallId' | 'toolName'>,
  isFollowed: boolean,
): StreamedCall {
  const readEnd = isFollowed ? createJsonObjectEnd() : undefined;
  return { toolCallId, toolName, readEnd, text: '', isComplete: false, isTakenUp: false, early: undefined };
}

function isNotTakenUp({ isTakenUp }: StreamedCall): boolean {
  return !isTakenUp;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The call as plugins are asked about it. It is in no store. */
function toQueuedCall({ chatId, clock }: PluginHost, { toolCallId, toolName }: StreamedCall, input: unknown): ToolCall {
  return {
    key: `${chatId}/early/${toolCallId}`,
    batchKey: `${chatId}/early`,
    messageId: '',
    step: 0,
    toolCallId,
    toolName,
    input,
    generation: 0,
    attempts: [],
    destructive: false,
    queuedAt: clock.now(),
    status: 'queued',
  };
}

/** Everything before the step in which the call stands. */
function conversationBefore({ getMessages, toolPartsOf }: PluginHost, toolCallId: string) {
  const messages = getMessages();
  const answer = messages.at(-1);
  const part = answer && toolPartsOf(answer).findLast((ref) => ref.part.toolCallId === toolCallId)?.part;
  if (answer === undefined || part === undefined) return toModelMessages(messages);
  const before = answer.parts.slice(0, answer.parts.indexOf(part));
  const parts = before.slice(0, Math.max(0, before.findLastIndex(isStepStart)));
  return toModelMessages([...messages.slice(0, -1), { ...answer, parts }]);
}
