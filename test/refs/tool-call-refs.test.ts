// Proves: an input may name the output of an earlier call of its step: the call waits for it, its tool gets the value, and the model does not.
import { describe, expect, it } from 'vitest';
import { clientTool, type ToolCallsPlugin } from 'use-parallel-tools';
import { createToolRunner } from 'use-parallel-tools/core';
import { disclosure } from 'use-parallel-tools/disclosure';
import { toolCallRefs } from 'use-parallel-tools/refs';
import { calls, createTestChat, says, type ScriptedCall, type TestRequest } from 'use-parallel-tools/testing';
import { z } from 'zod';
import { createDeferred } from '../harness/deferred.ts';

const USER = { id: 7, mail: 'ada@example.org', tags: ['vip'] };

/** A shop: who the user is, a search whose end a test gives, and a mail that tells what it got. */
function createShop(policies: { getUser?: object; send?: object; search?: object } = {}) {
  const sent: unknown[] = [];
  const found = createDeferred<unknown>();
  const tools = {
    getUser: clientTool({ inputSchema: z.object({}), readOnly: true, execute: () => USER, ...policies.getUser }),
    search: clientTool({
      inputSchema: z.object({ text: z.string() }),
      readOnly: true,
      retry: 0,
      execute: () => found.promise,
      ...policies.search,
    }),
    send: clientTool({
      inputSchema: z.object({ to: z.string().optional(), orderId: z.number().optional(), text: z.string().optional() }),
      execute(input) {
        sent.push(input);
        return { sent: sent.length };
      },
      ...policies.send,
    }),
  };
  return { tools, sent, found };
}

/** A chat whose model makes these calls at once. */
function open(
  shop: ReturnType<typeof createShop>,
  made: ScriptedCall[],
  plugins: ToolCallsPlugin[] = [toolCallRefs()],
) {
  const chat = createTestChat({
    tools: shop.tools,
    plugins,
    script: ({ text }: TestRequest) => (text === '' ? says('Done') : calls(...made)),
  });
  chat.send('Hi');
  return chat;
}

describe('a reference', () => {
  it('becomes the value that it names, of any type, before the schema is asked', async () => {
    const shop = createShop();
    const chat = open(shop, [
      ['getUser'],
      ['send', { to: '{{getUser#1.mail}}', orderId: '{{getUser#1.id}}', text: 'Dear {{getUser#1.tags[0]}}' }],
    ]);
    await chat.settled();
    expect(shop.sent).toEqual([{ to: USER.mail, orderId: 7, text: 'Dear vip' }]);
  });

  it('is all that the model reads of it, and all that the record and the message say', async () => {
    const shop = createShop({ getUser: { redact: () => 'A user' } });
    const input = { to: '{{getUser#1.mail}}' };
    const chat = open(shop, [['getUser'], ['send', input]], [disclosure(), toolCallRefs()]);
    await chat.settled();
    expect(shop.sent).toEqual([{ to: USER.mail }]);
    expect(chat.call('send').input).toEqual(input);
    expect(chat.requests[1]!.results.map((result) => result.input)).toEqual([{}, input]);
    expect(JSON.stringify(chat.requests.map(({ messages }) => messages))).not.toContain('ada@');
  });

  it('is shown with its value: the record has what the tool got', async () => {
    const shop = createShop();
    const chat = open(shop, [['getUser'], ['send', { to: '{{getUser#1.mail}}' }]]);
    await chat.settled();
    expect(chat.call('send').plugins).toEqual({ refs: { input: { to: USER.mail } } });
    expect(chat.call('getUser').plugins).toBeUndefined();
  });

  it('holds its call up until the named one has ended, and nobody else', async () => {
    const shop = createShop();
    const chat = open(shop, [
      ['search', { text: 'x' }],
      ['send', { orderId: '{{search#1.id}}' }],
      ['send', { text: 'now' }],
    ]);
    await chat.until(() => shop.sent.length === 1);
    expect(shop.sent).toEqual([{ text: 'now' }]);
    const [search, waiting] = chat.calls;
    expect(waiting).toMatchObject({
      status: 'queued',
      waitingFor: { type: 'order', call: search!.key, toolName: 'search' },
    });
    shop.found.resolve({ id: 3 });
    await chat.settled();
    expect(shop.sent).toEqual([{ text: 'now' }, { orderId: 3 }]);
    expect(chat.requests).toHaveLength(2);
  });

  it('counts the calls of its tool in the order in which the model made them', async () => {
    const shop = createShop({ search: { execute: ({ text }: { text: string }) => ({ id: text.length }) } });
    const chat = open(shop, [
      ['search', { text: 'one' }],
      ['search', { text: 'three' }],
      ['send', { orderId: '{{search#2.id}}' }],
    ]);
    await chat.settled();
    expect(shop.sent).toEqual([{ orderId: 5 }]);
  });

  it('goes on through a chain', async () => {
    const shop = createShop({ search: { execute: ({ text }: { text: string }) => ({ text: `${text}!` }) } });
    const chat = open(shop, [
      ['search', { text: 'a' }],
      ['search', { text: '{{search#1.text}}' }],
      ['search', { text: '{{search#2.text}}' }],
      ['send', { text: '{{search#3.text}}' }],
    ]);
    await chat.settled();
    expect(shop.sent).toEqual([{ text: 'a!!!' }]);
  });

  it('in an output is text and nothing more', async () => {
    const shop = createShop({ search: { execute: () => '{{getUser#1.mail}}' } });
    const chat = open(shop, [['getUser'], ['search', { text: 'x' }], ['send', { text: '{{search#1}}' }]]);
    await chat.settled();
    expect(shop.sent).toEqual([{ text: '{{getUser#1.mail}}' }]);
  });

  it('gives a copy: what the tool does with its input changes no record', async () => {
    const shop = createShop({
      send: {
        inputSchema: z.object({ user: z.custom<typeof USER>() }),
        execute: ({ user }: { user: { mail: string } }) => (user.mail = 'other'),
      },
    });
    const chat = open(shop, [['getUser'], ['send', { user: '{{getUser#1}}' }]]);
    await chat.settled();
    expect(chat.call('getUser').output).toEqual(USER);
    expect(chat.call('send').plugins).toEqual({ refs: { input: { user: USER } } });
  });
});

