import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../src/core/rate-limit.ts';

describe('createRateLimiter', () => {
  const two = { limit: 2, interval: 100 };

  it('lets as many starts through as any interval may hold', () => {
    const rates = createRateLimiter();
    expect(rates.availableAt('api', two, 0)).toBe(0);
    rates.start('api', two, 0);
    rates.start('api', two, 60);
    expect(rates.availableAt('api', two, 60)).toBe(100);
    rates.start('api', two, 100);
    expect(rates.availableAt('api', two, 100)).toBe(160);
    expect(rates.availableAt('api', two, 300)).toBeLessThanOrEqual(300);
  });

  it('keeps keys apart', () => {
    const rates = createRateLimiter();
    rates.start('one', { limit: 1, interval: 100 }, 0);
    expect(rates.availableAt('two', { limit: 1, interval: 100 }, 0)).toBe(0);
  });

  it('remembers the last starts over thousands of them', () => {
    const rates = createRateLimiter();
    for (let at = 0; at < 5000; at += 50) rates.start('api', two, at);
    expect(rates.availableAt('api', two, 4950)).toBe(4900 + 100);
  });

  it('does not wait for a clock that was set back', () => {
    const rates = createRateLimiter();
    rates.start('api', two, 1_000_000);
    rates.start('api', two, 1_000_050);
    expect(rates.availableAt('api', two, 500)).toBe(600);
    expect(rates.availableAt('api', two, 600)).toBe(600);
    rates.start('api', two, 600);
    expect(rates.availableAt('api', two, 600)).toBe(600);
    rates.start('api', two, 600);
    expect(rates.availableAt('api', two, 600)).toBe(700);
  });
});
