/**
 * Owns which messages another one continues under an id of its own. Where a server gives one turn several ids, the SDK begins a new
 * message at each of them with a copy of what came before, and leaves the old one where it is. Pure.
 */
import type { UIMessage } from 'ai';
import { isSameCall } from '../core/identical-calls.ts';
import { countSame, getToolPartName, isOpenPart, isReportedPart, isToolPart } from './message-parts.ts';
import { approvalOf, idOf, partsOf } from './part-fields.ts';

export interface ContinuedMessages {
  /** Ids of messages that are continued, each with the id that its calls have now. */
  readonly moves: readonly (readonly [from: string, to: string])[];
  /** The messages without those that are continued, and with the answers that the page has given there. The same array where there are none. */
  readonly rest: readonly UIMessage[];
}

const found = new WeakMap<readonly UIMessage[], ContinuedMessages>();

/**
 * Finds the messages that the one after them continues. Pages read this while they render: the same answer for the same array. What stands in
 * `before`, of which none was continued, is not looked at again, but for the last two: one of them may stream. `moved`: what was found before, since
 * a step that the server has taken back is missing where the message goes on.
 */
export function findContinued(
  messages: readonly UIMessage[],
  before: readonly UIMessage[] = [],
  moved: ReadonlyMap<string, string> = new Map(),
): ContinuedMessages {
  const known = found.get(messages);
  if (known !== undefined) return known;
  const start = found.get(before)?.rest === before ? Math.max(0, countSame(before, messages) - 2) : 0;
  const rest = messages.slice(start);
  const continued = rest.filter((message, index) => {
    const next = rest[index + 1];
    return isContinuedBy(message, next) || (next !== undefined && moved.get(idOf(message)) === idOf(next));
  });
  const result: ContinuedMessages = {
    moves: continued.map((message) => [idOf(message), idOf(messages[messages.indexOf(message) + 1]!)]),
    rest: continued.length === 0 ? messages : leaveOut(messages, continued),
  };
  found.set(messages, result);
  return result;
}

function leaveOut(messages: readonly UIMessage[], continued: readonly UIMessage[]): UIMessage[] {
  let copies: UIMessage[] = [];
  return messages.flatMap((message) => {
    if (continued.includes(message)) {
      copies.push(message);
      return [];
    }
    const whole = withAnswers(message, copies);
    copies = [];
    return whole;
  });
}

/** What the page has answered itself stands in the first copy: the SDK looks for no other. */
function withAnswers(message: UIMessage, copies: readonly UIMessage[]): UIMessage {
  let isSame = true;
  const parts = partsOf(message).map((part, index) => {
    if (!isToolPart(part) || !isOpenPart(part) || approvalOf(part) !== undefined) return part;
    const answered = copies
      .map((copy) => partsOf(copy)[index])
      // A step that the server has taken back stands in the first copy too.
      .find((copy) => isToolPart(copy) && isReportedPart(copy) && isSamePart(copy, part));
    isSame &&= answered === undefined;
    return answered ?? part;
  });
  return isSame ? message : { ...message, parts };
}

/** Whether `next` begins with all of `message`: the same tool calls at the same places, and at least one of them. */
export function isContinuedBy(message: UIMessage, next: UIMessage | undefined): boolean {
  return (
    message?.role === 'assistant' &&
    next?.role === 'assistant' &&
    idOf(next) !== idOf(message) &&
    partsOf(message).some(isToolPart) &&
    partsOf(message).every((part, index) => isSamePart(part, partsOf(next)[index]))
  );
}

type MessagePart = UIMessage['parts'][number];

/** Whether a part is a copy of another, which may have grown since: its text goes on, its input came whole, it has a result. */
function isSamePart(part: MessagePart, copy: MessagePart | undefined): boolean {
  if (part === null || part.type !== copy?.type) return false;
  if ('text' in part) return 'text' in copy && copy.text.startsWith(part.text);
  if (!isToolPart(part) || !isToolPart(copy)) return true;
  if (part.toolCallId !== copy.toolCallId) return false;
  const [call, same] = [part, copy].map((each) => ({ toolName: getToolPartName(each), input: each.input }));
  return part.state === 'input-streaming' || isSameCall(call!, same!);
}
