import { describe, expect, it } from 'vitest';
import { findOrderBlock, type OrderedCall } from '../../src/core/order.ts';

const call = (toolName: string, fields: Partial<OrderedCall> = {}): OrderedCall => ({
  toolName,
  after: [],
  sequential: false,
  admitted: false,
  finished: false,
  ...fields,
});

describe('findOrderBlock', () => {
  it('blocks nothing where nobody has an order', () => {
    const calls = [call('a'), call('b')];
    expect(findOrderBlock(calls, calls[1]!)).toBeUndefined();
  });

  it('gives the first unfinished call that the call comes after', () => {
    const [done, first, second] = [call('a', { finished: true }), call('a'), call('a')];
    const last = call('b', { after: ['a'] });
    expect(findOrderBlock([last, done, first, second], last)).toBe(first);
    expect(findOrderBlock([last, done], last)).toBeUndefined();
  });

  it('keeps a call behind a barrier when what it comes after has finished', () => {
    const barrier = call('barrier', { sequential: true });
    const last = call('b', { after: ['a'] });
    expect(findOrderBlock([call('a', { finished: true }), barrier, last], last)).toBe(barrier);
  });

  it('keeps a barrier in call order, on both sides', () => {
    const [before, barrier, after] = [call('a'), call('b', { sequential: true }), call('c')];
    const calls = [before, barrier, after];
    expect(findOrderBlock(calls, before)).toBeUndefined();
    expect(findOrderBlock(calls, barrier)).toBe(before);
    expect(findOrderBlock(calls, after)).toBe(barrier);
  });

  it('ranks a call behind those that it comes after, over several steps', () => {
    const barrier = call('barrier', { sequential: true, after: ['middle'] });
    const [middle, first] = [call('middle', { after: ['first'] }), call('first')];
    const calls = [barrier, middle, first];
    expect(findOrderBlock(calls, first)).toBeUndefined();
    expect(findOrderBlock(calls, middle)).toBe(first);
    expect(findOrderBlock(calls, barrier)).toBe(middle);
  });

  it('waits for a later call that is on its way beside a barrier', () => {
    const barrier = call('barrier', { sequential: true });
    const later = call('later', { admitted: true });
    expect(findOrderBlock([barrier, later], barrier)).toBe(later);
    expect(findOrderBlock([barrier, call('later')], barrier)).toBeUndefined();
    const laterBarrier = call('barrier', { sequential: true, admitted: true });
    const plain = call('plain');
    expect(findOrderBlock([plain, laterBarrier], plain)).toBe(laterBarrier);
  });
});
