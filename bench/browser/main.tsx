// Owns: the page of the chat contenders: one of them, mounted anew for each sample. `?page=` has a page of its own instead.
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { arrivals, watchArrivals } from './arrivals.ts';
import type { Ending } from '../torture/faults.ts';
import { RESULT, starts, torture, type Contender, type PendingCall } from './contender.ts';
import { endWith } from './endings.ts';

/** What the bench calls in the page. */
export interface BenchPage {
  /** Mounts a new chat whose page takes so many milliseconds to render. */
  mount(renderMilliseconds: number, more?: MountOptions): Promise<void>;
  send(): void;
  stop(): void;
  /** From now on a call has an effect on the service, takes so long, and ends so. */
  torment(milliseconds: number, endings: Readonly<Record<number, Ending>>): void;
  /** Settles once the page shows so many answers. */
  answered(answers: number): Promise<void>;
  /** Sends; settles once the page shows so many answers. */
  time(answers: number): Promise<TurnTimes>;
  unmount(): void;
  /** For each call, in milliseconds: from its last byte to its `execute`, and from there to the end of the stream. */
  takeStarts(): { delay: number; ahead: number }[];
}

/** Milliseconds from the person's message, each until the first frame that shows it has been painted. */
export interface TurnTimes {
  readonly firstResult: number;
  readonly lastWord: number;
}

export interface MountOptions {
  readonly isStrict?: boolean;
  readonly pending?: readonly PendingCall[];
}

/** The task after the next frame: what was in the page when the frame was made has been painted. */
function nextPaint(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(undefined);
    });
  });
}

const contenders = import.meta.glob<{ contender: Contender }>(['../contenders/*.tsx', '../rivals/*.tsx']);
const query = new URLSearchParams(location.search);
const ownPage = query.get('page');
if (ownPage === null) await openContender(query.get('contender'));
else await import.meta.glob(['./pages/*.tsx', '../rivals/rendering-*.tsx'])[`${ownPage}.tsx`]?.();

async function openContender(chosen: string | null) {
  const load = contenders[`../${chosen}.tsx`];
  if (load === undefined) throw new Error(`Expected one of ${Object.keys(contenders).join(', ')}, got ${chosen}.`);
  watchArrivals();
  const { contender } = await load();
  const container = document.querySelector('main')!;
  let root: Root | undefined;
  let controls = { send: () => {}, stop: () => {} };

  const count = (words: string): number => (container.textContent ?? '').split(words).length - 1;
  /** Looks whenever the page has changed. */
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isTrue()) return;
        observer.disconnect();
        resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(container, { childList: true, characterData: true, subtree: true });
      look();
    });

  /** Looks after every frame. */
  const untilPainted = async (isTrue: () => boolean) => {
    do await nextPaint();
    while (!isTrue());
  };

  const page: BenchPage = {
    async mount(renderMilliseconds, { isStrict = false, pending } = {}) {
      root = createRoot(container);
      const { Chat, api } = contender;
      const renderRest = () => {
        const end = performance.now() + renderMilliseconds;
        while (performance.now() < end);
      };
      await new Promise<void>((resolve) => {
        const onReady = (send: () => void, stop = () => {}) => {
          controls = { send, stop };
          resolve();
        };
        const chat = <Chat api={api} renderRest={renderRest} onReady={onReady} {...(pending && { pending })} />;
        root?.render(isStrict ? <StrictMode>{chat}</StrictMode> : chat);
      });
    },
    send: () => controls.send(),
    stop: () => controls.stop(),
    torment(milliseconds, endings) {
      torture.work = async ({ index }) => {
        await fetch(`/api/effect/${index}`, { method: 'POST' });
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        return endWith(endings[index] ?? 'done');
      };
    },
    answered: (answers) => until(() => count('All done') >= answers),
    async time(answers) {
      const start = performance.now();
      const results = count(RESULT);
      controls.send();
      const first = untilPainted(() => count(RESULT) > results).then(() => performance.now() - start);
      await untilPainted(() => count('All done') >= answers);
      const lastWord = performance.now() - start;
      return { firstResult: await first, lastWord };
    },
    unmount() {
      root?.unmount();
      root = undefined;
    },
    takeStarts() {
      const taken = [...starts].map(([index, start]) => ({
        delay: start - (arrivals.calls.get(index) ?? Number.NaN),
        ahead: arrivals.end - start,
      }));
      starts.clear();
      arrivals.calls.clear();
      return taken;
    },
  };
  Object.assign(window, { bench: page });
}