describe('a wrong reference', () => {
  it.each<[what: string, made: ScriptedCall[], words: string]>([
    [
      'of a call that is not there',
      [['send', { to: '{{getUser#1.mail}}' }]],
      '{{getUser#1.mail}} names no call that comes before this one in the same turn',
    ],
    [
      'of a second call where there is one',
      [['getUser'], ['send', { to: '{{getUser#2.mail}}' }]],
      '{{getUser#2.mail}} names no call that comes before this one in the same turn',
    ],
    [
      'of a call that comes later',
      [['send', { to: '{{getUser#1.mail}}' }], ['getUser']],
      '{{getUser#1.mail}} names no call that comes before this one in the same turn',
    ],
    [
      'of itself',
      [['send', { to: '{{send#1.to}}' }]],
      '{{send#1.to}} names no call that comes before this one in the same turn',
    ],
    [
      'with a path that is not there',
      [['getUser'], ['send', { to: '{{getUser#1.address.mail}}' }]],
      '{{getUser#1.address.mail}} leads nowhere: the result has no `address` there',
    ],
    [
      'with a path that is none',
      [['getUser'], ['send', { to: '{{getUser#1 .mail!}}' }]],
      '{{getUser#1 .mail!}} has a path that cannot be read',
    ],
    [
      'of a call that fails',
      [
        ['search', { text: 1 }],
        ['send', { to: '{{search#1.mail}}' }],
      ],
      '{{search#1.mail}} names a call that has no result, since it failed',
    ],
  ])('%s fails its call with words for the model', async (_what, made, words) => {
    const shop = createShop();
    const chat = open(shop, made);
    await chat.settled();
    expect(shop.sent).toEqual([]);
    expect(chat.call('send')).toMatchObject({ status: 'failed', error: { kind: 'invalid-input' }, attempts: [] });
    expect(chat.call('send').error?.message).toContain(`send did not run: in its input, ${words}`);
    expect(JSON.stringify(chat.requests[1]!.results)).toContain('send did not run');
  });

  it('says nothing of the value that does not fit', async () => {
    const shop = createShop({ send: { inputSchema: z.object({ orderId: z.number() }) } });
    const chat = open(shop, [['getUser'], ['send', { orderId: '{{getUser#1.mail}}' }]]);
    await chat.settled();
    expect(chat.call('send').error?.message).toContain('The input does not fit send');
    expect(chat.call('send').error?.message).not.toContain('ada@');
  });

  it.each<[what: string, act: (chat: ReturnType<typeof open>) => void, words: string]>([
    ['cancelled', (chat) => chat.toolCalls.cancel(chat.call('search').key), 'was cancelled'],
    ['denied', (chat) => chat.toolCalls.deny(chat.call('search').key), 'was denied'],
  ])('of a call that is %s fails its call', async (_what, act, words) => {
    const shop = createShop({ search: { approval: true } });
    const chat = open(shop, [
      ['search', { text: 'x' }],
      ['send', { to: '{{search#1.mail}}' }],
    ]);
    await chat.until(() => chat.calls.length === 2 && chat.call('search').status === 'awaiting-approval');
    act(chat);
    await chat.settled();
    expect(chat.call('send').error?.message).toContain(words);
  });

  it('of a call that is to run after this one fails, since neither could start', async () => {
    const shop = createShop({ search: { after: 'send' } });
    const chat = open(shop, [
      ['search', { text: 'x' }],
      ['send', { to: '{{search#1.mail}}' }],
    ]);
    shop.found.resolve('found');
    await chat.settled();
    expect(chat.call('send').error?.message).toContain('each would wait for the other');
    expect(chat.call('search').status).toBe('succeeded');
  });

  it('of a call that waits for such a one fails too', async () => {
    const shop = createShop({ search: { after: 'send' } });
    const chat = open(shop, [
      ['search', { text: 'x' }],
      ['getUser', { of: '{{search#1}}' }],
      ['send', { to: '{{getUser#1.mail}}' }],
    ]);
    shop.found.resolve('found');
    await chat.settled();
    expect(chat.call('send').error?.message).toContain('each would wait for the other');
    expect(chat.call('getUser').status).toBe('succeeded');
  });

  it('can be put right: the named call is run again, and then this one', async () => {
    const shop = createShop({ search: { onFailure: 'hold' } });
    const chat = open(shop, [
      ['search', { text: 'x' }],
      ['send', { orderId: '{{search#1.id}}' }],
    ]);
    await chat.until(() => chat.calls.length === 2 && chat.call('search').status === 'running');
    shop.found.reject(new Error('503'));
    await chat.until(() => chat.call('search').status === 'failed');
    // A person may still run it again.
    expect(chat.call('send').status).toBe('queued');
    chat.toolCalls.skip(chat.call('search').key);
    await chat.settled();
    expect(chat.call('send').status).toBe('failed');
  });
});

