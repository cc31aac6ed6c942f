// The first final word in a part that is not ours ends the call with it. Here the page has it, by the SDK's own functions; and what is ours
// is known again.
import { Chat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createChatLink, useChatTools, useParallelTools, type ToolCall } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { chunkOf, drainFrames, lastPart, openAll, RECORDS, requested, WORDS } from '../harness/final-words.ts';
import type { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport, type ScriptedResponse } from '../harness/scripted-transport.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';

// The warning of a tool on both sides is tested where the server answers.
beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
afterEach(() => void vi.unstubAllEnvs());

type Hook = 'useParallelTools' | 'useChatTools' | 'useChatTools without callbacks';
type HandPolicies = Parameters<typeof createHandTools>[0];

/** One chat, joined in one of three ways. */
function openChat(hook: Hook, policies: HandPolicies, messages: UIMessage[] = []) {
  const hand = openAll(policies);
  const tools = hand.tools as ToolSet;
  const transport = new ScriptedTransport();
  onTestFinished(() => expect(transport.problems).toEqual([]));
  const link = createChatLink();
  const options = { messages, transport };
  const shared = new Chat<UIMessage>(hook === 'useChatTools' ? link.chatOptions(options) : options);
  const view = renderHook(() => {
    if (hook === 'useParallelTools')
      return useParallelTools<ToolSet, UIMessage>({ tools, transport, throttle: 0, messages });
    const { toolCalls } = useChatTools(shared, { tools, link });
    const { addToolOutput, addToolApprovalResponse, sendMessage } = shared;
    return { toolCalls, addToolOutput, addToolApprovalResponse, sendMessage };
  });
  const chat = () => view.result.current;
  return {
    ...hand,
    transport,
    chat,
    call: (id: string) =>
      Object.values(chat().toolCalls.store.getState().batches)
        .flatMap(listCalls)
        .findLast(({ toolCallId }) => toolCallId === id)!,
    async ask(): Promise<ScriptedResponse> {
      void chat().sendMessage({ text: 'Hi' });
      return transport.next();
    },
  };
}

const question: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const pending = (toolName: string, state: object): UIMessage[] => [
  question,
  {
    id: 'm',
    role: 'assistant',
    parts: [
      { type: 'step-start' },
      { type: `tool-${toolName}`, toolCallId: 'a', input: { n: 1 }, ...state } as UIMessage['parts'][number],
    ],
  },
];

interface PageCase {
  readonly status: ToolCall['status'];
  readonly toolName: string;
  readonly policies?: HandPolicies;
  /** Loaded with the page, or else called in an answer. */
  readonly loaded?: object;
  readonly asked?: boolean;
  readonly bring?: (open: OpenPage) => unknown;
}

const PAGE_CASES: [string, PageCase][] = [
  ['is queued', { status: 'queued', toolName: 'read', policies: { read: { after: 'write' } } }],
  ['runs', { status: 'running', toolName: 'read' }],
  [
    'waits for the yes of its policy',
    { status: 'awaiting-approval', toolName: 'read', policies: { read: { approval: true } } },
  ],
  ['waits for the yes that the server asks for', { status: 'awaiting-approval', toolName: 'write', asked: true }],
  ['waits for an answer', { status: 'awaiting-input', toolName: 'pickColor' }],
  [
    'waits to be tried again',
    {
      status: 'retrying',
      toolName: 'read',
      policies: { read: { retry: 1, retryDelay: 60_000 } },
      bring: ({ reads }) => reads[0]!.reject(new Error('down')),
    },
  ],
  [
    'has failed and is held',
    {
      status: 'failed',
      toolName: 'read',
      policies: { read: { onFailure: 'hold' } },
      bring: ({ reads }) => reads[0]!.reject(new Error('down')),
    },
  ],
  ['was interrupted', { status: 'interrupted', toolName: 'write', loaded: { state: 'input-available' } }],
  [
    'was loaded as it waited for a yes',
    {
      status: 'awaiting-approval',
      toolName: 'write',
      loaded: { state: 'approval-requested', approval: { id: 'approval-a' } },
    },
  ],
];

