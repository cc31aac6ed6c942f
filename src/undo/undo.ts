/**
 * Owns the plugin: it offers to undo what calls have done, undoes it under their locks, and notes on the records where that stands. What the model
 * reads of it is in `undo-words.ts`.
 */
import { createAttempt } from '../core/attempts.ts';
import { createCancelledError, createMissingToolError, type ToolCallError } from '../core/errors.ts';
import type { PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { listCalls, selectToolCall } from '../core/selectors.ts';
import type { SucceededToolCall, ToolCall } from '../core/tool-call.ts';
import { keyOf, type ToolCallRef } from '../core/tool-calls.ts';
import { readUndoEnd, selectUndo, UNDO_NAME, type CallUndo } from '../core/undo-facts.ts';
import { describeUndo } from './undo-words.ts';

/** Offers *Undo* on the cards of calls whose tools have `undo`. Give it to the hook: `plugins: [undo()]`. */
export function undo(): ToolCallsPlugin {
  return { name: UNDO_NAME, forChat: createUndo };
}

/** The list of a run's attempts: it is the same object when the call gets another key. */
type RunKey = ToolCall['attempts'];

/** An undo at work. */
interface Undoing {
  /** Ends it, with why. */
  cancel(error: ToolCallError): void;
  readonly ended: Promise<void>;
}

function createUndo(): ToolCallsPlugin {
  let host: PluginHost | undefined;
  const atWork = new Map<RunKey, Undoing>();

  /** Notes it on the record, whatever key that has by now. */
  function note(run: RunKey, { store, record }: PluginHost, facts: CallUndo): void {
    const calls = Object.values(store.getState().batches).flatMap(listCalls);
    const call = calls.find(({ attempts }) => attempts === run);
    // What is left out would be kept.
    if (call !== undefined) record({ until: undefined, at: undefined, error: undefined, ...facts }, call.key);
  }

  function offer(call: ToolCall | undefined, given: PluginHost): void {
    // What another call or the server has brought was not done here.
    if (call?.status !== 'succeeded' || call.attempts.length === 0 || call.answeredBy !== undefined) return;
    const policy = given.policyOf(call.toolName);
    if (policy?.undo === undefined) return;
    note(call.attempts, given, { status: 'offered', until: call.settledAt + policy.undoFor });
  }

  /** Old offers are seen no more once the conversation goes on. There is no timer: nothing moves under a person who reads. */
  function expire(given: PluginHost): void {
    const calls = Object.values(given.store.getState().batches).flatMap(listCalls);
    for (const call of calls) {
      const isOver = readUndoEnd(call) <= given.clock.now();
      if (isOver && selectUndo(call)?.status === 'offered') note(call.attempts, given, { status: 'expired' });
    }
  }

  function begin(call: SucceededToolCall, given: PluginHost): void {
    const { attempts: run, toolName } = call;
    const policy = given.policyOf(toolName);
    let leave: (() => void) | undefined;
    let cancelAttempt: ((error: ToolCallError) => void) | undefined;
    let resolve!: () => void;
    const ended = new Promise<void>((settle) => (resolve = settle));
    const end = (error?: ToolCallError) => {
      if (!atWork.delete(run)) return;
      leave?.();
      const at = given.clock.now();
      if (error === undefined) note(run, given, { status: 'undone', at });
      else note(run, given, { status: 'failed', error, until: policy?.undo === undefined ? at : at + policy.undoFor });
      given.reconsider();
      resolve();
    };
    const cancel = (error: ToolCallError) => {
      cancelAttempt?.(error);
      end(error);
    };
    atWork.set(run, { cancel, ended });
    note(run, given, { status: 'undoing' });
    leave = given.takeTurn(call.key, (input) => {
      if (policy?.undo === undefined || !atWork.has(run)) return;
      const attempt = createUndoAttempt(call, input, policy, given, end);
      cancelAttempt = attempt.cancel;
      // What ends at once must not end before it is known how to leave the line.
      queueMicrotask(attempt.run);
    });
    if (policy?.undo === undefined || leave === undefined) cancel(createMissingToolError(toolName, true));
    // Whoever heard of it may have cancelled it before.
    if (!atWork.has(run)) leave?.();
    given.reconsider();
  }

  /** Carries out a command that concerns an undo; `false` for any other. */
  function take(name: string, ref: ToolCallRef, given: PluginHost): boolean {
    const call = selectToolCall(given.store.getState(), keyOf(ref));
    if (call?.status !== 'succeeded') return false;
    if (name === 'cancel') atWork.get(call.attempts)?.cancel(createCancelledError('user'));
    else if (readUndoEnd(call) > given.clock.now()) begin(call, given);
    return true;
  }

  return {
    name: UNDO_NAME,
    connect(given) {
      host = given;
      const stop = given.subscribe((event) => {
        if (event.type === 'batch-opened') expire(given);
        if (event.type === 'call-succeeded') offer(selectToolCall(given.store.getState(), event.key), given);
      });
      return () => {
        stop();
        for (const { cancel } of atWork.values()) cancel(createCancelledError('unmount'));
        host = undefined;
      };
    },
    command(command) {
      const given = host;
      const { name, args, isDeparting } = command;
      // A message that is written after it goes out after it: the model reads what came of it.
      if (given !== undefined && name === 'sendMessage' && atWork.size > 0 && isDeparting !== true)
        return Promise.all([...atWork.values()].map(({ ended }) => ended)).then(() => given.perform(command));
      if (given === undefined || (name !== 'undo' && name !== 'cancel')) return undefined;
      // SAFETY: what these two commands are given.
      return take(name, args[0] as ToolCallRef, given) ? Promise.resolve() : undefined;
    },
    beforeFollowUp: () => (atWork.size > 0 ? 'hold' : 'send'),
    annotate(call) {
      const toText = (error: ToolCallError) => host?.policyOf(call.toolName)?.errorText(error) ?? error.message;
      const text = describeUndo(selectUndo(call), toText);
      return text === undefined ? undefined : { undoneByUser: text };
    },
  };
}

/** One try to undo a call, with the timeout of its tool. `end` is told once, unless it is cancelled. */
function createUndoAttempt(
  { key, toolCallId, toolName, output }: SucceededToolCall,
  input: unknown,
  { undo: run, timeout }: ResolvedToolPolicy,
  { clock, idempotencyKeyOf }: PluginHost,
  end: (error?: ToolCallError) => void,
) {
  const idempotencyKey = `${idempotencyKeyOf(key)}/undo`;
  return createAttempt({
    // SAFETY: the parsed input and the output are what the tool's own types say.
    execute: (abortSignal) =>
      run?.(input as never, output as never, { toolCallId, toolName, abortSignal, idempotencyKey }),
    findFailure: () => undefined,
    check: (value) => ({ success: true, value }),
    timeout,
    clock,
    onOutput: () => end(),
    onFailure: end,
    onPreliminary() {},
  });
}
