// When the page renders what a chat says: once a frame, unless it says otherwise.
import { Profiler, type ReactNode } from 'react';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

/** Frames that come when the test says so. */
function holdFrames() {
  const frames: FrameRequestCallback[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => delete frames[handle - 1]);
  onTestFinished(() => void vi.unstubAllGlobals());
  return {
    async pass() {
      for (const frame of frames.splice(0)) frame?.(0);
      await turns();
    },
  };
}

/** Some turns of the event loop, in less than the time after which a page is told without a frame. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise<void>((resolve) => setTimeout(resolve));
}

/** A chat in which every render is counted. */
function openChat(options: { throttle?: number } = {}) {
  const frames = holdFrames();
  const hand = createHandTools();
  let renders = 0;
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Profiler id="page" onRender={() => void renders++}>
      {children}
    </Profiler>
  );
  // SAFETY: without `throttle` is what a page has that does not name it, where the harness gives 0.
  const rendered = renderChat({ tools: hand.tools, throttle: undefined, ...options } as never, { wrapper });
  const takeRenders = () => {
    const taken = renders;
    renders = 0;
    return taken;
  };
  return { ...hand, ...rendered, frames, takeRenders };
}

it('renders once a frame, however many chunks come in it', async () => {
  const { ask, chat, frames, takeRenders } = openChat();
  const response = await ask();
  await frames.pass();
  takeRenders();
  response.start('m');
  for (let word = 0; word < 20; word++) {
    response.text('word ');
    await turns();
  }
  expect(takeRenders()).toBe(0);
  await frames.pass();
  expect(takeRenders()).toBe(1);
  expect(
    chat()
      .messages.at(-1)
      ?.parts.filter(({ type }) => type === 'text'),
  ).toHaveLength(20);
});

it('has started every call before the page renders the first', async () => {
  const { ask, frames, reads, takeRenders, chat } = openChat();
  const response = await ask();
  await frames.pass();
  takeRenders();
  response.start('m').call('a', 'read', { n: 1 });
  await turns();
  response.call('b', 'read', { n: 2 });
  await turns();
  expect([reads.length, takeRenders(), chat().isRunning]).toEqual([2, 0, false]);
  await frames.pass();
  expect([takeRenders(), chat().isRunning]).toEqual([1, true]);
  expect(partStates(chat().messages)).toEqual(['a: input-available', 'b: input-available']);
});

it('renders at once, and in one, that the answer is over', async () => {
  const { ask, chat, takeRenders } = openChat();
  const response = await ask();
  takeRenders();
  response.start('m').text('Hi').finish('stop');
  await turns();
  // With version 6 the status comes in a task of its own.
  expect(takeRenders()).toBe(isAiSdk6 ? 2 : 1);
  expect([chat().status, chat().messages.length]).toEqual(['ready', 2]);
});

it('renders all results of a batch and the start of the follow-up in one, after the follow-up has gone out', async () => {
  const { ask, chat, frames, reads, takeRenders, transport } = openChat();
  const response = await ask();
  response.start('m');
  for (const n of [1, 2, 3]) response.call(`c${n}`, 'read', { n });
  response.finish();
  await turns();
  await frames.pass();
  takeRenders();
  for (const read of reads) read.resolve('done');
  const followUp = await transport.next();
  expect(takeRenders()).toBe(0);
  await frames.pass();
  expect(takeRenders()).toBe(1);
  expect(partStates(chat().messages)).toEqual(partStates(followUp.messages));
  expect([chat().status, chat().isRunning, chat().isBusy]).toEqual(['submitted', false, true]);
});

it('renders at every change with `throttle: 0`', async () => {
  const { ask, chat, takeRenders } = openChat({ throttle: 0 });
  const response = await ask();
  await turns();
  takeRenders();
  response.start('m');
  for (const word of ['one ', 'two ']) {
    response.text(word);
    await turns();
    expect(JSON.stringify(chat().messages.at(-1)?.parts)).toContain(word);
  }
  expect(takeRenders()).toBeGreaterThan(1);
});

it('renders without frames where the page is not seen', async () => {
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  onTestFinished(() => visibility.mockRestore());
  const { ask, chat } = openChat();
  const response = await ask();
  response.start('m').text('Hi').call('a', 'read', { n: 1 });
  await expect.poll(() => partStates(chat().messages)).toEqual(['a: input-available']);
});

it('renders what has come where the page is left for another while it waits for a frame', async () => {
  const { ask, chat } = openChat();
  const response = await ask();
  response.start('m').call('a', 'read', { n: 1 });
  // No frame comes, as in a tab that has gone to the background.
  await expect.poll(() => partStates(chat().messages)).toEqual(['a: input-available']);
});
