// What is done next while a plugin has yet to say what the model reads of a call, row by row: nothing that would carry another word of it.
import { expect, it } from 'vitest';
import { isReportedPart } from '../../src/messages/message-parts.ts';
import { nextMove, type Move, type Situation } from '../../src/chat/next-move.ts';
import { answer, batch, call, done, failed, pending, situation, step, text, told } from './situations-of-moves.ts';

const first = { key: 'm/0', messageId: 'm', step: 0 };
const retried = [call('a', 'succeeded', { generation: 1 })];
/** Of call `a` nobody has said yet. */
const unready = (messages: Parameters<typeof situation>[0], batches: Parameters<typeof situation>[1], fields = {}) =>
  situation(messages, batches, {
    resultOf: ({ toolCallId }) => (toolCallId === 'a' ? undefined : { state: 'output-available', output: toolCallId }),
    isReported: ({ part }) => part.toolCallId !== 'a' && isReportedPart(part),
    ...fields,
  });

it.each<[string, Situation, Partial<Move> | undefined]>([
  ['is not sent', unready([answer(pending('a'))], [batch([call('a', 'succeeded')])]), undefined],
  [
    'has its siblings written',
    unready([answer(pending('a'), pending('b'))], [batch([call('a', 'succeeded'), call('b', 'succeeded')])]),
    { type: 'write' },
  ],
  [
    'keeps a retried batch where the part has the word of before',
    unready([answer(failed('a'))], [batch(retried)]),
    undefined,
  ],
  [
    'keeps the conversation where it is after a retry',
    unready([answer(failed('a'), step, text)], [batch(retried, told('a'))]),
    undefined,
  ],
  [
    'keeps a person’s resend of a told batch back',
    unready([answer(done('a'), step, text)], [batch([call('a', 'succeeded')], told('a'))], { resend: first }),
    undefined,
  ],
  [
    'is not taken for one too many follow-ups',
    unready([answer(pending('a'))], [batch([call('a', 'succeeded')])], { maxFollowUps: 0 }),
    undefined,
  ],
])('a result of which nobody has said what the model reads %s', (_, given, move) => {
  if (move === undefined) expect(nextMove(given)).toBeUndefined();
  else expect(nextMove(given)).toMatchObject(move);
});
