/** Owns when a tab tells its news: at the end of a turn, and messages less often the more they cost. */
import type { CancelTimer, Clock } from '../core/clock.ts';

/** How long messages wait for the next ones while an answer streams (ms). */
const PIECE = 50;
/** What costs less is told at once (ms); what costs more takes a tenth of the time at most. */
const CHEAP = 5;

export interface NewsPace {
  /** Tells at the end of this turn: a timer of a tab in the background would take a second. */
  tellSoon(): void;
  /** Holds messages back where they have to wait: gives whether, and tells once they need not. */
  holdBack(): boolean;
  /** Messages were told, which began then (epoch ms). */
  noteTold(startedAt: number, isStreaming: boolean): void;
  /** Nothing waits any more. */
  hurry(): void;
  /** Nothing more is told. */
  stop(): void;
}

export function createNewsPace(clock: Clock, tell: () => void): NewsPace {
  /** Messages wait until then (epoch ms). */
  let quietUntil = 0;
  let isDue = false;
  let cancelTimer: CancelTimer | undefined;

  return {
    tellSoon() {
      if (isDue) return;
      isDue = true;
      queueMicrotask(() => {
        if (isDue) tell();
        isDue = false;
      });
    },
    holdBack() {
      const left = quietUntil - clock.now();
      if (left <= 0) return false;
      cancelTimer ??= clock.setTimer(() => {
        cancelTimer = undefined;
        tell();
      }, left);
      return true;
    },
    noteTold(startedAt, isStreaming) {
      const cost = clock.now() - startedAt;
      quietUntil = startedAt + Math.max(isStreaming ? PIECE : 0, cost < CHEAP ? 0 : cost * 10);
    },
    hurry() {
      quietUntil = 0;
    },
    stop() {
      isDue = false;
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}
