// What is done next, row by row: the situation, and the move.
import { describe, expect, it } from 'vitest';
import { nextMove, type Move, type Situation } from '../../src/chat/next-move.ts';
import {
  again,
  answer,
  answered,
  asks,
  batch,
  call,
  done,
  failed,
  part,
  pending,
  question,
  situation,
  step,
  text,
  told,
} from './situations-of-moves.ts';

const first = { key: 'm/0', messageId: 'm', step: 0 };
const writes = (...entries: [string, object][]) => new Map([['m', new Map(entries)]]);
const success = (id: string) => ({ result: { state: 'output-available', output: id } });
const failure = { result: { state: 'output-error', errorText: 'no' } };

type Row = [name: string, situation: Situation, move: Move | { type: Move['type'] } | undefined];

function describeRows(name: string, rows: readonly Row[]): void {
  // oxlint-disable-next-line vitest/valid-title -- the name comes with the rows
  describe(name, () => {
    it.each(rows)('%s', (_, given, move) => {
      if (move === undefined) expect(nextMove(given)).toBeUndefined();
      else expect(nextMove(given)).toMatchObject(move);
    });
  });
}

const one = [call('a', 'succeeded')];
const sendable = (fields = {}, more: Partial<Situation> = {}) =>
  situation([question, answer(done('a'))], [batch(one, fields)], more);

describeRows('the chat', [
  ['at work is left alone', sendable({}, { isIdle: false }), undefined],
  ['without messages has nothing to do', situation([], []), undefined],
  ['with old history and no records has nothing to do', situation([question, answer(done('a'))], []), undefined],
  [
    'whose last message is the user’s has nothing to send',
    situation([question, answer(done('a')), again], [batch(one, { ...told('a'), retryBlock: 'new-message' })]),
    undefined,
  ],
]);

describeRows('a batch whose parts are gone', [
  [
    'with their message is forgotten',
    situation([question], [batch([call('a', 'running')])]),
    { type: 'forget', batchKey: 'm/0' },
  ],
  [
    'from a message that is there is forgotten',
    situation([answer(text)], [batch(one)]),
    { type: 'forget', batchKey: 'm/0' },
  ],
  [
    'is forgotten before anything is written',
    situation([answer(pending('b'))], [batch(one), batch([call('b', 'succeeded')], { key: 'm/1' })]),
    { type: 'forget' },
  ],
]);