type OpenPage = ReturnType<typeof openChat>;

async function beginPage(
  hook: Hook,
  { status, toolName, policies, loaded, asked, bring }: PageCase,
): Promise<OpenPage> {
  const open = openChat(hook, policies ?? {}, loaded && pending(toolName, loaded));
  if (loaded === undefined) {
    const response = await open.ask();
    response.start('m').call('a', toolName, { n: 1 });
    // A call that comes after another's has to wait for it.
    if (status === 'queued') response.call('w', 'write', { n: 2 });
    if (asked === true) response.write(requested('a', false));
    await drain();
    response.finish();
  }
  await drainFrames();
  // Without callbacks a person starts what has not begun.
  if (status === 'queued') open.chat().toolCalls.approve(open.call('a'));
  bring?.(open);
  await drain();
  expect(open.call('a').status).toBe(status);
  return open;
}

/** Everything else is answered, one follow-up goes out, and no other; nothing runs for the call any more. */
async function expectOneFollowUp(open: OpenPage, { status }: PageCase): Promise<UIMessage['parts']> {
  const { transport, reads, writes, chat } = open;
  const before = transport.responses.length;
  if (status === 'queued') {
    await drainFrames();
    expect(transport.responses).toHaveLength(before);
    chat().toolCalls.approve(open.call('w'));
    await drain();
    writes[0]!.resolve(2);
  }
  await expect.poll(() => transport.responses.length).toBe(before + 1);
  const followUp = transport.responses[before]!;
  followUp.start('m').text('Done').finish('stop');
  await drainFrames();
  expect(transport.responses).toHaveLength(before + 1);
  if (status === 'running') expect(reads[0]!.options.abortSignal.aborted).toBe(true);
  const hasRun = ['running', 'retrying', 'failed', 'queued'].includes(status);
  expect(reads.length + writes.length).toBe(hasRun ? 1 : 0);
  return followUp.messages.at(-1)!.parts;
}

const ASKED_CASES = PAGE_CASES.filter(([, { asked, loaded }]) => asked === true || (loaded && 'approval' in loaded));
// The `addToolOutput` of AI SDK 6 leaves a question about an approval in a part that has an output, which its own server refuses.
const OUTPUT_CASES = isAiSdk6 ? PAGE_CASES.filter((each) => !ASKED_CASES.includes(each)) : PAGE_CASES;

