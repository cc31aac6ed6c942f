// Proves: chats join the register of the page in development, faults stand between scheduler and tool, and what is recorded ends with the devtools.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientTool } from 'use-parallel-tools';
import { toolCallsDevtools } from 'use-parallel-tools/devtools/production';
import { z } from 'zod';
import { getPageChats } from '../../src/core/page-chats.ts';
import { NO_FAULTS, readSimulated, type Fault } from '../../src/devtools/faults.ts';
import { getPageRecorder, holdPageRecorder, type PageRecorder } from '../../src/devtools/page-recorder.ts';
import { renderChat } from '../harness/render-chat.tsx';

const lookup = vi.fn<(input: { id: string }) => unknown>((input) => ({ ...input, isFound: true }));
const tools = {
  lookup: clientTool({
    inputSchema: z.object({ id: z.string() }),
    execute: (input) => lookup(input),
    readOnly: true,
    retry: 0,
  }),
};

let release: () => void;
let recorder: PageRecorder;
beforeEach(() => {
  lookup.mockClear();
  release = holdPageRecorder(() => {});
  recorder = getPageRecorder()!;
});
afterEach(() => {
  recorder.faults.setSettings(NO_FAULTS);
  release();
});

/** A chat whose model calls the tool once, while `fault` is asked for. */
async function runWith(fault: Fault | undefined, options: Parameters<typeof renderChat<typeof tools>>[0] = { tools }) {
  const rules = fault === undefined ? [] : [{ toolName: 'lookup', fault, isOnce: true }];
  recorder.faults.setSettings({ ...NO_FAULTS, rules });
  const page = renderChat(options);
  const response = await page.ask('Where is it?');
  response.start().call('a', 'lookup', { id: '42' });
  response.finish();
  await page.settle();
  return { ...page, recorded: recorder.getChats().at(-1)! };
}

describe('the register of chats', () => {
  it('has a chat while it is mounted', async () => {
    const page = renderChat({ tools });
    await page.settle();
    expect([...getPageChats().chats].map(({ host }) => host.chatId)).toEqual([page.chat().id]);
    page.view.unmount();
    await page.settle();
    expect([...getPageChats().chats]).toEqual([]);
  });

  it('has a chat once in StrictMode', async () => {
    const page = renderChat({ tools }, { strict: true });
    await page.settle();
    expect(getPageChats().chats.size).toBe(1);
  });

  it('has none in production, but for chats that were given the plugin', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const hidden = renderChat({ tools });
    const shown = renderChat({ tools, plugins: [toolCallsDevtools()] });
    await shown.settle();
    vi.unstubAllEnvs();
    expect([...getPageChats().chats].map(({ host }) => host.chatId)).toEqual([shown.chat().id]);
    hidden.view.unmount();
    await hidden.settle();
  });

  it('has a chat once that was given the plugin in development', async () => {
    const page = renderChat({ tools, plugins: [toolCallsDevtools()] });
    await page.settle();
    expect(getPageChats().chats.size).toBe(1);
  });
});

describe('what is recorded of a chat', () => {
  it('is its requests, its status and its events, in order', async () => {
    const { recorded } = await runWith(undefined);
    const kinds = recorded.log.entries.map((entry) => (entry.type === 'event' ? entry.event.type : entry.type));
    expect(kinds.slice(0, 2).toSorted()).toEqual(['request', 'status']);
    expect(kinds.filter((kind) => kind === 'request')).toHaveLength(2);
    expect(kinds.indexOf('attempt-started')).toBeLessThan(kinds.indexOf('call-succeeded'));
    expect(recorded.log.stateAfter(recorded.log.entries.length)).toEqual(recorded.chat.host.store.getState());
  });

  it('ends with the last who holds the recorder: the chat is as it was', async () => {
    const { settle } = await runWith(undefined);
    const [chat] = getPageChats().chats;
    expect(chat?.execute).toBeDefined();
    release();
    await settle();
    expect(chat?.execute).toBeUndefined();
    expect(getPageRecorder()).toBeUndefined();
  });
});

