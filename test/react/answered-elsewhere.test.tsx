// The first final word in a part that is not ours ends the call with it. Here the server has it: a result, an error or a denial.
import type { ToolSet, UIMessage, UIMessageChunk } from 'ai';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ToolCall } from 'use-parallel-tools';
import {
  chunkOf,
  denied,
  drainFrames,
  lastPart,
  openAll,
  PARTS,
  pickColor,
  RECORDS,
  refused,
  requested,
  WORDS,
} from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { expectConsole } from '../setup/console.ts';

// The warning of a tool on both sides has a test of its own.
beforeEach(() => void vi.stubEnv('NODE_ENV', 'production'));
afterEach(() => void vi.unstubAllEnvs());

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
        await drainFrames();
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
    await drainFrames();
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['r: output-available', 'no: output-denied']);
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
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
    await drainFrames();
    expect(calls().map(({ status }) => status)).toEqual(['denied']);
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(1);
  });
});

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
    await drainFrames();
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
    await drainFrames();
    expect(open.writes).toHaveLength(1);
    expect(open.transport.responses).toHaveLength(1);
    open.writes[0]!.resolve('done');
    const followUp = await open.transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'ours: output-available']);
    expect(open.call('a')).toMatchObject(RECORDS.result);
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
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
    await drainFrames();
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
    await drainFrames();
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
    await drainFrames();
    expect(call('a').status).toBe('succeeded');
    expect(transport.responses).toHaveLength(1);
  });

  it('goes on by itself: its next step may bring a call for the page', async () => {
    const { tools, writes } = openAll();
    const { ask, call, transport } = renderChat({ tools });
    const response = await ask();
    response.start('m').call('a', 'write', { n: 1 }).write(chunkOf.result('a'));
    response.write({ type: 'finish-step' }, { type: 'start-step' }).call('b', 'write', { n: 2 }).finish();
    await drainFrames();
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
    await drainFrames();
    transport.offerResume();
    void chat().resumeStream();
    await drain();
    transport.resumable!.start('m').call('a', 'write', { n: 1 });
    await drain();
    expect(call('a')).toMatchObject(RECORDS.result);
    transport.resumable!.write(chunkOf.result('a')).finish();
    await drainFrames();
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
    await drainFrames();
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
    await drainFrames();
    chat().toolCalls.retry(call('r'));
    await drainFrames();
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
    await drainFrames();
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
    await drainFrames();
    expect([call('a').status, call('b').status]).toEqual(['denied', 'succeeded']);
  });
});
