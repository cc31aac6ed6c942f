// Plugins beside a chat: what they see, what they keep back, and that none of their faults breaks it.
import type { UIMessage } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import type { PluginHost, Recollection, ToolCallsPlugin } from 'use-parallel-tools';
import { createDeferred } from '../harness/deferred.ts';
import { drainFrames, lastPart } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { expectConsole } from '../setup/console.ts';

type Members = Omit<ToolCallsPlugin, 'name'>;

/** Keeps a batch back until a person consents, and what is private from the model. A small plugin, as a page would write one. */
function createConsent() {
  let host: PluginHost;
  const granted = new Set<string>();
  const plugin: ToolCallsPlugin = {
    name: 'consent',
    connect: (given) => void (host = given),
    beforeFollowUp: ({ key }) => (granted.has(key) ? 'send' : 'hold'),
    toModel: (_, output) => (output === 'secret' ? '[redacted]' : output),
  };
  return {
    plugin,
    grant(key: string) {
      granted.add(key);
      host.record({ granted: true }, key);
      host.reconsider();
    },
  };
}

/** Remembers which calls started and how they ended, as a page does that survives a reload. */
function createMemory(known: Record<string, Recollection> = {}) {
  const started: string[] = [];
  const plugin: ToolCallsPlugin = {
    name: 'memory',
    recall: ({ toolCallId }) => known[toolCallId],
    async beforeAttempt({ toolCallId }) {
      await Promise.resolve();
      started.push(toolCallId);
    },
  };
  return { plugin, started };
}