describe('a fault', () => {
  it.each<[what: string, fault: Fault, status: string, runs: number]>([
    ['that fails', { type: 'fail', kind: 'unavailable' }, 'failed', 0],
    ['that returns a value', { type: 'return', value: { isFound: false } }, 'succeeded', 0],
    ['that is slow', { type: 'slow', ms: 1 }, 'succeeded', 1],
    ['that hangs', { type: 'hang' }, 'running', 0],
  ])('%s', async (_what, fault, status, runs) => {
    const page = await runWith(fault);
    await expect.poll(() => page.call('a').status).toBe(status);
    expect(lookup).toHaveBeenCalledTimes(runs);
    expect(readSimulated(page.call('a'))).toBeDefined();
    expect(page.recorded.log.entries.some(({ type }) => type === 'simulation')).toBe(true);
  });

  it('says that it was simulated, to the page and to the model', async () => {
    const page = await runWith({ type: 'fail', kind: 'unavailable' });
    expect(page.call('a').error?.message).toBe('Simulated: HTTP 503 Service Unavailable');
    const parts = page.chat().messages.flatMap((message) => message.parts);
    expect(JSON.stringify(parts)).toContain('Simulated: HTTP 503');
  });

  it('is retried as the tool would be, and the run after it is real', async () => {
    const page = await runWith({ type: 'fail', kind: 'error' });
    page.chat().toolCalls.retry(page.call('a'));
    await expect.poll(() => page.call('a').status).toBe('succeeded');
    expect(readSimulated(page.call('a'))).toBeUndefined();
  });

  it('that is slow starts nothing after the call was cancelled', async () => {
    const page = await runWith({ type: 'slow', ms: 300 });
    page.chat().toolCalls.cancel(page.call('a'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(page.call('a').status).toBe('cancelled');
    expect(lookup).not.toHaveBeenCalled();
  });
});

describe('the page', () => {
  it('is offline and online again: fetch fails meanwhile, and listeners hear of it', async () => {
    const heard: string[] = [];
    const hear = ({ type }: Event) => void heard.push(type);
    window.addEventListener('offline', hear);
    window.addEventListener('online', hear);
    recorder.acts.setOffline(true);
    expect(navigator.onLine).toBe(false);
    await expect(fetch('/orders')).rejects.toThrow('Failed to fetch');
    recorder.acts.setOffline(false);
    expect(navigator.onLine).toBe(true);
    expect(heard).toEqual(['offline', 'online']);
    window.removeEventListener('offline', hear);
    window.removeEventListener('online', hear);
  });

  it('is left and shown again: no call starts meanwhile', async () => {
    const page = renderChat({ tools });
    const response = await page.ask();
    recorder.acts.leaveFor(400);
    expect(recorder.acts.isAway()).toBe(true);
    response.start().call('a', 'lookup', { id: '42' });
    await page.settle();
    expect(lookup).not.toHaveBeenCalled();
    await expect.poll(() => lookup.mock.calls.length).toBe(1);
    expect(recorder.acts.isAway()).toBe(false);
    response.finish();
    await page.settle();
  });
});

describe('the file of a session', () => {
  it('is opened again with the calls, the times and the questions that it was saved with', async () => {
    const { recorded } = await runWith(undefined);
    const imported = recorder.importSession(JSON.stringify(recorded.exportSession(false)));
    const last = imported.log.stateAfter(imported.log.entries.length);
    expect(last).toEqual(JSON.parse(JSON.stringify(recorded.chat.host.store.getState())));
    expect(imported.log.entries.find(({ type }) => type === 'request')).toMatchObject({
      request: { question: 'Where is it?' },
    });
    expect(recorder.getChats()).toContain(imported);
  });

  it('has nothing of what was said where it was redacted', async () => {
    const { recorded } = await runWith({ type: 'return', value: 'a secret' });
    const text = JSON.stringify(recorded.exportSession(true));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('Where is it?');
    expect(text).toContain('lookup');
  });

  it('says what is wrong with another file, and shows none', () => {
    const before = recorder.getChats();
    expect(() => recorder.importSession('{}')).toThrow('Expected the file of a session');
    expect(recorder.getChats()).toEqual(before);
  });
});
