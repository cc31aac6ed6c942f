/**
 * Owns what a resumed follow-up started from. The SDK rebuilds a resumed answer from its own stream only: the steps that were
 * there before the request vanish, and step numbers start again. Here they are kept, counted, shown meanwhile, and put back at the end.
 */
import type { UIMessage } from 'ai';
import {
  countSteps,
  createStepCounter,
  isAskingPart,
  isOpenPart,
  isReportedPart,
  readToolParts,
  readWord,
  type PartWord,
  type ToolPart,
  type ToolPartRef,
} from './message-parts.ts';
import { partsOf } from './part-fields.ts';
import { trimToStepEnd } from './part-writes.ts';

export interface ResumedAnswer {
  /** A request goes out; its answer may continue the last message. */
  noteRequest(messages: readonly UIMessage[]): void;
  /** A stream is resumed. Without a request of this page, what it continues is read from the loaded messages. */
  noteResume(messages: readonly UIMessage[]): void;
  /** The messages are whole: what becomes of the steps from now on is no loss. */
  settle(): void;
  /** A message is known by another id now. */
  move(from: string, to: string): void;
  /** How many steps the last of the chat's messages had before the answer that streams. */
  stepsBefore(messages: readonly UIMessage[]): number;
  /** Whether the stream belongs to a request of another page load: its calls may have run there. */
  isFromEarlierLoad(): boolean;
  /** Whether the call of a part had its result, or the server's question, before the stream was resumed. */
  hadWord(part: ToolPart): boolean;
  /** The final word that the call of a part had before the stream was resumed. */
  wordBefore(ref: ToolPartRef): PartWord | undefined;
  /** The messages with the steps that the resumed answer started from. The same array where nothing is missing. */
  complete(messages: readonly UIMessage[]): readonly UIMessage[];
}

interface AnswerBase {
  readonly messageId: string;
  readonly parts: UIMessage['parts'];
}

export function createResumedAnswer(): ResumedAnswer {
  let base: AnswerBase | undefined;
  let requested = false;
  let resuming = false;
  let known: readonly ToolPartRef[] = [];
  let completed: { from: UIMessage; to: UIMessage } | undefined;
  let whole: { from: readonly UIMessage[]; to: readonly UIMessage[] } | undefined;

  /** What is missing at the beginning of a message that the SDK has emptied since; nothing where it has not. */
  function findMissing({ messageId, parts }: AnswerBase, message: UIMessage): UIMessage['parts'] {
    if (requested) {
      const now = partsOf(message);
      return parts.some((part, index) => JSON.stringify(part) !== JSON.stringify(now[index])) ? parts : [];
    }
    // After a page load the stream may as well be the replay of an answer that made some of these calls: its own ids tell.
    const ids = new Set(readToolParts(message).map(({ part }) => part.toolCallId));
    const base: UIMessage = { id: messageId, role: 'assistant', parts };
    const shared = readToolParts(base).find(({ part }) => ids.has(part.toolCallId));
    if (shared === undefined) return parts;
    return shared.step === 0 ? [] : trimToStepEnd(base, shared.step - 1).parts;
  }

  /** A follow-up of this page may have come back under another id. */
  function isAnswerTo({ messageId }: AnswerBase, messages: readonly UIMessage[]): boolean {
    const [before, last] = [messages.at(-2), messages.at(-1)];
    return last?.id === messageId || (requested && before?.id === messageId && last?.role === 'assistant');
  }

  return {
    noteRequest(messages) {
      const last = messages.at(-1);
      requested = true;
      resuming = false;
      base = last?.role === 'assistant' ? { messageId: last.id, parts: partsOf(last) } : undefined;
    },
    noteResume(messages) {
      resuming = true;
      const last = messages.at(-1);
      known = readToolParts(last);
      if (!requested) base = readLoadedBase(last);
    },
    settle() {
      resuming = false;
    },
    move(from, to) {
      if (base?.messageId === from) base = { ...base, messageId: to };
    },
    stepsBefore(messages) {
      if (base === undefined) return 0;
      const last = messages.at(-1);
      // The replay of a loaded answer may bring again what was loaded of it.
      return countSteps(requested || last === undefined ? base.parts : findMissing(base, last));
    },
    isFromEarlierLoad: () => resuming && !requested,
    hadWord: ({ toolCallId }) =>
      resuming &&
      known.some(({ part }) => part.toolCallId === toolCallId && (isReportedPart(part) || isAskingPart(part))),
    wordBefore({ key }) {
      const before = resuming ? known.find((ref) => ref.key === key) : undefined;
      return before && readWord(before.part);
    },
    complete(messages) {
      const last = messages.at(-1);
      if (!resuming || last?.role !== 'assistant') return messages;
      if (completed?.from !== last) {
        const once = withoutLostSteps(last);
        const missing = base !== undefined && isAnswerTo(base, messages) ? findMissing(base, once) : [];
        if (once === last && missing.length === 0) return messages;
        completed = { from: last, to: { ...once, parts: [...missing, ...partsOf(once)] } };
      }
      // Pages read this while they render: the same array, as long as it comes to the same.
      if (whole?.from !== messages || whole.to.at(-1) !== completed.to)
        whole = { from: messages, to: [...messages.slice(0, -1), completed.to] };
      return whole.to;
    },
  };
}

/** A loaded step whose calls all have results can only have been sent: what is resumed comes after it, or is it once more. */
function readLoadedBase(message: UIMessage | undefined): AnswerBase | undefined {
  if (message?.role !== 'assistant') return undefined;
  // One whose input never came whole is no call: the request went out without its result.
  const calls = readToolParts(message).filter(({ part }) => part.state !== 'input-streaming');
  const last = calls.findLast(({ step }) => calls.every((call) => call.step !== step || isReportedPart(call.part)));
  return last && { messageId: message.id, parts: trimToStepEnd(message, last.step).parts };
}

/**
 * The message without the steps that its replay brings again: `useChat` of AI SDK 6 does not tell its chat that a resumed stream is a replay, and
 * the answer is put after what was lost. A step with an open call can only be the last, so one that has the same call again is that step.
 */
function withoutLostSteps(message: UIMessage): UIMessage {
  const refs = readToolParts(message);
  const again = refs.find((ref) => findLost(refs, ref) !== undefined);
  const lost = again && findLost(refs, again);
  if (again === undefined || lost === undefined) return message;
  const stepOf = createStepCounter();
  const parts = partsOf(message).filter((part) => {
    const step = stepOf(part);
    return step < lost.step || step >= again.step;
  });
  return withoutLostSteps({ ...message, parts });
}

function findLost(refs: readonly ToolPartRef[], { step, toolName, part }: ToolPartRef): ToolPartRef | undefined {
  return refs.find(
    (ref) =>
      ref.step < step && ref.part.toolCallId === part.toolCallId && ref.toolName === toolName && isOpenPart(ref.part),
  );
}
