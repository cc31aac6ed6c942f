// Owns: what the rendering contenders share: the tool that reports, the history, and the counts of React's commits.
import type { UIMessage } from 'ai';
import { Profiler, type ReactNode } from 'react';

/** What the bench calls in a rendering page. */
export interface RenderingPage {
  /** Mounts the chat, sends a message, and settles when every call has been answered. */
  run(): Promise<RenderingCounts>;
}

export interface RenderingCounts {
  readonly commits: number;
  /** Commits of a card, the mean over the cards. */
  readonly rendersPerCard: number;
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

let commits = 0;
let cardCommits = 0;

export function CountPage({ children }: { children: ReactNode }) {
  return (
    <Profiler id="page" onRender={() => void commits++}>
      {children}
    </Profiler>
  );
}

export function CountCard({ children }: { children: ReactNode }) {
  return (
    <Profiler id="card" onRender={() => void cardCommits++}>
      {children}
    </Profiler>
  );
}

/** Runs the chat and watches the page while it does. */
export async function watchRun(send: () => void): Promise<RenderingCounts> {
  const main = document.querySelector('main')!;
  await new Promise((resolve) => setTimeout(resolve, 300));
  commits = 0;
  cardCommits = 0;
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
  return { commits, rendersPerCard: cardCommits / callCount, longestTask, droppedFrames };
}
