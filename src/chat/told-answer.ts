/**
 * Owns the time between `onFinish` and the render that shows the answer. The helpers of `useChat` know what was rendered last: until the
 * next render an answer that came in one go looks as if it, and its calls, were gone.
 */
import type { UIMessage } from 'ai';
import { partsOf } from './part-fields.ts';

export interface ToldAnswer {
  /** `onFinish` told of these messages. */
  note(messages: readonly UIMessage[]): void;
  /** The chat still has what it had then, and lacks the answer or a part of it. */
  isMissing(): boolean;
}

export function createToldAnswer(getMessages: () => readonly UIMessage[]): ToldAnswer {
  let answer: UIMessage | undefined;
  let before: readonly UIMessage[] | undefined;

  return {
    note(messages) {
      answer = messages.at(-1);
      before = getMessages();
    },
    isMissing() {
      const known = before?.findLast((message) => message?.id === answer?.id);
      const isBehind = answer !== undefined && (known === undefined || partsOf(known).length < partsOf(answer).length);
      // Whatever was rendered since is the chat as it is, the page's own changes included.
      if (!isBehind || getMessages() !== before) answer = before = undefined;
      return answer !== undefined;
    },
  };
}
