/**
 * Owns what a person can have the page live through: offline, and left and shown again. Both are the browser's own events; offline lets the page's `fetch` fail as
 * well, which is all of the network that a page can be kept from.
 */
import { systemClock, type CancelTimer } from '../core/clock.ts';

export interface PageActs {
  isOffline(): boolean;
  setOffline(isOffline: boolean): void;
  isAway(): boolean;
  /** The page is left, kept by the browser, and shown again after so many milliseconds. */
  leaveFor(ms: number): void;
  /** Everything is as it was. */
  reset(): void;
}

export function createPageActs(onChange: () => void): PageActs {
  let realFetch: typeof fetch | undefined;
  let cancelReturn: CancelTimer | undefined;

  function setOffline(next: boolean): void {
    const page = globalThis.window;
    if (page === undefined || next === (realFetch !== undefined)) return;
    if (next) {
      realFetch = page.fetch;
      page.fetch = () => Promise.reject(new TypeError('Failed to fetch (simulated: the page is offline)'));
      Object.defineProperty(page.navigator, 'onLine', { configurable: true, get: () => false });
    } else {
      page.fetch = realFetch!;
      realFetch = undefined;
      // What the browser says stands on the prototype.
      delete (page.navigator as { onLine?: boolean }).onLine;
    }
    page.dispatchEvent(new Event(next ? 'offline' : 'online'));
    onChange();
  }

  function comeBack(): void {
    if (cancelReturn === undefined) return;
    cancelReturn();
    cancelReturn = undefined;
    globalThis.window.dispatchEvent(createTransition('pageshow'));
    onChange();
  }

  return {
    isOffline: () => realFetch !== undefined,
    setOffline,
    isAway: () => cancelReturn !== undefined,
    leaveFor(ms) {
      if (globalThis.window === undefined || cancelReturn !== undefined) return;
      cancelReturn = systemClock.setTimer(comeBack, ms);
      globalThis.window.dispatchEvent(createTransition('pagehide'));
      onChange();
    },
    reset() {
      setOffline(false);
      comeBack();
    },
  };
}

/** `persisted`: the browser keeps the page, as it does when a person goes back and forth. */
function createTransition(type: 'pagehide' | 'pageshow'): Event {
  return typeof PageTransitionEvent === 'function'
    ? new PageTransitionEvent(type, { persisted: true })
    : new Event(type);
}
