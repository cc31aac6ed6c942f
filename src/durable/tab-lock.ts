/**
 * Owns the lock that says which tab leads a chat: one request that waits, then holds, for as long as the chat is there. The browser gives it to
 * one tab at a time, and to the next one when a tab closes, crashes or lets go.
 */

/** The part of the browser's `navigator.locks` that is used. */
export type TabLocks = Pick<LockManager, 'request' | 'query'>;

export interface TabLock {
  /** Asks for the lock, in line or (`steal`) past everybody. What was asked for or held before is let go. */
  request(steal: boolean): void;
  letGo(): void;
  /** Whether this tab still has it. A tab that slept may not have heard yet that it was taken. */
  isHeld(): Promise<boolean>;
}

export interface TabLockListener {
  onGranted(isStolen: boolean): void;
  /** Another tab has taken it. */
  onLost(): void;
  /** The browser gives no locks here. */
  onUnable(thrown: unknown): void;
}

interface LockRequest {
  isGranted: boolean;
  /** Who the browser says has the lock, when it is this tab. */
  holder: string | undefined;
  letGo(): void;
}

export function createTabLock(locks: TabLocks, name: string, listener: TabLockListener): TabLock {
  let current: LockRequest | undefined;

  async function findHolder(): Promise<string | undefined> {
    const { held = [] } = await locks.query();
    return held.find((lock) => lock.name === name)?.clientId;
  }

  async function hold(mine: LockRequest, steal: boolean, signal: AbortSignal, end: Promise<void>): Promise<void> {
    try {
      await locks.request(name, steal ? { steal } : { signal }, async () => {
        mine.holder = await findHolder().catch(() => undefined);
        if (current !== mine) return;
        mine.isGranted = true;
        listener.onGranted(steal);
        await end;
      });
    } catch (thrown) {
      if (current !== mine) return;
      current = undefined;
      if (mine.isGranted) listener.onLost();
      // Taken at once: it stands in line again.
      else if ((thrown as Error | undefined)?.name === 'AbortError') lock.request(false);
      else listener.onUnable(thrown);
    }
  }

  const lock: TabLock = {
    request(steal) {
      lock.letGo();
      const controller = new AbortController();
      const mine: LockRequest = { isGranted: false, holder: undefined, letGo: () => {} };
      const end = new Promise<void>((resolve) => {
        mine.letGo = () => {
          controller.abort();
          resolve();
        };
      });
      current = mine;
      void hold(mine, steal, controller.signal, end);
    },
    letGo() {
      const last = current;
      current = undefined;
      last?.letGo();
    },
    async isHeld() {
      const mine = current;
      if (mine?.holder === undefined) return mine?.isGranted === true;
      const holder = await findHolder().catch(() => mine.holder);
      return current === mine && holder === mine.holder;
    },
  };
  return lock;
}
