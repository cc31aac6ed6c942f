/**
 * Owns what a resumed follow-up started from. The SDK rebuilds a resumed answer from its own stream only: the steps that were
 * there before the request vanish, and step numbers start again. Here they are kept, counted, and put back at the end.
 */
import type { UIMessage } from 'ai';
import { isReportedPart, isToolPart, lastStepOf, readToolParts } from './message-parts.ts';

export interface ResumedAnswer {
  /** A request goes out; its answer may continue the last message. */
  noteRequest(messages: readonly UIMessage[]): void;
  /** A stream is resumed. Without a request of this page, what it continues is read from the loaded messages. */
  noteResume(messages: readonly UIMessage[]): void;
  /** How many steps the last message had before the answer that streams. */
  stepsBefore(): number;
  /** Whether the stream belongs to a request of another page load: its calls may have run there. */
  isFromEarlierLoad(): boolean;
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
  let completed: { from: UIMessage; to: UIMessage } | undefined;

  /** The SDK has emptied the message since: nothing of the base stands at its beginning. */
  function isMissing({ parts }: AnswerBase, message: UIMessage): boolean {
    // After a page load the stream may as well be the replay of the answer that made these calls: its own ids tell.
    if (!requested) return !sharesCalls(parts, message.parts);
    return parts.some((part, index) => JSON.stringify(part) !== JSON.stringify(message.parts[index]));
  }

  return {
    noteRequest(messages) {
      const last = messages.at(-1);
      requested = true;
      resuming = false;
      base = last?.role === 'assistant' ? { messageId: last.id, parts: last.parts } : undefined;
    },
    noteResume(messages) {
      resuming = true;
      if (!requested) base = readLoadedBase(messages.at(-1));
    },
    stepsBefore: () => base?.parts.filter(({ type }) => type === 'step-start').length ?? 0,
    isFromEarlierLoad: () => resuming && !requested,
    complete(messages) {
      const last = messages.at(-1);
      if (!resuming || base === undefined || last === undefined || last.id !== base.messageId) return messages;
      if (completed?.from !== last) {
        if (!isMissing(base, last)) return messages;
        completed = { from: last, to: { ...last, parts: [...base.parts, ...last.parts] } };
      }
      return [...messages.slice(0, -1), completed.to];
    },
  };
}

/** A loaded answer whose calls all have results can only have been sent: what is resumed is its follow-up. */
function readLoadedBase(message: UIMessage | undefined): AnswerBase | undefined {
  if (message?.role !== 'assistant') return undefined;
  const calls = readToolParts(message).filter(({ step }) => step === lastStepOf(message));
  if (calls.length === 0 || !calls.every(({ part }) => isReportedPart(part))) return undefined;
  return { messageId: message.id, parts: message.parts };
}

function sharesCalls(left: UIMessage['parts'], right: UIMessage['parts']): boolean {
  const ids = new Set(left.flatMap((part) => (isToolPart(part) ? part.toolCallId : [])));
  return right.some((part) => isToolPart(part) && ids.has(part.toolCallId));
}
