// The first final word in a part that is not ours ends the call with it: the server's result, error or denial, the page's own answer.
import { Chat } from '@ai-sdk/react';
import { renderHook } from '@testing-library/react';
import type { ToolSet, UIMessage, UIMessageChunk } from 'ai';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import {
  clientTool,
  listCalls,
  useChatTools,
  useParallelTools,
  type ToolCall,
  type UseChatToolsResult,
} from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport, type ScriptedResponse } from '../harness/scripted-transport.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { expectConsole } from '../setup/console.ts';

// The warning of a tool on both sides has a test of its own.
beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
afterEach(() => void vi.unstubAllEnvs());

/** Long enough for a follow-up that would be wrong: two frames. */
async function settle(): Promise<void> {
  await drain();
  await new Promise((resolve) => setTimeout(resolve, 40));
  await drain();
}

const pickColor = clientTool({ inputSchema: z.object({ n: z.number() }) });
const openAll = (policies: Parameters<typeof createHandTools>[0] = {}) => {
  const hand = createHandTools(policies);
  return { ...hand, tools: { ...hand.tools, pickColor } };
};

const requested = (toolCallId: string, isAutomatic = true): UIMessageChunk => ({
  type: 'tool-approval-request',
  toolCallId,
  approvalId: `approval-${toolCallId}`,
  ...(isAutomatic && { isAutomatic: true }),
});
const refused = (toolCallId: string): UIMessageChunk => ({
  type: 'tool-approval-response',
  approvalId: `approval-${toolCallId}`,
  approved: false,
  reason: 'Not allowed',
});
const denied = (toolCallId: string): UIMessageChunk => ({ type: 'tool-output-denied', toolCallId });

/** What a part says, without what it was asked. */
const lastPart = (messages: readonly UIMessage[]) => messages.at(-1)!.parts.findLast((part) => 'toolCallId' in part);

// Fact 32. AI SDK 6 has no `tool-approval-response`.
const DENIALS: [string, (id: string) => UIMessageChunk[], string][] = [
  ['asks, refuses and denies', (id) => [requested(id), refused(id), denied(id)], 'output-denied'],
  ['asks and refuses', (id) => [requested(id), refused(id)], 'approval-responded'],
  ['asks and denies', (id) => [requested(id), denied(id)], 'output-denied'],
  ['only denies', (id) => [denied(id)], 'output-denied'],
];

describe.each(DENIALS.filter(([, chunks]) => !isAiSdk6 || !chunks('a').some(({ type }) => type.endsWith('-response'))))(
  'a server that %s',
  (_, chunks, state) => {
    describe.each([
      ['at once', false],
      ['little by little', true],
    ])('%s', (_when, isSpread) => {
      it.each([
        ['a write', 'write', {}],
        ['a write with `approval: true`', 'write', { write: { approval: true } }],
        ['a write with `needsApproval`', 'write', { write: { needsApproval: true } }],
        ['a read, which runs already,', 'read', {}],
        ['a read that waits for the end', 'read', { read: { start: 'step-end' } }],
        ['what a person is to answer', 'pickColor', {}],
      ] as const)('has the last word on %s', async (_what, toolName, policies) => {
        const { tools, reads, writes } = openAll(policies as Parameters<typeof createHandTools>[0]);
        const { ask, chat, call, transport } = renderChat({ tools });
        const response = await ask();
        response.start('m').call('a', toolName, { n: 1 });
        await drain();
        for (const chunk of chunks('a')) {
          response.write(chunk);
          if (isSpread) await drain();
        }
        if (isSpread) await expect.poll(() => call('a').status).toBe('denied');
        const said = structuredClone(lastPart(chat().messages));
        response.finish();
        await settle();
        expect(call('a')).toMatchObject({ status: 'denied', error: { kind: 'denied' } });
        if (state === 'approval-responded') expect(call('a').error!.message).toBe('Not allowed');
        expect(writes).toHaveLength(0);
        expect(reads.every(({ options }) => options.abortSignal.aborted)).toBe(true);
        expect(partStates(chat().messages)).toEqual([`a: ${state}`]);
        if (isSpread) expect(lastPart(chat().messages)).toEqual(said);
        expect(transport.responses).toHaveLength(1);
        expect(chat().isRunning).toBe(false);
      });
    });
  },
);