describe('a person who is asked', () => {
  it('is asked about the value, once it is there', async () => {
    const asked: unknown[] = [];
    const approval = (input: unknown) => asked.push(input) > 0;
    const shop = createShop({ send: { approval } });
    const chat = open(shop, [['getUser'], ['send', { to: '{{getUser#1.mail}}' }]]);
    await chat.until(() => chat.calls.length === 2 && chat.call('send').status === 'awaiting-approval');
    expect(asked).toEqual([{ to: USER.mail }]);
    expect(chat.call('send').plugins).toEqual({ refs: { input: { to: USER.mail } } });
    chat.toolCalls.approve(chat.call('send').key);
    await chat.settled();
    expect(shop.sent).toEqual([{ to: USER.mail }]);
  });

  it('may write references, and take them out', async () => {
    const shop = createShop({ send: { approval: true } });
    const chat = open(shop, [
      ['getUser'],
      ['send', { to: '{{getUser#1.mail}}' }],
      ['send', { to: '{{getUser#1.mail}}' }],
    ]);
    await chat.until(() => chat.calls.filter(({ status }) => status === 'awaiting-approval').length === 2);
    const [, first, second] = chat.calls;
    chat.toolCalls.approve(first!.key, { input: { orderId: '{{getUser#1.id}}' } });
    chat.toolCalls.approve(second!.key, { input: { text: 'no one' } });
    await chat.settled();
    expect(shop.sent).toEqual([{ orderId: 7 }, { text: 'no one' }]);
    expect(chat.calls.map(({ plugins }) => plugins)).toEqual([
      undefined,
      { refs: { input: { orderId: 7 } } },
      { refs: { input: undefined } },
    ]);
  });

  it('is asked before private data leaves by a tool that sends data out, though the model has not read it', async () => {
    const shop = createShop({ getUser: { labels: ['personal'] }, send: { openWorld: true } });
    const chat = open(shop, [['getUser'], ['send', { to: '{{getUser#1.mail}}' }], ['send', { text: 'plain' }]]);
    await chat.until(() => chat.calls.length === 3 && chat.calls[1]!.status === 'awaiting-approval');
    expect(chat.calls[1]!.reasons).toEqual(['It would send private data out: of getUser (personal)']);
    await chat.until(() => shop.sent.length === 1);
    expect(shop.sent).toEqual([{ text: 'plain' }]);
  });
});

