// Owns: the page of the chat contenders: one of them, mounted anew for each sample. `?page=` has a page of its own instead.
import { createRoot, type Root } from 'react-dom/client';
import { arrivals, watchArrivals } from './arrivals.ts';
import { starts, type Contender } from './contender.ts';

/** What the bench calls in the page. */
export interface BenchPage {
  /** Mounts a new chat whose page takes so many milliseconds to render. */
  mount(renderMilliseconds: number): Promise<void>;
  send(): void;
  /** Settles once the page shows so many answers. */
  answered(answers: number): Promise<void>;
  unmount(): void;
  /** For each call, in milliseconds: from its last byte to its `execute`, and from there to the end of the stream. */
  takeStarts(): { delay: number; ahead: number }[];
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
  let sendMessage = () => {};

  const page: BenchPage = {
    async mount(renderMilliseconds) {
      root = createRoot(container);
      const { Chat, api } = contender;
      const renderRest = () => {
        const end = performance.now() + renderMilliseconds;
        while (performance.now() < end);
      };
      sendMessage = await new Promise<() => void>((resolve) => {
        root?.render(<Chat api={api} renderRest={renderRest} onReady={resolve} />);
      });
    },
    send: () => sendMessage(),
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