describe('a call that the server denied', () => {
  const chunks = isAiSdk6 ? [requested('no', false), denied('no')] : [requested('no'), refused('no'), denied('no')];

  it('counts as answered beside one of ours: one follow-up carries both', async () => {
    const { tools, reads, writes } = openAll();
    const { ask, call, transport } = renderChat({ tools });
    // Version 6 has no automatic denial: the approval lacks its answer, which only a server of one's own sends.
    if (isAiSdk6) onTestFinished(() => void transport.problems.splice(0));
    const response = await ask();
    response
      .start('m')
      .call('r', 'read', { n: 1 })
      .call('no', 'write', { n: 2 })
      .write(...chunks)
      .finish();
    await settle();
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['r: output-available', 'no: output-denied']);
    followUp.start('m').text('Done').finish('stop');
    await settle();
    expect(call('no').status).toBe('denied');
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(2);
  });

  it('goes on in the same answer: nothing is sent after it', async () => {
    const { tools, writes } = openAll();
    const { ask, transport, calls } = renderChat({ tools });
    const response = await ask();
    response
      .start('m')
      .call('no', 'write', { n: 2 })
      .write(...chunks);
    response.write({ type: 'finish-step' }, { type: 'start-step' }).text('I may not.').finish('stop');
    await settle();
    expect(calls().map(({ status }) => status)).toEqual(['denied']);
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(1);
  });
});

type Word = 'result' | 'error' | 'denial';
const WORDS: readonly Word[] = ['result', 'error', 'denial'];
const chunkOf: Record<Word, (toolCallId: string) => UIMessageChunk> = {
  result: (toolCallId) => ({ type: 'tool-output-available', toolCallId, output: 'theirs' }),
  error: (toolCallId) => ({ type: 'tool-output-error', toolCallId, errorText: 'theirs broke' }),
  denial: denied,
};
const RECORDS: Record<Word, object> = {
  result: { status: 'succeeded', output: 'theirs' },
  error: { status: 'failed', error: { kind: 'execution', message: 'theirs broke' } },
  denial: { status: 'denied', error: { kind: 'denied' } },
};
const PARTS: Record<Word, object> = {
  result: { state: 'output-available', output: 'theirs' },
  error: { state: 'output-error', errorText: 'theirs broke' },
  denial: { state: 'output-denied' },
};

type Open = ReturnType<typeof openAll> & ReturnType<typeof renderChat<ToolSet>>;

/** How a call of an answer that streams comes to each status. */
const STREAMING: [ToolCall['status'], string, Parameters<typeof createHandTools>[0], ((open: Open) => unknown)?][] = [
  ['queued', 'write', {}],
  ['running', 'read', {}],
  ['awaiting-approval', 'read', { read: { approval: true } }],
  ['awaiting-input', 'pickColor', {}],
  ['retrying', 'read', { read: { retry: 1, retryDelay: 60_000 } }, ({ reads }) => reads[0]!.reject(new Error('down'))],
  ['succeeded', 'read', {}, ({ reads }) => reads[0]!.resolve('ours')],
  ['failed', 'read', {}, ({ reads }) => reads[0]!.reject(new Error('ours broke'))],
  ['cancelled', 'read', {}, ({ chat, call }) => chat().toolCalls.cancel(call('a'))],
];

