/**
 * Owns which outputs and words of errors are in the file of a session: those that the model was given, as it was given them. What was withheld from it,
 * and what it has yet to get, is not there. It fails closed.
 */
import type { UIMessage } from 'ai';
import { ToolCallError } from '../core/errors.ts';
import { isSameJson } from '../core/identical-calls.ts';
import type { ToolCallState, ToolCallStoreEvent } from '../core/tool-call-store.ts';
import {
  moveToolBatchKey,
  moveToolCallKey,
  toolBatchKeyOf,
  type ToolCall,
  type ToolCallEnding,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { readToolParts, readWord, type PartWord } from '../messages/message-parts.ts';
import { listSnapshots, type SessionRecording } from './recording.ts';

/** What stands in the file where an output was not given to the model. */
export const WITHHELD_OUTPUT = { $withheld: true } as const;
const WITHHELD_WORDS = 'What it says is not in this file, since the model was not given it.';

/** The final words that the model was given, from a place in the log on. */
interface Words {
  /** The index in the log of the conversation that has them. */
  readonly index: number;
  readonly words: ReadonlyMap<ToolCallKey, PartWord>;
}

/** Gives the events and records of a recording with the values that the model was given. */
export function createSpokenValues(recording: SessionRecording) {
  const { log, initial } = recording;
  const words = readWords(recording);
  const moves = log.flatMap((entry, index) =>
    entry.type === 'event' && entry.event.type === 'batch-moved' ? [{ index, event: entry.event }] : [],
  );

  /** The key that a call has later on. */
  function keyAfter(key: ToolCallKey, index: number): ToolCallKey {
    return moves.reduce(
      (moved, move) =>
        move.index > index && toolBatchKeyOf(moved) === move.event.batchKey
          ? moveToolCallKey(moved, moveToolBatchKey(move.event.batchKey, move.event.messageId))
          : moved,
      key,
    );
  }

  /** What the model was told of a call that ended at `index` of the log. */
  function wordAfter(key: ToolCallKey, index: number): PartWord | undefined {
    const later = words.filter((each) => each.index > index);
    const moved = keyAfter(key, index);
    return later.map(({ words }) => words.get(key) ?? words.get(moved)).find((word) => word !== undefined);
  }

  const endings = log.flatMap((entry, index) => (entry.type === 'event' ? endingOf(entry.event, index) : []));
  const wholeAt = new Map(endings.map(({ key, index, ending }) => [index, isWhole(ending, wordAfter(key, index))]));
  /** The calls of which everything that they said at their end was said to the model. */
  const open = new Set(endings.filter(({ index }) => wholeAt.get(index) === true).map(({ key }) => key));
  for (const { key, index } of endings) if (wholeAt.get(index) === false) open.delete(key);

  function toSpokenEvent(event: ToolCallStoreEvent, index: number): ToolCallStoreEvent {
    switch (event.type) {
      case 'call-succeeded':
      case 'call-failed':
        return { ...event, ...toSpokenEnding(event, wordAfter(event.key, index)) } as ToolCallStoreEvent;
      case 'call-overruled':
        return { ...event, ending: toSpokenEnding(event.ending, wordAfter(event.key, index)) };
      case 'attempt-failed':
      case 'input-rejected':
        return open.has(event.key) ? event : { ...event, error: withoutWords(event.error) };
      case 'output-streamed':
        return open.has(event.key) ? event : { ...event, output: WITHHELD_OUTPUT };
      case 'progress-reported':
        return open.has(event.key) ? event : { ...event, progress: withoutMessage(event.progress) };
      default:
        return event;
    }
  }

  function toSpokenCall(call: ToolCall): ToolCall {
    const word = wordAfter(call.key, -1);
    const isOpen = word !== undefined && isWhole(endingOfCall(call), word);
    const attempts = call.attempts.map(({ error, ...attempt }) => ({
      ...attempt,
      ...(error !== undefined && { error: isOpen ? error : withoutWords(error) }),
    }));
    const { earlierRuns: _earlierRuns, ...rest } = call;
    // SAFETY: the same fields, with other values.
    return {
      ...rest,
      attempts,
      ...(call.progress !== undefined && { progress: isOpen ? call.progress : withoutMessage(call.progress) }),
      ...('output' in call && { output: toSpokenOutput(call.output, word) }),
      ...(call.error !== undefined && { error: toSpokenError(call.error, word) }),
    } as ToolCall;
  }

  return {
    toSpokenEvent,
    toSpokenState: (): ToolCallState => ({
      ...initial,
      batches: Object.fromEntries(
        Object.entries(initial.batches).map(([batchKey, batch]) => {
          const calls = Object.entries(batch.calls).map(([key, call]) => [key, toSpokenCall(call)] as const);
          return [batchKey, { ...batch, calls: Object.fromEntries(calls) }];
        }),
      ),
    }),
  };
}

function readWords(recording: SessionRecording): Words[] {
  const indexes = recording.log.flatMap(({ type }, index) => (type === 'event' ? [] : [index]));
  return listSnapshots(recording).map(({ messages }, n) => ({
    index: indexes[n] ?? recording.log.length,
    words: new Map(messages.flatMap(readWordsOf)),
  }));
}

function readWordsOf(message: UIMessage): (readonly [ToolCallKey, PartWord])[] {
  return readToolParts(message).flatMap(({ key, part }) => {
    const word = readWord(part);
    return word === undefined ? [] : [[key, word] as const];
  });
}

type SaidEnding = Pick<ToolCallEnding, 'type'> & { readonly output?: unknown; readonly error?: ToolCallError };

function endingOf(event: ToolCallStoreEvent, index: number) {
  switch (event.type) {
    case 'call-succeeded':
    case 'call-failed':
      return [{ key: event.key, index, ending: event as SaidEnding }];
    case 'call-overruled':
      return [{ key: event.key, index, ending: event.ending as SaidEnding }];
    default:
      return [];
  }
}

function endingOfCall(call: ToolCall): SaidEnding {
  return call.status === 'succeeded'
    ? { type: 'call-succeeded', output: call.output }
    : { type: 'call-failed', ...(call.error !== undefined && { error: call.error }) };
}

/** Whether the model was given an ending as it was. */
function isWhole(ending: SaidEnding, word: PartWord | undefined): boolean {
  if (word === undefined) return false;
  if (ending.type === 'call-succeeded')
    return word.state === 'output-available' && isSameJson(word.output, ending.output ?? null);
  return word.state === 'output-denied' || (word.state === 'output-error' && word.errorText === ending.error?.message);
}

function toSpokenEnding<TEnding extends ToolCallEnding>(ending: TEnding, word: PartWord | undefined): TEnding {
  if (ending.type === 'call-succeeded') return { ...ending, output: toSpokenOutput(ending.output, word) };
  if (ending.type === 'call-failed') return { ...ending, error: toSpokenError(ending.error, word) };
  return ending;
}

function toSpokenOutput(own: unknown, word: PartWord | undefined): unknown {
  if (word?.state !== 'output-available') return WITHHELD_OUTPUT;
  return isSameJson(word.output, own) ? own : word.output;
}

function toSpokenError(error: ToolCallError, word: PartWord | undefined): ToolCallError {
  if (HAS_OWN_WORDS[error.kind]) return error;
  if (word?.state !== 'output-error') return withoutWords(error);
  return word.errorText === error.message ? error : withoutWords(error, word.errorText);
}

/** Whose words are ours, and say nothing of the tool. */
const HAS_OWN_WORDS: Partial<Record<ToolCallError['kind'], true>> = {
  cancelled: true,
  interrupted: true,
  'unknown-tool': true,
  timeout: true,
};

function withoutWords({ kind, by, status, retryAfter }: ToolCallError, words = WITHHELD_WORDS): ToolCallError {
  return new ToolCallError(kind, words, { status, retryAfter, ...(by !== undefined && { by }) });
}

function withoutMessage<TProgress extends object>(progress: TProgress): TProgress {
  const { message: _, ...rest } = progress as TProgress & { message?: unknown };
  // SAFETY: the message is optional.
  return rest as TProgress;
}
