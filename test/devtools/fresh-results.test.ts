// Proves: what the panel says of results that are kept: how old they are, and what makes them stale.
import { describe, expect, it } from 'vitest';
import { listFreshResults } from '../../src/devtools/fresh-results.ts';
import { policiesOf } from './build-call.ts';

const policyOf = policiesOf({
  status: {
    readOnly: true,
    staleTime: 60_000,
    locks: ({ id }: { id: string }) => ({ read: [`order:${id}`] }),
  },
  rates: { readOnly: true, staleTime: Infinity },
  broken: {
    readOnly: true,
    staleTime: 1_000,
    locks: () => {
      throw new Error('a fault of the author');
    },
  },
});
const list = (...results: Parameters<typeof listFreshResults>[0]['results']) =>
  listFreshResults({ results, policyOf, now: 100_000 });

describe('a kept result', () => {
  it('has its age, the time that is left, and the keys that it was read under', () => {
    expect(list({ toolName: 'status', input: { id: '42' }, output: 'sent', at: 88_000 })).toEqual([
      { toolName: 'status', input: { id: '42' }, age: 12_000, freshFor: 48_000, keys: ['order:42'] },
    ]);
  });

  it.each([
    ['is too old', { toolName: 'status', input: { id: '42' }, at: 30_000 }, 0, ['order:42']],
    ['is never too old', { toolName: 'rates', input: {}, at: 0 }, Infinity, []],
    ['was read under keys that nobody can tell', { toolName: 'broken', input: {}, at: 99_500 }, 500, []],
  ])('%s', (_what, result, freshFor, keys) => {
    expect(list(result)).toMatchObject([{ freshFor, keys }]);
  });

  it('stands before those that are older', () => {
    const shown = list({ toolName: 'rates', input: 'old', at: 1 }, { toolName: 'rates', input: 'new', at: 99_000 });
    expect(shown.map(({ input }) => input)).toEqual(['new', 'old']);
  });

  it('is not there while it is on its way, or where its tool is gone', () => {
    expect(list({ toolName: 'rates', input: {} }, { toolName: 'gone', input: {}, at: 5 })).toEqual([]);
  });
});
