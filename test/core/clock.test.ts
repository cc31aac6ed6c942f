import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 5_000 }));
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('tells the time and rolls the dice', () => {
    expect(systemClock.now()).toBe(5_000);
    const rolled = systemClock.random();
    expect(rolled).toBeGreaterThanOrEqual(0);
    expect(rolled).toBeLessThan(1);
  });

  it('calls back once, and not when cancelled', () => {
    const called = vi.fn();
    systemClock.setTimer(called, 100);
    const cancel = systemClock.setTimer(called, 200);
    vi.advanceTimersByTime(100);
    expect(called).toHaveBeenCalledTimes(1);
    cancel();
    cancel();
    vi.advanceTimersByTime(1000);
    expect(called).toHaveBeenCalledTimes(1);
  });

  it('takes a negative delay for none', () => {
    const called = vi.fn();
    systemClock.setTimer(called, -5);
    vi.advanceTimersByTime(0);
    expect(called).toHaveBeenCalled();
  });

  it('keeps delays that setTimeout would cut short', () => {
    const called = vi.fn();
    const month = 31 * 24 * 3600 * 1000;
    systemClock.setTimer(called, month);
    vi.advanceTimersByTime(month - 1);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(called).toHaveBeenCalledTimes(1);
  });

  it('cancels a long delay in its second part too', () => {
    const called = vi.fn();
    const month = 31 * 24 * 3600 * 1000;
    const cancel = systemClock.setTimer(called, month);
    vi.advanceTimersByTime(month - 1000);
    cancel();
    vi.advanceTimersByTime(2000);
    expect(called).not.toHaveBeenCalled();
  });

  it('waits 16 ms for a frame where there is no screen', () => {
    vi.stubGlobal('requestAnimationFrame', undefined);
    const called = vi.fn();
    systemClock.setFrame(called);
    const cancel = systemClock.setFrame(called);
    cancel();
    vi.advanceTimersByTime(16);
    expect(called).toHaveBeenCalledTimes(1);
  });

  it('takes the next frame of a page that is seen, and a timer for one that is not', () => {
    const frames: (() => void)[] = [];
    const cancelled: number[] = [];
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
    vi.stubGlobal('cancelAnimationFrame', (handle: number) => cancelled.push(handle));
    vi.stubGlobal('document', { visibilityState: 'visible' });
    const called = vi.fn();
    systemClock.setFrame(called);
    vi.advanceTimersByTime(200);
    expect(called).not.toHaveBeenCalled();
    frames[0]!();
    vi.advanceTimersByTime(1000);
    expect(called).toHaveBeenCalledTimes(1);
    systemClock.setFrame(called)();
    expect(cancelled).toContain(2);
    vi.stubGlobal('document', { visibilityState: 'hidden' });
    systemClock.setFrame(called);
    vi.advanceTimersByTime(16);
    expect(called).toHaveBeenCalledTimes(2);
    expect(frames).toHaveLength(2);
  });

  it('asks for a frame later where that is wanted, and takes both back', () => {
    const frames: (() => void)[] = [];
    const cancelFrame = vi.fn();
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
    vi.stubGlobal('cancelAnimationFrame', cancelFrame);
    vi.stubGlobal('document', { visibilityState: 'visible' });
    const called = vi.fn();
    systemClock.setFrame(called, 100)();
    const cancel = systemClock.setFrame(called, 100);
    vi.advanceTimersByTime(99);
    expect(frames).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(frames).toHaveLength(1);
    expect(called).not.toHaveBeenCalled();
    cancel();
    expect(cancelFrame).toHaveBeenCalled();
    systemClock.setFrame(called, 100);
    vi.advanceTimersByTime(100);
    frames[1]!();
    expect(called).toHaveBeenCalledTimes(1);
  });

  it('takes a timer when the page goes to the background before the frame', () => {
    vi.stubGlobal('requestAnimationFrame', () => 1);
    vi.stubGlobal('cancelAnimationFrame', () => {});
    vi.stubGlobal('document', { visibilityState: 'visible' });
    const called = vi.fn();
    systemClock.setFrame(called);
    vi.advanceTimersByTime(250);
    expect(called).toHaveBeenCalledTimes(1);
  });
});
