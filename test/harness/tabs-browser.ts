// Owns: a browser with several tabs on one page, of which each can sleep, wake and end: locks, channels, time and storage as they have them.
import type { TabChannel, TabLocks } from 'use-parallel-tools/durable';
import { createFakeClock } from '../core/fake-clock.ts';

/** One page in a tab. All that comes to it from outside comes through `deliver`. */
export class BrowserTab {
  readonly id: string;
  /** What the page listens on. */
  readonly window = new EventTarget();
  #state: 'awake' | 'asleep' | 'dead' = 'awake';
  #waiting: (() => void)[] = [];

  constructor(id: string) {
    this.id = id;
  }

  get isAwake(): boolean {
    return this.#state === 'awake';
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  /** Calls back in a task of its own: later where the page sleeps, never where it has ended. */
  deliver(callback: () => void): void {
    setImmediate(() => {
      if (this.#state === 'awake') callback();
      else if (this.#state === 'asleep') this.#waiting.push(callback);
    });
  }

  /** A promise of the world outside, as the page hears of it. */
  hear<TValue>(promise: PromiseLike<TValue>): Promise<TValue> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.deliver(() => resolve(value)),
        (thrown: unknown) => this.deliver(() => reject(thrown)),
      );
    });
  }

  /** It sleeps from one moment to the next, as under a debugger or on a laptop that is shut. */
  sleep(): void {
    if (this.#state === 'awake') this.#state = 'asleep';
  }

  wake(): void {
    if (this.#state !== 'asleep') return;
    this.#state = 'awake';
    for (const callback of this.#waiting.splice(0)) this.deliver(callback);
  }

  die(): void {
    this.#state = 'dead';
    this.#waiting = [];
  }
}

interface LockEntry {
  readonly tab: BrowserTab;
  readonly grant: () => void;
  readonly reject: (error: Error) => void;
}

const aborted = () => new DOMException('The lock was taken, or is not wanted any more', 'AbortError');

/** The browser's locks, of one name. */
class FakeLocks {
  holder: LockEntry | undefined;
  #queue: LockEntry[] = [];

  /** As the tab sees them. */
  for(tab: BrowserTab): TabLocks {
    const request = async (_: string, options: LockOptions, callback: () => Promise<void>): Promise<void> =>
      new Promise((resolve, reject) => {
        const entry: LockEntry = {
          tab,
          grant: () =>
            tab.deliver(() => {
              void callback().then(() => {
                this.#release(entry);
                resolve();
              });
            }),
          reject: (error) => tab.deliver(() => reject(error)),
        };
        options.signal?.addEventListener('abort', () => {
          if (!this.#queue.includes(entry)) return;
          this.#queue = this.#queue.filter((each) => each !== entry);
          entry.reject(aborted());
        });
        if (options.steal === true) this.#take(entry);
        else {
          this.#queue.push(entry);
          this.#next();
        }
      });
    const query = async () => {
      const held = this.holder === undefined ? [] : [{ name: this.name, clientId: this.holder.tab.id }];
      return tab.hear(Promise.resolve({ held, pending: [] }));
    };
    // SAFETY: the calls that the library makes of it.
    return { request, query } as unknown as TabLocks;
  }

  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** A page has ended, whatever it had. */
  end(tab: BrowserTab): void {
    this.#queue = this.#queue.filter((entry) => entry.tab !== tab);
    if (this.holder?.tab === tab) this.#release(this.holder);
  }

  #take(entry: LockEntry): void {
    this.holder?.reject(aborted());
    this.holder = entry;
    entry.grant();
  }

  #release(entry: LockEntry): void {
    if (this.holder !== entry) return;
    this.holder = undefined;
    this.#next();
  }

  #next(): void {
    if (this.holder !== undefined) return;
    this.holder = this.#queue.shift();
    this.holder?.grant();
  }
}

/** What every tab of it shares. */
export class TabsBrowser {
  readonly clock = createFakeClock();
  readonly locks: FakeLocks;
  readonly #channels = new Map<TabChannel, BrowserTab>();
  #tabs = 0;

  constructor(chatId: string) {
    this.locks = new FakeLocks(`use-parallel-tools/${chatId}`);
  }

  openTab(): BrowserTab {
    return new BrowserTab(`tab-${++this.#tabs}`);
  }

  end(tab: BrowserTab): void {
    tab.die();
    this.locks.end(tab);
    for (const [channel, owner] of this.#channels) if (owner === tab) this.#channels.delete(channel);
  }

  /** Time as a tab has it: a page that sleeps is called late. */
  clockOf(tab: BrowserTab) {
    const { clock } = this;
    return {
      ...clock,
      random: Math.random,
      setTimer: (callback: () => void, delay: number) => {
        let isOff = false;
        const cancel = clock.setTimer(() => tab.deliver(() => !isOff && callback()), delay);
        return () => {
          isOff = true;
          cancel();
        };
      },
      setFrame: (callback: () => void) => clock.setFrame(() => tab.deliver(callback)),
    };
  }

  channelFor(tab: BrowserTab): TabChannel {
    const channel: TabChannel = {
      onmessage: null,
      postMessage: (message) => {
        if (tab.isDead) return;
        const data: unknown = structuredClone(message);
        for (const [other, owner] of this.#channels) {
          if (other !== channel) owner.deliver(() => other.onmessage?.({ data } as MessageEvent));
        }
      },
      close: () => void this.#channels.delete(channel),
    };
    this.#channels.set(channel, tab);
    return channel;
  }
}