describe.each(STREAMING)('a call that is %s', (status, toolName, policies, bring) => {
  async function begin() {
    const hand = openAll(policies);
    const open: Open = { ...hand, ...renderChat<ToolSet>({ tools: hand.tools as ToolSet }) };
    const response = await open.ask();
    response.start('m').call('a', toolName, { n: 1 });
    await drain();
    bring?.(open);
    await drain();
    expect(open.call('a').status).toBe(status);
    return { ...open, response };
  }

  const expectNothingMore = async ({ reads, writes, transport }: Open) => {
    await settle();
    expect(writes).toHaveLength(0);
    expect(reads.length).toBeLessThanOrEqual(1);
    if (status === 'running') expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(transport.responses).toHaveLength(1);
  };

  it.each(WORDS)("ends with the server's %s", async (word) => {
    const { response, ...open } = await begin();
    response.write(chunkOf[word]('a')).finish();
    await expectNothingMore(open);
    expect(open.call('a')).toMatchObject(RECORDS[word]);
    expect(lastPart(open.chat().messages)).toMatchObject(PARTS[word]);
    // What comes late changes nothing.
    open.reads[0]?.resolve('late');
    await expectNothingMore(open);
    expect(open.call('a')).toMatchObject(RECORDS[word]);
    expect(lastPart(open.chat().messages)).toMatchObject(PARTS[word]);
  });

  it("keeps the server's result beside one of ours, and one follow-up goes out", async () => {
    const { response, ...open } = await begin();
    response.write(chunkOf.result('a')).call('ours', 'write', { n: 2 }).finish();
    await settle();
    expect(open.writes).toHaveLength(1);
    expect(open.transport.responses).toHaveLength(1);
    open.writes[0]!.resolve('done');
    const followUp = await open.transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'ours: output-available']);
    expect(open.call('a')).toMatchObject(RECORDS.result);
    followUp.start('m').text('Done').finish('stop');
    await settle();
    expect(open.transport.responses).toHaveLength(2);
  });

  it("takes the page's own answer while the answer streams, and one follow-up goes out", async () => {
    const { response, ...open } = await begin();
    void open.chat().addToolOutput({ tool: toolName, toolCallId: 'a', output: 'the page says' } as never);
    await drain();
    response.text('And so').finish();
    const followUp = await open.transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({ state: 'output-available', output: 'the page says' });
    expect(open.call('a')).toMatchObject({ status: 'succeeded', output: 'the page says' });
    expect(open.writes).toHaveLength(0);
    followUp.start('m').text('Done').finish('stop');
    await settle();
    expect(open.transport.responses).toHaveLength(2);
  });
});