describeRows('a retry after sending', [
  [
    'is blocked by a later message of the user',
    situation([question, answer(done('a')), again], [batch(one, told('a'))]),
    { type: 'block', batchKey: 'm/0', block: 'new-message' },
  ],
  [
    'is blocked by a later write of the answer',
    situation([question, answer(done('a'), step, done('w'))], [batch(one, told('a'))], {
      isWrite: (ref) => ref.part.toolCallId === 'w',
    }),
    { type: 'block', block: 'later-write' },
  ],
  [
    'is free again when the later write has gone',
    situation([question, answer(done('a'), text)], [batch(one, { ...told('a'), retryBlock: 'later-write' })]),
    { type: 'block', block: undefined },
  ],
  [
    'stays blocked by a message, whatever comes',
    situation([question, answer(done('a'))], [batch(one, { ...told('a'), retryBlock: 'new-message' })]),
    undefined,
  ],
  [
    'that runs changes nothing',
    situation([answer(failed('a'))], [batch([call('a', 'running', { generation: 1 })], told('a'))]),
    undefined,
  ],
  [
    'that succeeded goes back',
    situation([answer(failed('a'), step, text)], [batch([call('a', 'succeeded', { generation: 1 })], told('a'))]),
    { type: 'rewind', step: first, writes: writes(['m/0/a', success('a')]) },
  ],
  [
    'that failed again leaves the conversation as it is',
    situation([answer(failed('a', 'first'))], [batch([call('a', 'failed', { generation: 1 })], told('a'))]),
    { type: 'keep', batchKey: 'm/0' },
  ],
  [
    'that was cancelled leaves it too',
    situation([answer(failed('a', 'first'))], [batch([call('a', 'cancelled', { generation: 1 })], told('a'))]),
    { type: 'keep' },
  ],
  [
    'waits for its siblings',
    situation(
      [answer(failed('a'), failed('b'))],
      [batch([call('a', 'succeeded', { generation: 1 }), call('b', 'running', { generation: 1 })], told('a', 'b'))],
    ),
    undefined,
  ],
  [
    'goes back for one success among failures',
    situation(
      [answer(failed('a'), failed('b', 'first'))],
      [batch([call('a', 'succeeded', { generation: 1 }), call('b', 'failed', { generation: 1 })], told('a', 'b'))],
    ),
    { type: 'rewind', writes: writes(['m/0/a', success('a')], ['m/0/b', failure]) },
  ],
  [
    'that the user stopped waits for a person',
    situation(
      [answer(failed('a'))],
      [batch([call('a', 'succeeded', { generation: 1 })], { ...told('a'), halt: 'stopped' })],
    ),
    undefined,
  ],
  [
    'overtaken by a message keeps what the model was told',
    situation(
      [answer(failed('a')), again],
      [batch([call('a', 'succeeded', { generation: 1 })], { ...told('a'), retryBlock: 'new-message' })],
    ),
    { type: 'keep' },
  ],
  [
    'does not go back past the limit of follow-ups',
    situation([answer(failed('a'))], [batch([call('a', 'succeeded', { generation: 1 })], told('a'))], {
      followUps: 3,
      maxFollowUps: 3,
    }),
    { type: 'halt', halt: 'follow-up-limit' },
  ],
]);

describeRows('a result', [
  [
    'is written as its call succeeds, while a sibling runs',
    situation([answer(pending('a'), pending('b'))], [batch([call('a', 'succeeded'), call('b', 'running')])]),
    { type: 'write', writes: writes(['m/0/a', success('a')]) },
  ],
  [
    'is written while the answer streams on, once the chat is idle (a lost connection)',
    situation([answer(pending('a'))], [batch(one, { streaming: true })]),
    { type: 'write' },
  ],
  [
    'that is a failure waits for the batch',
    situation([answer(pending('a'), pending('b'))], [batch([call('a', 'failed'), call('b', 'running')])]),
    undefined,
  ],
  [
    'that is a failure is written when the batch closes',
    situation([answer(pending('a'), done('b'))], [batch([call('a', 'failed'), call('b', 'succeeded')])]),
    { type: 'write', writes: writes(['m/0/a', failure]) },
  ],
  [
    'that is a failure waits for the end of the answer',
    situation([answer(pending('a'))], [batch([call('a', 'failed')], { streaming: true })]),
    undefined,
  ],
  [
    'that is held waits for a person',
    situation([answer(pending('a'))], [batch([call('a', 'failed', { held: true })])]),
    undefined,
  ],
  [
    'of every call is written in one go',
    situation([answer(pending('a'), pending('b'))], [batch([call('a', 'succeeded'), call('b', 'cancelled')])]),
    { type: 'write', writes: writes(['m/0/a', success('a')], ['m/0/b', failure]) },
  ],
  [
    'is written again where a replay has reset the part',
    situation([answer(pending('a'))], [batch(one, told('a'))]),
    { type: 'write' },
  ],
  [
    'of a retry before sending takes the place of the failure',
    situation([answer(failed('a'))], [batch([call('a', 'succeeded', { generation: 1 })])]),
    { type: 'write', writes: writes(['m/0/a', success('a')]) },
  ],
  [
    'of a halted batch is written, and not sent',
    situation([answer(pending('a'))], [batch(one, { halt: 'stopped' })]),
    { type: 'write' },
  ],
  ['that the part says already is not written', sendable({ halt: 'stopped' }), undefined],
  [
    'that somebody else gave is not written over',
    situation([answer(failed('a', 'theirs'))], [batch([call('a', 'failed')], { halt: 'cut' })], {
      resultOf: () => undefined,
    }),
    undefined,
  ],
]);

