// Owns: how a call of the torture ends.
import type { Ending } from '../torture/faults.ts';

/** @throws what the ending says */
export function endWith(ending: Ending): unknown {
  if (ending === 'throws') throw new Error('The service went wrong');
  if (ending === 'throws-nothing') throw undefined;
  if (ending === 'big-integer') return { amount: 12345678901234567890n };
  if (ending === 'map') return { important: new Map([['amount', 42]]) };
  if (ending === 'not-a-number') return { amount: Number.NaN };
  if (ending === 'circular') {
    const loop: Record<string, unknown> = { amount: 42 };
    return Object.assign(loop, { loop });
  }
  return ending === 'nothing' ? undefined : 'done';
}
