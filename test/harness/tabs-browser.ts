// Owns: a browser with several tabs on one page, of which each can sleep, wake and end: locks, channels, time and storage as they have them.
import type { TabChannel, TabLocks } from 'use-parallel-tools/durable';
import { createFakeClock } from '../core/fake-clock.ts';

/** Where a task comes from: a browser keeps the order of those of one source only. */
export type TaskSource = 'lock' | 'channel' | 'work';

/** One page in a tab. All that comes to it from outside comes through `deliver`. */
export class BrowserTab {
  readonly id: string;
  /** What the page listens on. */
  readonly window = new EventTarget();
  #state: 'awake' | 'asleep' | 'dead' = 'awake';
  #waiting: { callback: () => void; source: TaskSource }[] = [];

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
  deliver(callback: () => void, source: TaskSource = 'work'): void {
    setImmediate(() => {
      if (this.#state === 'awake') callback();
      else if (this.#state === 'asleep') this.#waiting.push({ callback, source });
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

  /** What came meanwhile comes now: each source in its own order, and the sources in this one. */
  wake(order: readonly TaskSource[] = ['work', 'channel', 'lock']): void {
    if (this.#state !== 'asleep') return;
    this.#state = 'awake';
    const waiting = this.#waiting.splice(0);
    for (const next of order) {
      for (const { callback, source } of waiting) if (source === next) this.deliver(callback, source);
    }
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
            }, 'lock'),
          reject: (error) => tab.deliver(() => reject(error), 'lock'),
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

interface Listeners {
  readonly owner: BrowserTab;
  readonly hear: (event: MessageEvent) => void;
}

/** What every tab of it shares. */
export class TabsBrowser {
  readonly clock = createFakeClock();
  readonly locks: FakeLocks;
  readonly #channels = new Map<TabChannel, Listeners>();
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
    for (const [channel, { owner }] of this.#channels) if (owner === tab) this.#channels.delete(channel);
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
    const listeners: ((event: MessageEvent) => void)[] = [];
    const channel: TabChannel = {
      addEventListener: (_, listener) => listeners.push(listener),
      postMessage: (message) => {
        if (tab.isDead) return;
        const data: unknown = structuredClone(message);
        for (const [other, { owner, hear }] of this.#channels) {
          if (other !== channel) owner.deliver(() => hear({ data } as MessageEvent), 'channel');
        }
      },
      close: () => void this.#channels.delete(channel),
    };
    const hear = (event: MessageEvent) => listeners.forEach((listener) => listener(event));
    this.#channels.set(channel, { owner: tab, hear });
    return channel;
  }
}