describeRows('an approval that the server asks for', [
  [
    'is not answered in a person’s place: the part has its result, and no yes',
    situation([answer(asks('a'))], [batch(one)]),
    { type: 'write', writes: writes(['m/0/a', success('a')]) },
  ],
  [
    'of a call that runs without a yes is left alone',
    situation([answer(asks('a'))], [batch([call('a', 'running')])]),
    undefined,
  ],
  ['waits for the person', situation([answer(asks('a'))], [batch([call('a', 'awaiting-approval')])]), undefined],
  [
    'is answered by the yes, before the tool has run',
    situation([answer(asks('a'))], [batch([call('a', 'running', { approved: true })])]),
    { type: 'write', writes: writes(['m/0/a', { approval: { approved: true } }]) },
  ],
  [
    'is answered by the no',
    situation([answer(asks('a'))], [batch([call('a', 'denied')])], { resultOf: () => undefined }),
    { type: 'write', writes: writes(['m/0/a', { approval: { approved: false, reason: 'no' } }]) },
  ],
  [
    'is answered together with the result',
    situation([answer(asks('a'))], [batch([call('a', 'succeeded', { approved: true })])]),
    { type: 'write', writes: writes(['m/0/a', { approval: { approved: true }, ...success('a') }]) },
  ],
  [
    'is not answered by a cancel: the result says it',
    situation([answer(asks('a'))], [batch([call('a', 'cancelled')])]),
    { type: 'write', writes: writes(['m/0/a', failure]) },
  ],
  [
    'for a call of its own is written as the person said',
    situation([answer(asks('s'))], [], { answerTo: () => ({ approved: true }) }),
    { type: 'write', writes: writes(['m/0/s', { approval: { approved: true } }]) },
  ],
  [
    'for a call of its own, once answered, is sent',
    situation([answer(answered('s', true))], [], { isAnsweredHere: () => true }),
    { type: 'send', step: first },
  ],
  [
    'for a call of its own waits for our calls',
    situation([answer(answered('s', true), pending('a'))], [batch([call('a', 'running')])], {
      isAnsweredHere: (ref) => ref.part.toolCallId === 's',
    }),
    undefined,
  ],
  [
    'for a call of its own, answered before a reload, is not sent',
    situation([answer(answered('s', true))], []),
    undefined,
  ],
]);