describe.each(['useParallelTools', 'useChatTools', 'useChatTools without callbacks'] as const)('with %s', (hook) => {
  describe.each(OUTPUT_CASES)('a call that %s', (_, page) => {
    const { toolName } = page;

    it("takes the page's `addToolOutput` as its result", async () => {
      const open = await beginPage(hook, page);
      void open.chat().addToolOutput({ tool: toolName, toolCallId: 'a', output: 'the page says' } as never);
      await expect.poll(() => open.call('a')).toMatchObject({ status: 'succeeded', output: 'the page says' });
      const parts = await expectOneFollowUp(open, page);
      expect(parts[1]).toMatchObject({ state: 'output-available', output: 'the page says' });
    });

    it("takes the page's error as its own", async () => {
      const open = await beginPage(hook, page);
      const error = { tool: toolName, toolCallId: 'a', state: 'output-error', errorText: 'the page gave up' };
      void open.chat().addToolOutput(error as never);
      await expect
        .poll(() => open.call('a'))
        .toMatchObject({ status: 'failed', error: { kind: 'execution', message: 'the page gave up' } });
      expect(open.call('a').held).toBeUndefined();
      expect((await expectOneFollowUp(open, page))[1]).toMatchObject({ errorText: 'the page gave up' });
    });
  });

  it.each(ASKED_CASES)("a call that %s takes the page's no, and the model hears it", async (_, page) => {
    const open = await beginPage(hook, page);
    void open.chat().addToolApprovalResponse({ id: 'approval-a', approved: false, reason: 'Rather not' });
    await expect.poll(() => open.call('a')).toMatchObject({ status: 'denied', error: { message: 'Rather not' } });
    expect((await expectOneFollowUp(open, page))[1]).toMatchObject({
      state: 'approval-responded',
      approval: { approved: false, reason: 'Rather not' },
    });
  });

  it("a call that runs is stopped by the server's question, and ends with the page's no", async () => {
    const open = openChat(hook, {});
    const response = await open.ask();
    response.start('m').call('a', 'read', { n: 1 });
    await drain();
    response.write(requested('a', false));
    await drain();
    expect(open.call('a').status).toBe('awaiting-approval');
    void open.chat().addToolApprovalResponse({ id: 'approval-a', approved: false });
    await expect.poll(() => open.call('a').status).toBe('denied');
    expect(open.reads[0]!.options.abortSignal.aborted).toBe(true);
    response.finish();
    const followUp = await open.transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: approval-responded']);
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
    expect(open.transport.responses).toHaveLength(2);
  });

  it.each(WORDS)("a call takes the server's %s, and nothing is sent", async (word) => {
    const open = openChat(hook, {});
    const response = await open.ask();
    response.start('m').call('a', 'write', { n: 1 }).call('b', 'read', { n: 2 });
    await drain();
    response.write(chunkOf[word]('a'), chunkOf[word]('b'));
    await drain();
    response.finish();
    await drainFrames();
    expect([open.call('a'), open.call('b')]).toMatchObject([RECORDS[word], RECORDS[word]]);
    expect(open.writes).toHaveLength(0);
    expect(open.reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(open.transport.responses).toHaveLength(1);
  });
});

describe('what is ours', () => {
  async function begin(output: unknown) {
    const { tools, reads, writes } = openAll();
    const rendered = renderChat({ tools });
    (await rendered.ask()).start('m').call('a', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await drainFrames();
    reads[0]!.resolve(output);
    await drainFrames();
    expect(partStates(rendered.chat().messages)).toEqual(['a: output-available', 'w: input-available']);
    return { ...rendered, writes };
  }

  it('is known again after it has been through JSON, and a database that sorts keys', async () => {
    const { chat, call, transport, writes } = await begin({ when: '2026-01-01', nested: { b: [1, null], a: 2 } });
    const before = call('a');
    const travelled = JSON.parse(JSON.stringify(chat().messages)) as UIMessage[];
    Object.assign(travelled.at(-1)!.parts[1]!, { output: { nested: { a: 2, b: [1, null] }, when: '2026-01-01' } });
    chat().setMessages(travelled);
    await drainFrames();
    expect(call('a')).toBe(before);
    writes[0]!.resolve(2);
    const followUp = await transport.next();
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
    expect(call('a')).toBe(before);
    expect(transport.responses).toHaveLength(2);
  });

  it('gives way to a value that the page puts in its place: the card says what the message says', async () => {
    const { chat, call, transport, writes } = await begin('a long text');
    chat().setMessages((messages) =>
      messages.map((message) => ({
        ...message,
        parts: message.parts.map(
          (part) => ('output' in part ? { ...part, output: 'a short one' } : part) as typeof part,
        ),
      })),
    );
    await drainFrames();
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'a short one' });
    writes[0]!.resolve(2);
    expect((await transport.next()).messages.at(-1)!.parts[1]).toMatchObject({ output: 'a short one' });
  });
});

