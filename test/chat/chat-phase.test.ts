// Where the chat stands, row by row: the events, and the phase after them.
import { describe, expect, it } from 'vitest';
import {
  IDLE,
  isLost,
  isResting,
  recordOf,
  reduceChatPhase,
  type ChatPhase,
  type ChatPhaseEvent,
} from '../../src/chat/chat-phase.ts';
import type { ResponseRecord } from '../../src/sdk/response-tap.ts';

// SAFETY: the phase carries a record, and reads nothing of it.
const record = { steps: 1 } as ResponseRecord;
const before = [{ id: 'm', role: 'assistant' as const, parts: [] }];
const response: ChatPhaseEvent = { type: 'response', record };
const finish: ChatPhaseEvent = { type: 'finish', isLost: false };
const unrendered = { before, answer: { id: 'm', role: 'assistant' as const, parts: [] } };
const lose: ChatPhaseEvent = { ...finish, isLost: true };
const event = (
  type: 'depart' | 'departed' | 'seen' | 'reconnect' | 'reconnected' | 'rendered' | 'give-up' | 'leave' | 'come-back',
) => ({ type }) as ChatPhaseEvent;
const after = (...events: ChatPhaseEvent[]): ChatPhase => events.reduce(reduceChatPhase, IDLE as ChatPhase);

describe('the phase of a chat', () => {
  it.each<[string, ChatPhaseEvent[], ChatPhase]>([
    ['a request is asked for', [event('depart')], { at: 'departing', requests: 1, rest: IDLE }],
    ['two requests are asked for', [event('depart'), event('depart')], { at: 'departing', requests: 2, rest: IDLE }],
    [
      'one of two does not go out',
      [event('depart'), event('depart'), event('departed')],
      { at: 'departing', requests: 1, rest: IDLE },
    ],
    ['the request does not go out', [event('depart'), event('departed')], IDLE],
    ['it goes out', [event('depart'), response], { at: 'streaming', record }],
    ['a message is queued while an answer streams', [response, event('depart')], { at: 'streaming', record }],
    ['an answer ends', [response, finish], IDLE],
    ['its connection is lost', [response, lose], { at: 'lost' }],
    [
      'it ends before the page has rendered it',
      [response, { ...finish, unrendered }],
      { at: 'unrendered', ...unrendered, rest: IDLE },
    ],
    ['the page renders it', [response, { ...finish, unrendered }, event('rendered')], IDLE],
    ['the page renders what was lost', [response, { ...lose, unrendered }, event('rendered')], { at: 'lost' }],
    ['a lost answer is given up', [response, lose, event('give-up')], IDLE],
    ['a lost answer is resumed', [response, lose, event('reconnect'), response], { at: 'streaming', record }],
    ['there is nothing to resume', [response, lose, event('reconnect'), event('reconnected')], { at: 'lost' }],
    [
      'it is given up while that is being asked',
      [response, lose, event('reconnect'), event('give-up')],
      { at: 'reconnecting', rest: IDLE },
    ],
    [
      'the chat is told of the resumed stream late',
      [event('reconnect'), response, event('reconnected')],
      { at: 'streaming', record },
    ],
    [
      'a request is asked for after a lost answer',
      [response, lose, event('depart')],
      { at: 'departing', requests: 1, rest: { at: 'lost' } },
    ],
    ['an older answer ends meanwhile', [event('depart'), lose], { at: 'departing', requests: 1, rest: { at: 'lost' } }],
    ['only the status tells of an answer', [event('seen')], { at: 'streaming', record: undefined }],
    ['the tap knows of it already', [response, event('seen')], { at: 'streaming', record }],
    ['messages are changed', [{ type: 'changed', before }], { at: 'unrendered', before, rest: IDLE }],
    [
      'messages are changed while an answer streams',
      [response, { type: 'changed', before }],
      { at: 'streaming', record },
    ],
    ['the page is left', [response, event('leave')], { at: 'leaving', from: { at: 'streaming', record } }],
    ['the page is left twice', [event('leave'), event('leave')], { at: 'leaving', from: IDLE }],
    ['the answer ends while the page is left', [response, event('leave'), finish], { at: 'leaving', from: IDLE }],
    ['the browser shows the page again', [response, event('leave'), lose, event('come-back')], { at: 'lost' }],
    ['a page is shown that was never left', [event('come-back')], IDLE],
    ['something is rendered that nobody waited for', [event('rendered')], IDLE],
  ])('when %s', (_, events, phase) => {
    expect(after(...events)).toEqual(phase);
  });

  it.each<[string, ChatPhase, boolean, boolean]>([
    ['idle', IDLE, true, false],
    ['lost', after(response, lose), true, true],
    ['departing', after(event('depart')), false, false],
    ['departing after a lost answer', after(response, lose, event('depart')), false, true],
    ['streaming', after(response), false, false],
    ['unrendered', after({ type: 'changed', before }), false, false],
    ['left after a lost answer', after(response, lose, event('leave')), false, true],
  ])('%s says whether messages may be touched, and whether a replay may come', (_, phase, rests, lost) => {
    expect([isResting(phase), isLost(phase)]).toEqual([rests, lost]);
  });

  it('has the record of the answer that streams, and of no other', () => {
    expect(recordOf(after(response))).toBe(record);
    expect(recordOf(after(response, event('leave')))).toBe(record);
    expect(recordOf(after(response, finish))).toBeUndefined();
  });
});