describe('after a reload', () => {
  const message = (output: object) => ({
    id: 'm',
    role: 'assistant' as const,
    parts: [
      { type: 'step-start' as const },
      { type: 'tool-getUser' as const, toolCallId: 'a', input: {}, ...output },
      {
        type: 'tool-send' as const,
        toolCallId: 'b',
        state: 'input-available' as const,
        input: { to: '{{getUser#1.mail}}' },
      },
    ],
  });
  const load = (shop: ReturnType<typeof createShop>, output: object) =>
    createTestChat({
      tools: shop.tools,
      plugins: [toolCallRefs()],
      messages: [message(output)] as never,
      script: () => says('Done'),
    });

  it('a reference is filled from the message', async () => {
    const shop = createShop({ send: { onReload: 'run' } });
    const chat = load(shop, { state: 'output-available', output: USER });
    await chat.settled();
    expect(shop.sent).toEqual([{ to: USER.mail }]);
  });

  it('one of a result of which the message has only what the model was given is not', async () => {
    const shop = createShop({ send: { onReload: 'run' }, getUser: { redact: () => ({ mail: '…' }) } });
    const chat = load(shop, { state: 'output-available', output: { mail: '…' } });
    await chat.settled();
    expect(shop.sent).toEqual([]);
    expect(chat.call('send').error?.message).toContain('known no more, since the page was reloaded');
  });

  it('one of a call that had failed fails', async () => {
    const shop = createShop({ send: { onReload: 'run' } });
    const chat = load(shop, { state: 'output-error', errorText: 'no' });
    await chat.settled();
    expect(chat.call('send').error?.message).toContain('since it failed');
  });
});

describe('the result of a tool of the server', () => {
  it('can be named too: the call waits until it has come', async () => {
    const shop = createShop({ send: { start: 'eager' } });
    const onServer = { toolCallId: 's', toolName: 'lookUp' };
    const chat = createTestChat({ tools: shop.tools, plugins: [toolCallRefs()] });
    chat.send('Hi');
    const answer = await chat.transport.next();
    answer.start('m').call('s', 'lookUp').call('b', 'send', { to: '{{lookUp#1.mail}}' });
    await chat.until(() => chat.calls.length === 1 && chat.call('send').waitingFor?.type === 'order');
    answer.write({
      type: 'tool-output-available',
      toolCallId: onServer.toolCallId,
      output: { mail: 'bob@example.org' },
    });
    await chat.until(() => shop.sent.length === 1);
    expect(shop.sent).toEqual([{ to: 'bob@example.org' }]);
  });
});

describe('a runner without a chat', () => {
  it('fills references, too', async () => {
    const { tools, sent } = createShop();
    const runner = createToolRunner({ tools, plugins: [toolCallRefs()] });
    await runner.runCalls([
      { toolCallId: 'a', toolName: 'getUser', input: {} },
      { toolCallId: 'b', toolName: 'send', input: { to: '{{getUser#1.mail}}' } },
    ]);
    expect(sent).toEqual([{ to: USER.mail }]);
  });
});

describe('a page without references', () => {
  it('is as it was: no call has a fact of the plugin', async () => {
    const shop = createShop();
    const chat = open(shop, [['getUser'], ['send', { text: 'Hello {{name}}' }]]);
    await chat.settled();
    expect(shop.sent).toEqual([{ text: 'Hello {{name}}' }]);
    expect(chat.calls.map(({ plugins }) => plugins)).toEqual([undefined, undefined]);
  });

  it('without the plugin has no references at all', async () => {
    const shop = createShop();
    const chat = open(shop, [['getUser'], ['send', { to: '{{getUser#1.mail}}' }]], []);
    await chat.settled();
    expect(shop.sent).toEqual([{ to: '{{getUser#1.mail}}' }]);
  });
});