describe('a call that is retried', () => {
  it.each(['ours broke', 'theirs broke'])('runs, though its part still says "%s"', async (text) => {
    const { tools, reads } = openAll({ read: { errorText: ({ message }) => `${message}!` } });
    const { ask, chat, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 });
    await drain();
    const isOurs = text === 'ours broke';
    if (isOurs) reads[0]!.reject(new Error(text));
    else response.write(chunkOf.error('a'));
    response.finish();
    const first = isOurs ? await transport.next() : response;
    if (isOurs) first.start('m').text('Sorry').finish('stop');
    await drainFrames();
    expect(lastPart(chat().messages)).toMatchObject({ errorText: isOurs ? 'ours broke!' : 'theirs broke' });
    chat().toolCalls.retry(call('a'));
    await drainFrames();
    expect(call('a')).toMatchObject({ status: 'running', generation: 1 });
    reads[1]!.reject(new Error('again'));
    await drainFrames();
    // A failure again leaves the conversation as it was, where the model knows of the first one.
    expect(call('a')).toMatchObject({ status: 'failed', error: { message: 'again' } });
    if (!isOurs) (await transport.next()).start('m').text('Sorry').finish('stop');
    await drainFrames();
    chat().toolCalls.retry(call('a'));
    await drainFrames();
    reads[2]!.resolve('at last');
    const followUp = await transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({ state: 'output-available', output: 'at last' });
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'at last', generation: 2 });
  });

  it("ends with the page's answer, though it failed before", async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('p', 'pickColor', { n: 2 }).finish();
    await drainFrames();
    reads[0]!.reject(new Error('down'));
    await drainFrames();
    chat().toolCalls.retry(call('a'));
    await drain();
    void chat().addToolOutput({ tool: 'read', toolCallId: 'a', output: 'the page says' } as never);
    await expect.poll(() => call('a')).toMatchObject({ status: 'succeeded', output: 'the page says', generation: 1 });
    expect(reads[1]!.options.abortSignal.aborted).toBe(true);
    chat().toolCalls.respond(call('p'), 'blue');
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'p: output-available']);
  });
});

describe('an answer that goes on under another id', () => {
  it.each(['finish', 'close'] as const)("takes the page's word at once, and at its %s", async (end) => {
    const { tools, reads } = openAll();
    const { ask, chat, call } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 }).write({ type: 'start', messageId: 'n' });
    await drain();
    void chat().addToolOutput({ tool: 'read', toolCallId: 'a', output: 'the page says' } as never);
    await drain();
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'the page says' });
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    response[end]();
    await drainFrames();
    expect(partStates(chat().messages)).toEqual(['a: output-available']);
  });

  it('keeps it though the answer is lost and replayed', async () => {
    const { tools, writes } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'write', { n: 1 });
    response.write({ type: 'start', messageId: 'n' }, { type: 'start-step' }).call('b', 'write', { n: 2 });
    await drain();
    void chat().addToolOutput({ tool: 'write', toolCallId: 'a', output: 'the page says' } as never);
    await drain();
    response.fail(new TypeError('network error'));
    await drainFrames();
    transport.offerResume();
    void chat().resumeStream();
    transport.resumable!.start('m').call('a', 'write', { n: 1 });
    transport.resumable!.write({ type: 'start', messageId: 'n' }, { type: 'start-step' }).call('b', 'write', { n: 2 });
    transport.resumable!.finish();
    await drainFrames();
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'the page says', answeredBy: 'page' });
    expect(writes).toHaveLength(1);
    writes[0]!.resolve(2);
    const { parts } = (await transport.next()).messages.at(-1)!;
    expect(parts).toContainEqual(expect.objectContaining({ toolCallId: 'a', output: 'the page says' }));
  });
});

describe('a page that answers a call and sends a message in one go', () => {
  it('sends the message with its answer, and nothing beside it', async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    void chat().addToolOutput({ tool: 'read', toolCallId: 'a', output: 'the page says' } as never);
    void chat().sendMessage({ text: 'And now?' });
    const next = await transport.next();
    expect(next.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(partStates(next.messages.slice(0, 2))).toEqual(['a: output-available']);
    next.start('n').text('Fine').finish('stop');
    await drainFrames();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'the page says' });
    expect(transport.responses).toHaveLength(2);
  });
});