describe('a server that runs a registered tool', () => {
  it('and streams what it has so far, has not had the last word', async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 });
    await drain();
    response.write({ type: 'tool-output-available', toolCallId: 'a', output: 'half', preliminary: true });
    await drain();
    expect(call('a').status).toBe('running');
    expect(reads[0]!.options.abortSignal.aborted).toBe(false);
    response.write({ type: 'tool-output-available', toolCallId: 'a', output: 'whole' });
    await drain();
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'whole' });
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    response.finish();
    await settle();
    expect(partStates(chat().messages)).toEqual(['a: output-available']);
    expect(transport.responses).toHaveLength(1);
  });

  it('to the same result as the page is not asked to go on', async () => {
    const { tools, reads } = openAll();
    const { ask, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 });
    await drain();
    reads[0]!.resolve({ a: 1, b: 2 });
    response.write({ type: 'tool-output-available', toolCallId: 'a', output: { b: 2, a: 1 } }).finish();
    await settle();
    expect(call('a').status).toBe('succeeded');
    expect(transport.responses).toHaveLength(1);
  });

  it('goes on by itself: its next step may bring a call for the page', async () => {
    const { tools, writes } = openAll();
    const { ask, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'write', { n: 1 }).write(chunkOf.result('a'));
    response.write({ type: 'finish-step' }, { type: 'start-step' }).call('b', 'write', { n: 2 }).finish();
    await settle();
    expect(writes.map(({ input }) => input)).toEqual([{ n: 2 }]);
    writes[0]!.resolve('ours');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-available']);
    expect(call('a')).toMatchObject(RECORDS.result);
  });

  it('gives back slots and locks: what waited for them runs', async () => {
    const { tools, writes } = openAll({ write: { start: 'eager', locks: () => ({ write: ['one'] }) } });
    const { ask, calls } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'write', { n: 1 }).call('b', 'write', { n: 2 }).call('c', 'write', { n: 3 });
    await drain();
    expect(calls().map(({ status }) => status)).toEqual(['running', 'queued', 'queued']);
    response.write(chunkOf.result('b'));
    await drain();
    expect(calls().map(({ status }) => status)).toEqual(['running', 'succeeded', 'queued']);
    response.write(chunkOf.error('a'));
    await drain();
    expect(calls().map(({ status }) => status)).toEqual(['failed', 'succeeded', 'running']);
    expect(writes.map(({ input, options }) => [input, options.abortSignal.aborted])).toEqual([
      [{ n: 1 }, true],
      [{ n: 3 }, false],
    ]);
  });

  it('does nothing twice when its answer is lost and replayed', async () => {
    const { tools, writes } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'write', { n: 1 }).write(chunkOf.result('a'));
    await drain();
    response.fail(new TypeError('network error'));
    await settle();
    transport.offerResume();
    void chat().resumeStream();
    await drain();
    transport.resumable!.start('m').call('a', 'write', { n: 1 });
    await drain();
    expect(call('a')).toMatchObject(RECORDS.result);
    transport.resumable!.write(chunkOf.result('a')).finish();
    await settle();
    expect(call('a')).toMatchObject(RECORDS.result);
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(1);
  });

  it('after a page load, in a resumed answer, is not asked to go on', async () => {
    const { tools, writes } = openAll();
    const transport = new ScriptedTransport();
    transport.offerResume();
    const messages: UIMessage[] = [{ id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];
    const { call } = renderChat({ tools, messages, resume: true }, { transport });
    await drain();
    transport.resumable!.start('m').call('a', 'write', { n: 1 });
    await drain();
    expect(call('a').status).toBe('interrupted');
    transport.resumable!.write(chunkOf.result('a')).finish();
    await settle();
    expect(call('a')).toMatchObject(RECORDS.result);
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(0);
  });

  it("keeps an earlier step's retry from making the model forget what it wrote", async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    (await ask()).start('m').call('r', 'read', { n: 1 }).finish();
    await drain();
    reads[0]!.reject(new Error('down'));
    const followUp = await transport.next();
    followUp.start('m').call('a', 'write', { n: 1 }).write(chunkOf.result('a')).finish();
    await settle();
    chat().toolCalls.retry(call('r'));
    await settle();
    expect(call('r').status).toBe('failed');
    expect(Object.values(chat().toolCalls.store.getState().batches)[0]!.retryBlock).toBe('later-write');
  });

  it('is named in a warning, once, with the cure', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    expectConsole('warn', /the server ran the tool "bookTable"[^]*toolDefinitions/);
    const { tools, writes } = createHandTools();
    const { ask, call } = renderChat({ tools: { bookTable: tools.write } });
    const response = await ask();
    response.start('m').call('a', 'bookTable', { n: 1 }).write(chunkOf.result('a'));
    response.call('b', 'bookTable', { n: 2 }).write(chunkOf.error('b')).finish();
    await settle();
    expect(call('b').status).toBe('failed');
    expect(writes).toHaveLength(0);
  });

  it('is not warned about for a denial, nor for a tool that only a person answers', async () => {
    vi.stubEnv('NODE_ENV', 'development');
    const { tools } = createHandTools();
    const { ask, call } = renderChat({ tools: { bookRoom: tools.write, pickRoom: pickColor } });
    const response = await ask();
    response.start('m').call('a', 'bookRoom', { n: 1 }).write(denied('a'));
    response.call('b', 'pickRoom', { n: 2 }).write(chunkOf.result('b')).finish();
    await settle();
    expect([call('a').status, call('b').status]).toEqual(['denied', 'succeeded']);
  });
});

// ── The page answers ─────────────────────────────────────────────────────────

type Hook = 'useParallelTools' | 'useChatTools' | 'useChatTools without callbacks';
type HandPolicies = Parameters<typeof createHandTools>[0];

