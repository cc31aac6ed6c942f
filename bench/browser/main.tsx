// Owns: the page of the chat contenders: one of them, mounted anew for each sample. `?page=` has a page of its own instead.
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { arrivals, watchArrivals } from './arrivals.ts';
import type { Ending } from '../torture/faults.ts';
import { starts, torture, type Contender, type PendingCall } from './contender.ts';
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
  unmount(): void;
  /** For each call, in milliseconds: from its last byte to its `execute`, and from there to the end of the stream. */
  takeStarts(): { delay: number; ahead: number }[];
}

export interface MountOptions {
  readonly isStrict?: boolean;
  readonly pending?: readonly PendingCall[];
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
    answered: (answers) =>
      new Promise((resolve) => {
        const look = () => {
          if ((container.textContent ?? '').split('All done').length <= answers) return;
          observer.disconnect();
          resolve();
        };
        const observer = new MutationObserver(look);
        observer.observe(container, { childList: true, characterData: true, subtree: true });
        look();
      }),
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