describeRows('a follow-up', [
  ['goes out when every result is in the message', sendable(), { type: 'send', step: first }],
  ['goes out once', sendable(told('a')), undefined],
  [
    'waits for a call that runs',
    situation([answer(done('a'), pending('b'))], [batch([call('a', 'succeeded'), call('b', 'running')])]),
    undefined,
  ],
  [
    'waits for a call of somebody else',
    situation([answer(done('a'), part('s', 'input-available', { type: 'tool-server' }))], [batch(one)]),
    undefined,
  ],
  [
    'does not wait for half a call',
    situation([answer(done('a'), part('b', 'input-streaming'))], [batch(one)]),
    { type: 'send' },
  ],
  [
    'does not wait for a provider’s own call',
    situation([answer(done('a'), part('p', 'input-available', { providerExecuted: true }))], [batch(one)]),
    { type: 'send' },
  ],
  ['waits for the end of the answer', sendable({ streaming: true }), undefined],
  [
    'waits for what is preliminary',
    situation(
      [answer(part('a', 'output-available', { output: 1, preliminary: true }))],
      [batch([call('a', 'running')])],
    ),
    undefined,
  ],
  ['does not go out for a batch that was halted', sendable({ halt: 'error' }), undefined],
  [
    'goes out when all calls failed',
    situation([answer(failed('a'))], [batch([call('a', 'failed')])]),
    { type: 'send' },
  ],
  [
    'goes out for the step that is last',
    situation(
      [answer(done('a'), step, done('b'))],
      [batch(one, told('a')), batch([call('b', 'succeeded', { key: 'm/1/b' })], { key: 'm/1', step: 1 })],
    ),
    { type: 'send', step: { key: 'm/1', messageId: 'm', step: 1 } },
  ],
  [
    'does not go out for a step that the model went on after',
    situation([answer(done('a'), step, text)], [batch(one)]),
    { type: 'keep' },
  ],
  [
    'does not go out for calls that the server itself answered',
    sendable({ calls: { 'm/0/a': call('a', 'succeeded', { answeredBy: 'server' }) } }),
    undefined,
  ],
  [
    'goes out where one call of the step is the client’s',
    situation(
      [answer(done('a'), done('b'))],
      [batch([call('a', 'succeeded', { answeredBy: 'server' }), call('b', 'succeeded')])],
    ),
    { type: 'send' },
  ],
  [
    'goes out for what the page answered by itself',
    sendable({ calls: { 'm/0/a': call('a', 'succeeded', { answeredBy: 'page' }) } }),
    { type: 'send' },
  ],
  [
    'goes out for a loaded step of which a plugin knows that it was not sent',
    situation([answer(done('a'))], [], { isOwed: () => true }),
    { type: 'send', step: first },
  ],
  ['does not go out for another loaded step', situation([answer(done('a'))], []), undefined],
  [
    'does not go out for an owed step before each call of it has its result',
    situation([answer(done('a'), pending('b'))], [], { isOwed: () => true }),
    undefined,
  ],
  [
    'does not go out for an owed step after which the user has written',
    situation([answer(done('a')), question], [], { isOwed: () => true }),
    undefined,
  ],
  ['stops at the limit', sendable({}, { followUps: 25 }), { type: 'halt', batchKey: 'm/0', halt: 'follow-up-limit' }],
  ['is never sent where the limit is 0', sendable({}, { maxFollowUps: 0 }), { type: 'halt' }],
]);

const held = { holdersOf: () => ['consent'] };
describeRows('a batch that plugins keep back', [
  ['is held, and they are named', sendable({}, held), { type: 'hold', batchKey: 'm/0', by: ['consent'] }],
  ['is held once', sendable({ heldBy: ['consent'] }, held), undefined],
  [
    'is held anew where others hold it',
    sendable({ heldBy: ['other'] }, held),
    { type: 'hold', by: ['consent'] } as never,
  ],
  ['goes out once nobody holds it', sendable({ heldBy: ['consent'] }), { type: 'send', step: first }],
  ['is held when a person resends it too', sendable({}, { ...held, resend: first }), { type: 'hold' }],
  ['is held without a record too', situation([question, answer(done('a'))], [], { ...held, resend: first }), undefined],
  ['is not asked about before it is settled', sendable({ streaming: true }, held), undefined],
  ['is halted by the limit, and not held', sendable({}, { ...held, maxFollowUps: 0 }), { type: 'halt' }],
]);

describeRows('a person who says resend', [
  ['has the results sent that were not', sendable({}, { resend: first }), { type: 'send', step: first }],
  [
    'has the conversation go back to what was sent, first',
    situation([answer(done('a'), step, text)], [batch(one, told('a'))], { resend: first }),
    { type: 'rewind', step: first },
  ],
  [
    'has it go back to what was halted, first',
    sendable({ halt: 'cut' }, { resend: first }),
    { type: 'rewind', step: first },
  ],
  [
    'has the step of loaded history sent, without a record',
    situation([answer(done('a'))], [], { resend: first }),
    { type: 'send', step: first },
  ],
  [
    'has loaded history go back to the step, without a record',
    situation([answer(done('a'), step, text)], [], { resend: first }),
    { type: 'rewind', step: first },
  ],
  ['is bound by the limit', sendable({}, { resend: first, maxFollowUps: 0 }), { type: 'halt' }],
  [
    'waits for what a plugin has yet to say',
    sendable({}, { resend: first, isWithheld: () => true, isReported: () => false }),
    undefined,
  ],
  ['of a message that is gone asks for nothing', situation([question], [], { resend: first }), undefined],
]);