/** One chat, joined in one of three ways. */
function openChat(hook: Hook, policies: HandPolicies, messages: UIMessage[] = []) {
  const hand = openAll(policies);
  const tools = hand.tools as ToolSet;
  const transport = new ScriptedTransport();
  onTestFinished(() => expect(transport.problems).toEqual([]));
  let joined: UseChatToolsResult<UIMessage> | undefined;
  const isWired = hook === 'useChatTools';
  const shared = new Chat<UIMessage>({
    messages,
    transport: isWired
      ? {
          sendMessages: (options) => joined!.wrapTransport(transport).sendMessages(options),
          reconnectToStream: (options) => joined!.wrapTransport(transport).reconnectToStream(options),
        }
      : transport,
    ...(isWired && {
      onToolCall: (event) => joined?.onToolCall(event),
      onFinish: (event) => joined?.onFinish(event),
    }),
  });
  const view = renderHook(() => {
    if (hook === 'useParallelTools') return useParallelTools<ToolSet, UIMessage>({ tools, transport, messages });
    joined = useChatTools(shared, { tools });
    const { addToolOutput, addToolApprovalResponse, sendMessage } = shared;
    return { addToolOutput, addToolApprovalResponse, sendMessage, messages: shared.messages, ...joined };
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
  readonly bring?: (open: ReturnType<typeof openChat>) => unknown;
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

describe.each(['useParallelTools', 'useChatTools', 'useChatTools without callbacks'] as const)('with %s', (hook) => {
  describe.each(PAGE_CASES)('a call that %s', (_, { status, toolName, policies, loaded, asked, bring }) => {
    async function begin() {
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
      await settle();
      bring?.(open);
      await drain();
      expect(open.call('a').status).toBe(status);
      return open;
    }

    /** Everything else is answered, one follow-up goes out, and no other. */
    async function expectOneFollowUp(open: Awaited<ReturnType<typeof begin>>) {
      const { transport, reads, writes, chat } = open;
      const before = transport.responses.length;
      if (status === 'queued') {
        await settle();
        expect(transport.responses).toHaveLength(before);
        if (open.call('w').status === 'awaiting-approval') chat().toolCalls.approve(open.call('w'));
        await drain();
        writes[0]!.resolve(2);
      }
      const followUp = await expect
        .poll(() => transport.responses[before])
        .toBeDefined()
        .then(() => transport.responses[before]!);
      followUp.start('m').text('Done').finish('stop');
      await settle();
      expect(transport.responses).toHaveLength(before + 1);
      for (const { options } of reads) if (status === 'running') expect(options.abortSignal.aborted).toBe(true);
      expect(reads.length + writes.length).toBe(['running', 'retrying', 'failed', 'queued'].includes(status) ? 1 : 0);
      return followUp;
    }

    it("takes the page's `addToolOutput` as its result", async () => {
      const open = await begin();
      void open.chat().addToolOutput({ tool: toolName, toolCallId: 'a', output: 'the page says' } as never);
      await expect.poll(() => open.call('a')).toMatchObject({ status: 'succeeded', output: 'the page says' });
      const followUp = await expectOneFollowUp(open);
      expect(followUp.messages.at(-1)!.parts[1]).toMatchObject({ state: 'output-available', output: 'the page says' });
    });

    it("takes the page's error as its own", async () => {
      const open = await begin();
      const error = { tool: toolName, toolCallId: 'a', state: 'output-error', errorText: 'the page gave up' };
      void open.chat().addToolOutput(error as never);
      await expect
        .poll(() => open.call('a'))
        .toMatchObject({ status: 'failed', error: { kind: 'execution', message: 'the page gave up' } });
      expect((open.call('a') as { held?: boolean }).held).toBeUndefined();
      const followUp = await expectOneFollowUp(open);
      expect(followUp.messages.at(-1)!.parts[1]).toMatchObject({ errorText: 'the page gave up' });
    });

    it.runIf(asked === true || (loaded !== undefined && 'approval' in loaded))(
      "takes the page's no, and the model hears it",
      async () => {
        const open = await begin();
        void open.chat().addToolApprovalResponse({ id: 'approval-a', approved: false, reason: 'Rather not' });
        await expect.poll(() => open.call('a')).toMatchObject({ status: 'denied', error: { message: 'Rather not' } });
        const followUp = await expectOneFollowUp(open);
        expect(followUp.messages.at(-1)!.parts[1]).toMatchObject({
          state: 'approval-responded',
          approval: { approved: false, reason: 'Rather not' },
        });
      },
    );
  });

  it("is aborted by the page's no, though it runs: the server's question came after its start", async () => {
    const open = openChat(hook, {});
    const response = await open.ask();
    response.start('m').call('a', 'read', { n: 1 });
    await drain();
    response.write(requested('a', false)).finish();
    await settle();
    expect(open.call('a').status).toBe('running');
    void open.chat().addToolApprovalResponse({ id: 'approval-a', approved: false });
    await expect.poll(() => open.call('a').status).toBe('denied');
    expect(open.reads[0]!.options.abortSignal.aborted).toBe(true);
    const followUp = await open.transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: approval-responded']);
    followUp.start('m').text('Done').finish('stop');
    await settle();
    expect(open.transport.responses).toHaveLength(2);
  });

  it.each(['result', 'error', 'denial'] as const)("takes the server's %s in a joined answer too", async (word) => {
    const open = openChat(hook, {});
    const response = await open.ask();
    response.start('m').call('a', 'write', { n: 1 }).call('b', 'read', { n: 2 });
    await drain();
    response.write(chunkOf[word]('a'), chunkOf[word]('b'));
    await drain();
    response.finish();
    await settle();
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
    await settle();
    reads[0]!.resolve(output);
    await settle();
    expect(partStates(rendered.chat().messages)).toEqual(['a: output-available', 'w: input-available']);
    return { ...rendered, writes };
  }

  it('is known again after it has been through JSON, and a database that sorts keys', async () => {
    const { chat, call, transport, writes } = await begin({ when: '2026-01-01', nested: { b: [1, null], a: 2 } });
    const before = call('a');
    const travelled = JSON.parse(JSON.stringify(chat().messages)) as UIMessage[];
    Object.assign(travelled.at(-1)!.parts[1]!, { output: { nested: { a: 2, b: [1, null] }, when: '2026-01-01' } });
    chat().setMessages(travelled);
    await settle();
    expect(call('a')).toBe(before);
    writes[0]!.resolve(2);
    const followUp = await transport.next();
    followUp.start('m').text('Done').finish('stop');
    await settle();
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
    await settle();
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
    await settle();
    expect(lastPart(chat().messages)).toMatchObject({ errorText: isOurs ? 'ours broke!' : 'theirs broke' });
    chat().toolCalls.retry(call('a'));
    await settle();
    expect(call('a')).toMatchObject({ status: 'running', generation: 1 });
    reads[1]!.reject(new Error('again'));
    await settle();
    // A failure again leaves the conversation as it was, where the model knows of the first one.
    expect(call('a')).toMatchObject({ status: 'failed', error: { message: 'again' } });
    if (!isOurs) (await transport.next()).start('m').text('Sorry').finish('stop');
    await settle();
    chat().toolCalls.retry(call('a'));
    await settle();
    reads[2]!.resolve('at last');
    const followUp = await transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({ state: 'output-available', output: 'at last' });
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'at last', generation: 2 });
  });

  it("ends with the page's answer, though it failed before", async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('p', 'pickColor', { n: 2 }).finish();
    await settle();
    reads[0]!.reject(new Error('down'));
    await settle();
    chat().toolCalls.retry(call('a'));
    await drain();
    void chat().addToolOutput({ tool: 'read', toolCallId: 'a', output: 'the page says' } as never);
    await expect.poll(() => call('a')).toMatchObject({ status: 'succeeded', output: 'the page says', generation: 1 });
    expect(reads[1]!.options.abortSignal.aborted).toBe(true);
    chat().toolCalls.respond(call('p'), 'blue');
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'p: output-available']);
  });
});

describe('a page that answers a call and sends a message in one go', () => {
  it('sends the message with its answer, and nothing beside it', async () => {
    const { tools, reads } = openAll();
    const { ask, chat, call, transport } = renderChat({ tools });
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await settle();
    void chat().addToolOutput({ tool: 'read', toolCallId: 'a', output: 'the page says' } as never);
    void chat().sendMessage({ text: 'And now?' });
    const next = await transport.next();
    expect(next.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(partStates(next.messages.slice(0, 2))).toEqual(['a: output-available']);
    next.start('n').text('Fine').finish('stop');
    await settle();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(call('a')).toMatchObject({ status: 'succeeded', output: 'the page says' });
    expect(transport.responses).toHaveLength(2);
  });
});
