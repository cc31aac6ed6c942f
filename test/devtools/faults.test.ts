// Proves: which faults an attempt suffers, that chaos is the same for the same seed, and what outlives a reload.
import { describe, expect, it } from 'vitest';
import { createFaults, drawChaos, NO_FAULTS, type FaultRule, type FaultSettings } from '../../src/devtools/faults.ts';

const fail = { type: 'fail', kind: 'error' } as const;
const slow = { type: 'slow', ms: 100 } as const;
const rule = (toolName: string, fault: FaultRule['fault'], isOnce = false): FaultRule => ({ toolName, fault, isOnce });

function faultsWith(settings: Partial<FaultSettings>, storage?: Map<string, string>) {
  const faults = createFaults(
    storage && {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, text) => void storage.set(key, text),
      removeItem: (key) => void storage.delete(key),
    },
    () => {},
  );
  faults.setSettings({ ...faults.getSettings(), ...settings });
  return faults;
}

describe('the faults of an attempt', () => {
  it.each<[what: string, rules: FaultRule[], first: unknown[], second: unknown[]]>([
    ['nothing is asked for', [], [], []],
    ['every call of the tool fails', [rule('read', fail)], [fail], [fail]],
    ['only the next call of the tool fails', [rule('read', fail, true)], [fail], []],
    ['another tool fails', [rule('write', fail)], [], []],
    ['any tool is slow', [rule('*', slow)], [slow], [slow]],
    ['its own rule comes before that for all', [rule('*', slow), rule('read', fail, true)], [fail], [slow]],
  ])('%s', (_what, rules, first, second) => {
    const faults = faultsWith({ rules });
    expect(faults.take('read')).toEqual(first);
    expect(faults.take('read')).toEqual(second);
  });
});

describe('chaos', () => {
  const chaos = { isOn: true, seed: 'monday', failures: 0.5, delay: 1000 };
  const attempts = Array.from({ length: 200 }, (_, index) => `read#${index}`);
  const draw = (seed: string) => attempts.map((attempt) => drawChaos({ ...chaos, seed }, attempt));

  it('is the same for the same seed and another for another', () => {
    expect(draw('monday')).toEqual(draw('monday'));
    expect(draw('tuesday')).not.toEqual(draw('monday'));
  });

  it('fails about as often as it says, and delays no longer', () => {
    const drawn = draw('monday').flat();
    const failed = drawn.filter(({ type }) => type === 'fail').length;
    expect(failed).toBeGreaterThan(70);
    expect(failed).toBeLessThan(130);
    expect(drawn.every((fault) => fault.type !== 'slow' || fault.ms <= 1000)).toBe(true);
  });

  it('asks each tool by its own count, so that the order of the others changes nothing', () => {
    const [alone, beside] = [faultsWith({ chaos }), faultsWith({ chaos })];
    const seen = [alone.take('read'), alone.take('read')];
    const first = beside.take('read');
    beside.take('write');
    expect([first, beside.take('read')]).toEqual(seen);
  });

  it('begins anew when it is turned on again', () => {
    const faults = faultsWith({ chaos });
    const before = [faults.take('read'), faults.take('read')];
    faults.setSettings({ ...NO_FAULTS, chaos: { ...chaos, isOn: false } });
    faults.setSettings({ ...NO_FAULTS, chaos });
    expect([faults.take('read'), faults.take('read')]).toEqual(before);
  });
});

describe('a reload', () => {
  it.each([
    [true, [rule('read', fail)]],
    [false, []],
  ])('keeps faults that are pinned (%s), and no others', (isPinned, rules) => {
    const storage = new Map<string, string>();
    faultsWith({ rules: [rule('read', fail)], isPinned }, storage);
    expect(faultsWith({}, storage).getSettings().rules).toEqual(rules);
  });

  it('goes on without faults where what was kept cannot be read', () => {
    expect(faultsWith({}, new Map([['use-parallel-tools:faults', '{']])).getSettings()).toEqual(NO_FAULTS);
  });
});