describe.each(CHAT_WAYS)('%s', (way) => {
  const open = (plugins: readonly ToolCallsPlugin[], options: object = {}) => {
    const hand = createHandTools();
    return { ...hand, ...renderChat({ tools: hand.tools, plugins, ...options }, { way }) };
  };
  const batchOf = ({ chat }: Pick<ReturnType<typeof open>, 'chat'>) =>
    Object.values(chat().toolCalls.store.getState().batches).at(-1)!;

  it('holds a batch until a person consents, and sends what the plugin made of the output', async () => {
    const { plugin, grant } = createConsent();
    const page = open([plugin]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('secret');
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    expect(batchOf(page)).toMatchObject({ heldBy: ['consent'] });
    expect(page.call('a')).toMatchObject({ status: 'succeeded', output: 'secret' });
    expect(lastPart(page.chat().messages)).toMatchObject({ output: '[redacted]' });
    grant(batchOf(page).key);
    const followUp = await page.transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({ output: '[redacted]' });
    expect(JSON.stringify(followUp.messages)).not.toContain('secret');
    expect(batchOf(page)).toMatchObject({ plugins: { consent: { granted: true } } });
    expect(batchOf(page).heldBy).toBeUndefined();
    followUp.start('m').text('Done').finish('stop');
    await drainFrames();
    expect(page.transport.responses).toHaveLength(2);
  });

  it('asks again after a retry, and when a person resends', async () => {
    const { plugin, grant } = createConsent();
    const page = open([plugin]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.reject(new Error('down'));
    await drainFrames();
    page.chat().toolCalls.resend();
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    grant(batchOf(page).key);
    (await page.transport.next()).start('m').text('Sorry').finish('stop');
    await drainFrames();
    page.chat().toolCalls.retry(page.call('a'));
    await drainFrames();
    page.reads[1]!.resolve('fine');
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ output: 'fine' });
  });

  it('writes nothing before an output is there for the model, though that comes late', async () => {
    const gate = createDeferred<unknown>();
    const page = open([{ name: 'slow', toModel: () => gate.promise }]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('raw');
    await drainFrames();
    expect(page.call('a').status).toBe('succeeded');
    expect(partStates(page.chat().messages)).toEqual(['a: input-available']);
    gate.resolve('for the model');
    const followUp = await page.transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({ output: 'for the model' });
  });

  it('lets no call out without its result when a person resends before that is ready', async () => {
    const gate = createDeferred<unknown>();
    const page = open([{ name: 'slow', toModel: () => gate.promise }]);
    const answer = await page.ask();
    answer.start('m').call('a', 'read', { n: 1 });
    await drain();
    answer.write({ type: 'error', errorText: 'overloaded' }).close();
    page.reads[0]!.resolve('raw');
    await drainFrames();
    page.chat().toolCalls.resend();
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    gate.resolve('for the model');
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ output: 'for the model' });
  });

  it('sends nothing of an earlier run while the result of a later one is not ready', async () => {
    const gate = createDeferred<unknown>();
    const page = open([{ name: 'slow', toModel: () => gate.promise }]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.reject(new Error('down'));
    (await page.transport.next()).start('m').text('Sorry').finish('stop');
    await drainFrames();
    page.chat().toolCalls.retry(page.call('a'));
    await drain();
    page.reads[1]!.resolve('raw');
    await drainFrames();
    expect(page.transport.responses).toHaveLength(2);
    gate.resolve('for the model');
    expect(lastPart((await page.transport.next()).messages)).toMatchObject({ output: 'for the model' });
  });

  it('is asked once about an output, whatever id the message has', async () => {
    const toModel = vi.fn<NonNullable<Members['toModel']>>((_, output) => output);
    const page = open([{ name: 'once', toModel }]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('one');
    await drainFrames();
    page.chat().setMessages((messages) => messages.map((message) => ({ ...message, id: `db-${message.id}` })));
    await drainFrames();
    page.writes[0]!.resolve('two');
    expect(partStates((await page.transport.next()).messages)).toEqual(['a: output-available', 'w: output-available']);
    expect(toModel.mock.calls.map(([{ toolCallId }]) => toolCallId)).toEqual(['a', 'w']);
  });

  it('lets nothing out that is not ready when the user goes on', async () => {
    const page = open([{ name: 'slow', toModel: () => new Promise(() => {}) }]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('raw');
    await drainFrames();
    const next = await page.ask('And now?');
    expect(partStates(next.messages.slice(0, 2))).toEqual(['a: output-error']);
    expect(JSON.stringify(next.messages)).not.toContain('raw');
  });

  it.each<[string, Members['toModel']]>([
    [
      'throws',
      () => {
        throw new Error('no key');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no key'))],
    ['gives what JSON cannot write', () => 1n],
  ])('withholds the output where `toModel` %s', async (_, toModel) => {
    expectConsole('error', '`toModel` of the plugin "redact" threw');
    const page = open([{ name: 'redact', ...(toModel && { toModel }) }]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('raw');
    const followUp = await page.transport.next();
    expect(lastPart(followUp.messages)).toMatchObject({
      state: 'output-error',
      errorText: expect.stringContaining('The output was withheld, since the plugin "redact" failed') as string,
    });
    expect(page.call('a')).toMatchObject({ status: 'succeeded', output: 'raw' });
  });

  it('holds the batch where `beforeFollowUp` throws, and the next message carries the results', async () => {
    expectConsole('error', '`beforeFollowUp` of the plugin "broken" threw');
    const page = open([
      {
        name: 'broken',
        beforeFollowUp: () => {
          throw new Error('fault');
        },
      },
    ]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('one');
    await drainFrames();
    expect(page.transport.responses).toHaveLength(1);
    expect(batchOf(page)).toMatchObject({ heldBy: ['broken'] });
    expect(partStates((await page.ask('Well?')).messages.slice(0, 2))).toEqual(['a: output-available']);
  });

  it('goes on where `connect`, `mayAct`, `recall` and `request` throw', async () => {
    for (const member of ['connect', 'mayAct', 'recall', 'request'] as const)
      expectConsole('error', `\`${member}\` of the plugin "broken" threw`);
    const fault = () => {
      throw new Error('fault');
    };
    const broken = { name: 'broken', connect: fault, mayAct: fault, recall: fault, request: fault };
    const messages = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      {
        id: 'm',
        role: 'assistant',
        parts: [{ type: 'tool-read', toolCallId: 'a', state: 'input-available', input: { n: 1 } }],
      },
    ] as UIMessage[];
    const page = open([broken], { messages });
    await drainFrames();
    page.reads[0]!.resolve('one');
    expect(partStates((await page.transport.next()).messages)).toEqual(['a: output-available']);
  });

  it('changes headers and body of each request, follow-ups included, one plugin after another', async () => {
    const sign = (value: string): ToolCallsPlugin => ({
      name: `sign ${value}`,
      request: ({ headers, body, ...rest }) => ({
        ...rest,
        headers: { ...(headers as object), [`x-${value}`]: value },
        body: { ...body, signers: [...((body as { signers?: string[] } | undefined)?.signers ?? []), value] },
      }),
    });
    const page = open([sign('one'), sign('two')]);
    const first = await page.ask();
    first.start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve('one');
    for (const { request } of [first, await page.transport.next()])
      expect(request).toMatchObject({ headers: { 'x-one': 'one', 'x-two': 'two' }, body: { signers: ['one', 'two'] } });
  });

  it('starts, writes and sends nothing in a page that may not act, until it may', async () => {
    let host: PluginHost | undefined;
    let leads = false;
    const tabs: ToolCallsPlugin = { name: 'tabs', connect: (given) => void (host = given), mayAct: () => leads };
    const page = open([tabs]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    expect([page.reads.length, page.transport.responses.length]).toEqual([0, 1]);
    leads = true;
    host!.reconsider();
    await drainFrames();
    page.reads[0]!.resolve('one');
    expect(partStates((await page.transport.next()).messages)).toEqual(['a: output-available']);
  });
});

describe('recall', () => {
  const pending = (toolCallId: string, type: string) =>
    ({ type, toolCallId, state: 'input-available', input: { n: 1 } }) as UIMessage['parts'][number];
  const history: UIMessage[] = [
    { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    {
      id: 'm',
      role: 'assistant',
      parts: ['known', 'failed', 'begun', 'new', 'old', 'unknown'].map((id) => pending(id, 'tool-write')),
    },
  ];
  const known: Record<string, Recollection> = {
    known: { type: 'settled', ending: { type: 'call-succeeded', output: 'from before' } },
    begun: { type: 'started' },
    new: { type: 'never-started' },
    old: { type: 'never-started', ask: true },
  };

  it('says what became of loaded calls: nothing that is known runs again', async () => {
    const { plugin, started } = createMemory(known);
    const hand = createHandTools();
    const page = renderChat({ tools: hand.tools, plugins: [plugin], messages: history });
    await drainFrames();
    const status = Object.fromEntries(page.calls().map(({ toolCallId, status: each }) => [toolCallId, each]));
    expect(status).toEqual({
      known: 'succeeded',
      failed: 'interrupted',
      begun: 'interrupted',
      new: 'running',
      old: 'interrupted',
      unknown: 'interrupted',
    });
    expect(started).toEqual(['new']);
    hand.writes[0]!.resolve('now');
    for (const id of ['failed', 'begun', 'old', 'unknown']) page.chat().toolCalls.skip(page.call(id));
    const followUp = await page.transport.next();
    expect(followUp.messages.at(-1)!.parts[0]).toMatchObject({ output: 'from before' });
    expect(hand.writes).toHaveLength(1);
  });

  it('may take its time: nothing is taken up, sent or lost before it has said', async () => {
    const gate = createDeferred<Recollection | undefined>();
    const hand = createHandTools();
    const messages = [history[0]!, { ...history[1]!, parts: [pending('a', 'tool-read')] }];
    const page = renderChat({ tools: hand.tools, plugins: [{ name: 'slow', recall: () => gate.promise }], messages });
    await drainFrames();
    expect([page.calls().length, page.transport.responses.length]).toEqual([0, 0]);
    gate.resolve(undefined);
    await drainFrames();
    hand.reads[0]!.resolve('one');
    expect(partStates((await page.transport.next()).messages)).toEqual(['a: output-available']);
  });
});

describe('a plugin’s host', () => {
  const openHost = () => {
    let host!: PluginHost;
    const disconnect = vi.fn();
    const seen: string[] = [];
    const plugin: ToolCallsPlugin = {
      name: 'watcher',
      connect(given) {
        host = given;
        const stop = given.subscribe(({ type }) => void seen.push(type));
        return () => {
          stop();
          disconnect();
        };
      },
    };
    const hand = createHandTools();
    const page = renderChat({ tools: hand.tools, plugins: [plugin] }, { strict: true });
    return { ...hand, ...page, host: () => host, disconnect, seen };
  };

  it('is given once a mount, sees all events, and gives commands', async () => {
    const { ask, host, reads, seen, call, disconnect, view } = openHost();
    (await ask()).start('m').call('a', 'read', { n: 1 });
    await drain();
    expect(seen).toContain('attempt-started');
    host().commands.cancel(call('a'));
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    expect(disconnect).not.toHaveBeenCalled();
    view.unmount();
    await drain();
    expect(disconnect).toHaveBeenCalledOnce();
  });

  it('may ask to reconsider while the plugin is connected: it is connected once', async () => {
    const connect = vi.fn<(host: PluginHost) => void>((host) => host.reconsider());
    const { settle } = renderChat({ tools: createHandTools().tools, plugins: [{ name: 'eager', connect }] });
    await settle();
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it('sets messages while the chat is idle only', async () => {
    const { ask, host, chat } = openHost();
    const response = await ask();
    response.start('m').text('Hello');
    await drain();
    expect(() => host().setMessages([])).toThrow('The chat is at work');
    response.finish('stop');
    await drainFrames();
    host().setMessages(host().getMessages().slice(0, 1));
    await drainFrames();
    expect(chat().messages).toHaveLength(1);
  });

  it('mirrors records that were made elsewhere, by events or whole', async () => {
    const { host, calls } = openHost();
    await drain();
    const batchKey = 'm/0';
    host().mirror([
      { type: 'batch-opened', batchKey, messageId: 'm', step: 0, streaming: true },
      {
        type: 'call-added',
        batchKey,
        at: 1,
        call: { key: 'm/0/a', toolCallId: 'a', toolName: 'read', input: {}, destructive: false, status: 'queued' },
      },
      { type: 'call-succeeded', batchKey, key: 'm/0/a', output: 'theirs', at: 2 },
    ]);
    expect(calls()).toMatchObject([{ status: 'succeeded', output: 'theirs' }]);
    const state = host().store.getState();
    host().mirror({ batches: {} });
    expect(calls()).toEqual([]);
    host().mirror(state);
    expect(calls()).toHaveLength(1);
  });
});

it('warns of a list of plugins that changes, and not of one that is made anew', async () => {
  const hand = createHandTools();
  const plugin = (name: string): ToolCallsPlugin => ({ name });
  const { view } = renderChat({ tools: hand.tools, plugins: [plugin('a')] });
  view.rerender({ tools: hand.tools, plugins: [plugin('a')] });
  await drain();
  expectConsole('warn', 'the `plugins` of a chat have changed');
  view.rerender({ tools: hand.tools, plugins: [plugin('a'), plugin('b')] });
  await drain();
});
