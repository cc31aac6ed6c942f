import { describe, expect, it } from 'vitest';
import { createToolBatchKey, createToolCallKey, isSameWait, toolBatchKeyOf } from '../../src/core/tool-call.ts';
import { keyOf } from '../../src/core/tool-calls.ts';

describe('keys', () => {
  it.each(['call_1', 'functions.add:0', 'a/b', '%2F', '100%', '', '__proto__'])(
    'name the batch of the call %j',
    (id) => {
      const batchKey = createToolBatchKey('message/1', 2);
      expect(toolBatchKeyOf(createToolCallKey(batchKey, id))).toBe(batchKey);
    },
  );

  it('tell ids apart that differ only by escaping', () => {
    expect(createToolCallKey('m/0', 'a/b')).not.toBe(createToolCallKey('m/0', 'a%2Fb'));
  });

  it('name no batch where there is none', () => {
    expect(toolBatchKeyOf('no call')).toBe('');
  });

  it('are read from a call or batch, or given as they are', () => {
    expect(keyOf('m/0')).toBe('m/0');
    expect(keyOf({ key: 'm/0' })).toBe('m/0');
  });
});

describe('isSameWait', () => {
  const lock = { type: 'lock', key: 'k', heldBy: 'a', heldByToolName: 't' } as const;
  it.each([
    [undefined, undefined, true],
    [undefined, lock, false],
    [lock, undefined, false],
    [lock, { ...lock }, true],
    [lock, { ...lock, heldBy: 'b' }, false],
    [{ type: 'step-end' } as const, { type: 'step-end' } as const, true],
    [{ type: 'slot', scope: 'all' } as const, { type: 'slot', scope: 'tool' } as const, false],
    [{ type: 'step-end' } as const, lock, false],
    [lock, { type: 'step-end' } as const, false],
    [lock, { ...lock, key: 'other' }, false],
    [{ type: 'slot', scope: 'all' } as const, { type: 'slot', scope: 'all' } as const, true],
    [lock, { type: 'slot', scope: 'all' } as const, false],
    [{ type: 'rate-limit', key: 'a', until: 1 } as const, { type: 'rate-limit', key: 'a', until: 1 } as const, true],
    [{ type: 'rate-limit', key: 'a', until: 1 } as const, { type: 'rate-limit', key: 'a', until: 2 } as const, false],
    [{ type: 'rate-limit', key: 'a', until: 1 } as const, { type: 'rate-limit', key: 'b', until: 1 } as const, false],
    [lock, { type: 'rate-limit', key: 'a', until: 1 } as const, false],
    [{ type: 'order', call: 'a', toolName: 't' } as const, { type: 'order', call: 'a', toolName: 't' } as const, true],
    [{ type: 'order', call: 'a', toolName: 't' } as const, { type: 'order', call: 'b', toolName: 't' } as const, false],
    [lock, { type: 'order', call: 'a', toolName: 't' } as const, false],
  ])('compares %j and %j', (left, right, isSame) => {
    expect(isSameWait(left, right)).toBe(isSame);
  });
});
