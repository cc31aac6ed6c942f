// Owns: what the rendering contenders share: the tool that reports, the history, and the counts of React's commits.
import type { UIMessage } from 'ai';
import { Profiler, type ComponentType, type ReactNode } from 'react';

/** What the bench calls in a rendering page. */
export interface RenderingPage {
  /** Mounts the chat, sends a message, and settles when every call has been answered. */
  run(): Promise<RenderingCounts>;
}

export interface RenderingChatProps {
  readonly onReady: (send: () => void) => void;
}

export interface RenderingCounts {
  readonly commits: number;
  /** Commits of a card, the mean over the cards. */
  readonly rendersPerCard: number;
  /** Commits of what stands above the cards and sums them up; 0 for a contender without. */
  readonly headerRenders: number;
  /** How often a call changed, as its card is to show it; 0 where the contender does not say. */
  readonly callChanges: number;
  /** Updates of the contender's store; 0 where it does not say. */
  readonly storeUpdates: number;
  /** The longest task, in milliseconds; 0 where none took 50 ms. */
  readonly longestTask: number;
  readonly droppedFrames: number;
}

export const callCount = 100;
const reports = 20;

/** Takes about a second, and reports 20 times how far it is. */
export async function work(index: number, report: (fraction: number) => void): Promise<string> {
  for (let step = 1; step <= reports; step++) {
    // Not all of them in the same frame.
    await new Promise((resolve) => setTimeout(resolve, 40 + ((index * 7) % 20)));
    report(step / reports);
  }
  return 'done';
}

export const history: UIMessage[] = Array.from({ length: 200 }, (_, index) => ({
  id: `history-${index}`,
  role: index % 2 === 0 ? 'user' : 'assistant',
  parts: [{ type: 'text', text: `Message ${index} of a long conversation about orders, addresses and refunds.` }],
}));

/** Whether this run counts, and is not timed. */
export const isCounting = new URLSearchParams(location.search).has('count');

const counts = { commits: 0, cards: 0, headers: 0, callChanges: 0, storeUpdates: 0 };

function Count({ what, children }: { what: 'commits' | 'cards' | 'headers'; children: ReactNode }) {
  return (
    <Profiler id={what} onRender={() => void counts[what]++}>
      {children}
    </Profiler>
  );
}

export function CountCard({ children }: { children: ReactNode }) {
  return <Count what="cards">{children}</Count>;
}

export function CountHeader({ children }: { children: ReactNode }) {
  return <Count what="headers">{children}</Count>;
}

/** A contender with a store says what changed in it: what is rendered beyond that is rendered for nothing. */
export function noteStoreUpdate(changedCalls: number): void {
  counts.storeUpdates++;
  counts.callChanges += changedCalls;
}

/**
 * Offers the chat to the bench. Time is measured with the React DOM that users get; with `?count` the profiling build counts, which
 * writes a mark for every component that renders and is slow in proportion to their number.
 */
export async function openRendering(Chat: ComponentType<RenderingChatProps>): Promise<void> {
  const { createRoot } = await (isCounting ? import('react-dom/profiling') : import('react-dom/client'));
  const page: RenderingPage = {
    async run() {
      const root = createRoot(document.querySelector('main')!);
      const send = await new Promise<() => void>((resolve) => {
        root.render(
          <Count what="commits">
            <Chat onReady={resolve} />
          </Count>,
        );
      });
      return watchRun(send);
    },
  };
  Object.assign(window, { bench: page });
}

/** Runs the chat and watches the page while it does. */
async function watchRun(send: () => void): Promise<RenderingCounts> {
  const main = document.querySelector('main')!;
  await new Promise((resolve) => setTimeout(resolve, 300));
  Object.assign(counts, { commits: 0, cards: 0, headers: 0, callChanges: 0, storeUpdates: 0 });
  let longestTask = 0;
  let droppedFrames = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
  });
  tasks.observe({ type: 'longtask' });
  let last = performance.now();
  let frame = requestAnimationFrame(function count(now) {
    droppedFrames += Math.max(0, Math.round((now - last) / (1000 / 60)) - 1);
    last = now;
    frame = requestAnimationFrame(count);
  });
  send();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (!main.textContent.includes('All done')) return;
      clearInterval(timer);
      resolve();
    }, 50);
  });
  cancelAnimationFrame(frame);
  tasks.disconnect();
  const { commits, cards, headers, callChanges, storeUpdates } = counts;
  const rendersPerCard = cards / callCount;
  return { commits, rendersPerCard, headerRenders: headers, callChanges, storeUpdates, longestTask, droppedFrames };
}
