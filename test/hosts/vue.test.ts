// Vue, as docs/other-frameworks.md has it: the composable on the real `useChat` of @ai-sdk/vue, and a page that is mounted, used and left.
import { readFileSync } from 'node:fs';
import { createUIMessageStreamResponse, type ToolSet, type UIMessage } from 'ai';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createApp, defineComponent, type App } from 'vue';
import { clientTool, listCalls } from 'use-parallel-tools/core';
import { undo } from 'use-parallel-tools/undo';
import { z } from 'zod';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedResponse, ScriptedTransport } from '../harness/scripted-transport.ts';
import { useParallelTools } from './vue-composable.ts';
import { ChatPage } from './vue-page.ts';

const guide = readFileSync('docs/other-frameworks.md', 'utf8');

/** The code of a file, as the guide shows it. */
function codeOf(name: string): string {
  const [, ...lines] = readFileSync(`test/hosts/${name}.ts`, 'utf8').split('\n');
  return lines.join('\n').replace("'./vue-composable.ts'", "'./use-parallel-tools'");
}

it.each(['vue-composable', 'vue-page'])('is the code of the guide: %s', (name) => {
  expect(guide).toContain(`\`\`\`ts\n${codeOf(name)}\`\`\``);
});

it('is a composable of less than 60 lines', () => {
  expect(codeOf('vue-composable').trim().split('\n').length).toBeLessThan(60);
});

/** Mounts an app in the page. */
function mount(component: Parameters<typeof createApp>[0]): App {
  const app = createApp(component);
  const place = document.body.appendChild(document.createElement('div'));
  app.mount(place);
  onTestFinished(() => {
    app.unmount();
    place.remove();
  });
  return app;
}

/** A component with a chat of these tools. */
function open(tools: ToolSet, options: Partial<Parameters<typeof useParallelTools>[0]> = {}) {
  const transport = new ScriptedTransport();
  let chat!: ReturnType<typeof useParallelTools>;
  const Page = defineComponent(() => {
    chat = useParallelTools({ tools, chat: { transport }, ...options });
    return () => chat.messages.value.length;
  });
  const app = mount(Page);
  onTestFinished(() => expect(transport.problems).toEqual([]));
  const calls = () => Object.values(chat.state.value.batches).flatMap(listCalls);
  const ask = async () => {
    void chat.sendMessage({ text: 'Hi' });
    return transport.next();
  };
  return { app, chat, transport, calls, ask };
}

describe('the composable', () => {
  it('runs the calls of an answer at the same time, and sends their results in one follow-up', async () => {
    const { tools, reads } = createHandTools();
    const { ask, calls, chat, transport } = open(tools);
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await vi.waitFor(() => expect(reads.length).toBe(2));
    await vi.waitFor(() => expect(calls().map(({ status }) => status)).toEqual(['running', 'running']));
    expect(chat.isRunning.value).toBe(true);
    reads[1]!.resolve('second');
    reads[0]!.resolve('first');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-available']);
    followUp.start('m').text('Both').finish('stop');
    await vi.waitFor(() => expect(chat.status.value).toBe('ready'));
    expect(chat.messages.value.at(-1)!.parts.at(-1)).toMatchObject({ text: 'Both' });
    expect(chat.isRunning.value).toBe(false);
    expect(transport.responses.length).toBe(2);
  });

  it('starts a read while the answer streams, and a write once the answer has ended well', async () => {
    const { tools, reads, writes } = createHandTools();
    const { ask, transport } = open(tools);
    const response = (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'write', { n: 2 });
    await vi.waitFor(() => expect(reads.length).toBe(1));
    expect(writes.length).toBe(0);
    response.finish();
    await vi.waitFor(() => expect(writes.length).toBe(1));
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    await transport.next();
  });

  it('retries after sending: the conversation goes back to the end of the step', async () => {
    const { tools, reads } = createHandTools();
    const { ask, calls, chat, transport } = open(tools);
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await vi.waitFor(() => expect(reads.length).toBe(1));
    reads[0]!.reject(new Error('Not now'));
    const failed = await transport.next();
    expect(partStates(failed.messages)).toEqual(['a: output-error']);
    failed.start('m').text('It failed').finish('stop');
    await vi.waitFor(() => expect(chat.status.value).toBe('ready'));
    chat.toolCalls.retry(calls()[0]!);
    await vi.waitFor(() => expect(reads.length).toBe(2));
    reads[1]!.resolve('there');
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available']);
    expect(JSON.stringify(again.messages)).not.toContain('It failed');
  });

  it('cancels what is open when the user sends a message, and aborts it when the page is left', async () => {
    const { tools, reads } = createHandTools();
    const { app, ask, chat, transport } = open(tools);
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await vi.waitFor(() => expect(reads.length).toBe(1));
    void chat.sendMessage({ text: 'Never mind' });
    const { messages } = await transport.next();
    expect(messages.at(-1)).toMatchObject({ role: 'user' });
    expect(partStates(messages.slice(0, -1))).toEqual(['a: output-error']);
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    transport.responses.at(-1)!.start('n').call('b', 'read', { n: 2 }).finish();
    await vi.waitFor(() => expect(reads.length).toBe(2));
    app.unmount();
    await vi.waitFor(() => expect(reads[1]!.options.abortSignal.aborted).toBe(true));
    expect(reads[1]!.options.abortSignal.reason).toMatchObject({ by: 'unmount' });
  });

  it('takes plugins', async () => {
    const move = clientTool({
      inputSchema: z.object({ n: z.number() }),
      execute: ({ n }) => ({ moved: n }),
      undo: () => {},
    });
    const { ask, chat, calls, transport } = open({ move }, { plugins: [undo()] });
    (await ask()).start('m').call('a', 'move', { n: 1 }).finish();
    (await transport.next()).start('m').text('Moved').finish('stop');
    await vi.waitFor(() => expect(chat.status.value).toBe('ready'));
    chat.toolCalls.undo(calls()[0]!);
    await drain();
    void chat.sendMessage({ text: 'And now?' });
    expect(JSON.stringify((await transport.next()).messages)).toContain('The user has undone this call');
  });
});

describe('the page', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('asks, approves and shows what came of it', async () => {
    const answers: ScriptedResponse[] = [];
    const requests: UIMessage[][] = [];
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      requests.push((JSON.parse(body) as { messages: UIMessage[] }).messages);
      const answer = new ScriptedResponse(undefined);
      answers.push(answer);
      return createUIMessageStreamResponse({ stream: answer.stream });
    });
    mount(ChatPage);
    const press = (text: string) =>
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent === text)!.click();
    press('Ask');
    await vi.waitFor(() => expect(answers.length).toBe(1));
    answers[0]!.start('m').call('a', 'getWeather', { city: 'Oslo' }).call('b', 'bookTrip', { city: 'Rome' }).finish();
    await vi.waitFor(() => expect(document.body.textContent).toContain('bookTrip: awaiting-approval'));
    expect(document.body.textContent).toContain('getWeather: succeeded');
    press('Approve');
    await vi.waitFor(() => expect(answers.length).toBe(2));
    answers[1]!.start('m').text('Have a good trip').finish('stop');
    await vi.waitFor(() => expect(document.body.textContent).toContain('Have a good trip'));
    expect(partStates(requests[1]!)).toEqual(['a: output-available', 'b: output-available']);
  });
});
