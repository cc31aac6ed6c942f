'use client';
/**
 * Owns time in the components: the one shared tick behind every running number, and the one timer behind announcements.
 * Nothing else here reads the time.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { systemClock, type CancelTimer } from '../../core/clock.ts';

/** How often running numbers are looked at (ms). They show whole seconds, so a render happens once a second. */
const TICK = 200;

const listeners = new Set<() => void>();
let cancelTick: CancelTimer | undefined;

/** The time of this render: one that moves between two readings of it would be another snapshot, of which React complains. */
let current: number | undefined;

function readClock(): number {
  if (current !== undefined) return current;
  current = systemClock.now();
  void Promise.resolve().then(() => (current = undefined));
  return current;
}

function tick(): void {
  current = undefined;
  cancelTick = systemClock.setTimer(tick, TICK);
  for (const listener of listeners) listener();
}

function subscribeToTick(listener: () => void): () => void {
  listeners.add(listener);
  cancelTick ??= systemClock.setTimer(tick, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    cancelTick?.();
    cancelTick = undefined;
  };
}

const subscribeToNothing = () => () => {};

/**
 * What `read` makes of the time, read again while `isTicking`; renders only when that changes. `read` must return a
 * primitive that changes seldom: whole seconds. On a server a ticking value is `undefined`: it would differ on the page.
 */
export function useNow<TValue extends string | number | undefined>(
  read: (now: number) => TValue,
  isTicking: boolean,
): TValue | undefined {
  const getSnapshot = useCallback(() => read(readClock()), [read]);
  const getServerSnapshot = () => (isTicking ? undefined : read(0));
  return useSyncExternalStore(isTicking ? subscribeToTick : subscribeToNothing, getSnapshot, getServerSnapshot);
}

/** Whether it is before `end` (epoch ms); renders when that changes. On a server it is not. */
export function useIsBefore(end: number): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const left = end - readClock();
      const tell = () => {
        current = undefined;
        listener();
      };
      return left > 0 ? startTimer(tell, left + TICK) : () => {};
    },
    [end],
  );
  return useSyncExternalStore(
    subscribe,
    () => readClock() < end,
    () => false,
  );
}

/** Calls back once after `delay` milliseconds. */
export function startTimer(callback: () => void, delay: number): CancelTimer {
  return systemClock.setTimer(callback, delay);
}
