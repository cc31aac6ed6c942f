// Which messages another one continues under an id of its own.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { findContinued, isContinuedBy } from '../../src/messages/continued-messages.ts';

type Part = UIMessage['parts'][number];

const step: Part = { type: 'step-start' };
const text = (said: string): Part => ({ type: 'text', text: said });
const call = (toolCallId: string, more: object = {}): Part =>
  ({ type: 'tool-read', toolCallId, state: 'input-available', input: { n: 1, m: 2 }, ...more }) as Part;
const message = (id: string, ...parts: Part[]): UIMessage => ({ id, role: 'assistant', parts });
const user: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };

describe('isContinuedBy', () => {
  const done = { state: 'output-available', output: 1 };
  it.each<[string, Part[], Part[]]>([
    ['a copy', [step, call('a')], [step, call('a')]],
    ['a copy and more', [step, call('a')], [step, call('a'), step, text('Done')]],
    ['a copy whose call has its result', [call('a')], [call('a', done)]],
    ['a copy whose call has lost its result', [call('a', done)], [call('a')]],
    ['a copy with a longer text', [call('a'), text('Hel')], [call('a'), text('Hello')]],
    ['a copy with longer texts, as merged streams have them', [text('He'), call('a')], [text('Hello'), call('a')]],
    ['a copy whose input came whole', [call('a', { state: 'input-streaming', input: { n: 1 } })], [call('a')]],
    ['a copy as JSON gives it', [call('a')], [call('a', { input: { m: 2, n: 1 } })]],
    [
      'a copy with data that has changed',
      [{ type: 'data-note', data: 1 }, call('a')],
      [{ type: 'data-note', data: 2 }, call('a')],
    ],
    [
      'a copy with a dynamic call',
      [{ type: 'dynamic-tool', toolName: 'read', toolCallId: 'a', state: 'input-available', input: 1 }],
      [{ type: 'dynamic-tool', toolName: 'read', toolCallId: 'a', state: 'input-available', input: 1 }, text('x')],
    ],
  ])('says yes of %s', (_what, parts, next) => {
    expect(isContinuedBy(message('A', ...parts), message('B', ...next))).toBe(true);
  });

  it.each<[string, Part[], Part[]]>([
    ['messages without calls', [step, text('Well')], [step, text('Well')]],
    ['fewer parts', [call('a'), text('x')], [call('a')]],
    ['another order', [call('a'), call('b')], [call('b'), call('a')]],
    ['another id', [call('a')], [call('b')]],
    ['another tool', [call('a')], [call('a', { type: 'tool-write' })]],
    ['another input', [call('a')], [call('a', { input: { n: 2, m: 2 } })]],
    ['another text', [text('Hello'), call('a')], [text('Well'), call('a')]],
    ['a shorter text', [text('Hello'), call('a')], [text('Hell'), call('a')]],
    ['a call at another place', [call('a')], [step, call('a')]],
    [
      'another dynamic tool',
      [{ type: 'dynamic-tool', toolName: 'read', toolCallId: 'a', state: 'input-available', input: 1 }],
      [{ type: 'dynamic-tool', toolName: 'write', toolCallId: 'a', state: 'input-available', input: 1 }],
    ],
  ])('says no of %s', (_what, parts, next) => {
    expect(isContinuedBy(message('A', ...parts), message('B', ...next))).toBe(false);
  });

  it('says no of one message, of none, and of messages of the user', () => {
    const answer = message('A', call('a'));
    expect(isContinuedBy(answer, answer)).toBe(false);
    expect(isContinuedBy(answer, undefined)).toBe(false);
    expect(isContinuedBy(answer, { ...answer, id: 'B', role: 'user' })).toBe(false);
    expect(isContinuedBy({ ...answer, role: 'user' }, { ...answer, id: 'B' })).toBe(false);
  });
});

describe('findContinued', () => {
  it('leaves out each message that the one after it continues, and says where its calls are', () => {
    const last = message('C', step, call('a'), step, call('b'), text('Done'));
    const messages = [user, message('A', step, call('a')), message('B', step, call('a'), step, call('b')), last];
    expect(findContinued(messages)).toEqual({
      moves: [
        ['A', 'B'],
        ['B', 'C'],
      ],
      rest: [user, last],
    });
  });

  it('keeps what the page has answered in the first copy', () => {
    const answered = call('a', { state: 'output-available', output: 1 });
    const messages = [message('A', answered), message('B', call('a')), message('C', call('a'), text('Done'))];
    expect(findContinued(messages).rest).toEqual([message('C', answered, text('Done'))]);
  });

  it('gives no call the answer of one that the server has taken back from its place', () => {
    const answered = call('a', { state: 'output-error', errorText: 'No' });
    const messages = [message('A', answered), message('B', call('b'))];
    expect(findContinued(messages, [], new Map([['A', 'B']])).rest).toEqual([message('B', call('b'))]);
  });

  it('gives the same answer for the same messages, and the messages themselves where none is continued', () => {
    const twice = [message('A', call('a')), message('B', call('a'))];
    expect(findContinued(twice)).toBe(findContinued(twice));
    const once = [user, message('A', call('a')), user, message('B', call('a'))];
    expect(findContinued(once)).toEqual({ moves: [], rest: once });
    expect(findContinued(once).rest).toBe(once);
  });
});
