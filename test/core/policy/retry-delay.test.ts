import { describe, expect, it } from 'vitest';
import { createHandRunner } from '../hand-runner.ts';

const delayOf = ({ record, clock }: ReturnType<typeof createHandRunner>, id: string) =>
  (record(id).retryAt ?? NaN) - clock.now();

describe('retryDelay', () => {
  it('doubles from one second to thirty by default, with full jitter', async () => {
    const hand = createHandRunner({ tool: { retry: 7 } });
    hand.clock.setRandom(0.999_999);
    hand.start('tool', 'a');
    const delays: number[] = [];
    for (let failures = 0; failures < 7; failures++) {
      await hand.fail('a');
      delays.push(Math.round(delayOf(hand, 'a')));
      await hand.clock.advance(30_000);
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    hand.clock.setRandom(0);
    hand.add('b', 'tool');
    await hand.fail('b');
    expect(delayOf(hand, 'b')).toBe(0);
  });

  it('is a number of milliseconds', async () => {
    const hand = createHandRunner({ tool: { retry: 1, retryDelay: 250 } });
    hand.start('tool', 'a');
    await hand.fail('a');
    expect(delayOf(hand, 'a')).toBe(250);
    await hand.clock.advance(249);
    expect(hand.status('a')).toBe('retrying');
    await hand.clock.advance(1);
    expect(hand.status('a')).toBe('running');
  });

  it('is a function of the number of failures and the error', async () => {
    const hand = createHandRunner({
      tool: { retry: 2, retryDelay: (failureCount, { message }) => (failureCount + 1) * message.length },
    });
    hand.start('tool', 'a');
    await hand.fail('a');
    expect(delayOf(hand, 'a')).toBe(6);
    await hand.clock.advance(6);
    await hand.fail('a');
    expect(delayOf(hand, 'a')).toBe(12);
  });

  it.each([NaN, -5, Infinity, undefined as never])(
    'backs off as by default when the function gives %s',
    async (delay) => {
      const hand = createHandRunner({ tool: { retry: 1, retryDelay: () => delay } });
      hand.start('tool', 'a');
      await hand.fail('a');
      expect(delayOf(hand, 'a')).toBe(500);
    },
  );

  it("gives way to an error's retryAfter", async () => {
    const hand = createHandRunner({ tool: { retry: 1, retryDelay: 1 } });
    hand.start('tool', 'a');
    await hand.fail('a', { retryAfter: 7000 });
    expect(delayOf(hand, 'a')).toBe(7000);
  });

  it("gives way to a response's Retry-After", async () => {
    const hand = createHandRunner({ tool: { retry: 1, retryDelay: 1 } });
    hand.start('tool', 'a');
    await hand.fail('a', new Response('slow down', { status: 429, headers: { 'Retry-After': '3' } }));
    expect(delayOf(hand, 'a')).toBe(3000);
    expect(hand.error('a')?.message).toBe('HTTP 429: slow down');
  });

  it('fails the call when the function throws', async () => {
    const hand = createHandRunner({
      tool: {
        retry: 1,
        retryDelay: () => {
          throw new Error('no idea');
        },
      },
    });
    hand.start('tool', 'a');
    await hand.fail('a');
    expect(hand.status('a')).toBe('failed');
    expect(hand.error('a')?.message).toContain('no idea');
  });
});
