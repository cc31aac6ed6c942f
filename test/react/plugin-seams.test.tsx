// A plugin that acts for the chat, or lets another page do so: what it takes over, keeps back and carries out.
import { describe, expect, it, vi } from 'vitest';
import type { ChatCommand, PluginHost, ToolCallsPlugin } from 'use-parallel-tools';
import { createDeferred } from '../harness/deferred.ts';
import { drainFrames } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { expectConsole } from '../setup/console.ts';

/** A chat beside a plugin, whose hand a test holds. */
function open(
  members: Omit<ToolCallsPlugin, 'name' | 'connect'>,
  others: ToolCallsPlugin[] = [],
  options: object = {},
) {
  let host!: PluginHost;
  const plugin: ToolCallsPlugin = { name: 'tabs', connect: (given) => void (host = given), ...members };
  const hand = createHandTools();
  const { way, ...rest } = options as { way?: (typeof CHAT_WAYS)[number] };
  const page = renderChat({ tools: hand.tools, plugins: [plugin, ...others], ...rest }, { ...(way && { way }) });
  return { ...hand, ...page, host: () => host };
}

/** Takes commands over while `isTaking`. */
function createTaker() {
  const taken: ChatCommand[] = [];
  const taker = {
    isTaking: true,
    taken,
    command: undefined as unknown as (command: ChatCommand) => Promise<void> | undefined,
  };
  taker.command = (command) => {
    if (!taker.isTaking) return undefined;
    taken.push(command);
    return Promise.resolve();
  };
  return taker;
}

describe.each(CHAT_WAYS)('`command`: %s', (way) => {
  it('takes over what a person asks, and the host carries out what was asked elsewhere', async () => {
    const taker = createTaker();
    const page = open({ command: taker.command }, [], { way });
    await page.chat().sendMessage({ text: 'Hi' });
    void page.chat().stop();
    void page.chat().regenerate();
    page.chat().toolCalls.cancel('m/0/a');
    page.chat().toolCalls.resend();
    await drainFrames();
    expect(taker.taken).toEqual([
      { name: 'sendMessage', args: [{ text: 'Hi' }, undefined] },
      { name: 'stop', args: [] },
      { name: 'regenerate', args: [undefined] },
      { name: 'cancel', args: ['m/0/a'] },
      { name: 'resend', args: [] },
    ]);
    expect(page.transport.responses).toEqual([]);
    taker.isTaking = false;
    void page.host().perform({ name: 'sendMessage', args: [{ text: 'From elsewhere' }] });
    (await page.transport.next()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    void page.host().perform({ name: 'cancel', args: ['m/0/a'] });
    expect(page.call('a').status).toBe('cancelled');
    expect(partStates((await page.transport.next()).messages)).toEqual(['a: output-error']);
  });
});

describe('`command`', () => {
  it('takes over what changes the messages of a chat of the hook’s own', async () => {
    const taker = createTaker();
    const page = open({ command: taker.command });
    await drain();
    page.chat().setMessages((messages) => messages);
    void page.chat().addToolApprovalResponse({ id: 'approval', approved: true });
    expect(taker.taken).toEqual([
      { name: 'setMessages', args: [[]] },
      { name: 'addToolApprovalResponse', args: [{ id: 'approval', approved: true }] },
    ]);
  });

  it('that throws is passed over', async () => {
    expectConsole('error', '`command` of the plugin "tabs" threw');
    const page = open({
      command: () => {
        throw new Error('fault');
      },
    });
    expect((await page.ask()).messages).toHaveLength(1);
  });
});

describe('`beforeRequest`', () => {
  it('is waited for by each request', async () => {
    const gate = createDeferred();
    const page = open({ beforeRequest: async () => void (await gate.promise) });
    void page.chat().sendMessage({ text: 'Hi' });
    await drainFrames();
    expect(page.transport.responses).toEqual([]);
    expect(page.chat().status).toBe('submitted');
    gate.resolve(undefined);
    expect((await page.transport.next()).messages).toHaveLength(1);
  });

  it('keeps a request back', async () => {
    const onError = vi.fn<(error: Error) => void>();
    const beforeRequest = () => {
      throw new Error('not from here');
    };
    const page = open({ beforeRequest }, [], { onError });
    void page.chat().sendMessage({ text: 'Hi' });
    await drainFrames();
    expect(page.transport.responses).toEqual([]);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'not from here' }));
  });
});

describe('a page that acts for a while', () => {
  /** A plugin that stands beside what the page does. */
  function createBystander() {
    const seen: string[] = [];
    const plugin: ToolCallsPlugin = {
      name: 'bystander',
      connect(host) {
        seen.push('connected');
        const stop = host.subscribe(({ type }) => type.startsWith('call-') && seen.push(type));
        return () => {
          stop();
          seen.push('disconnected');
        };
      },
    };
    return { plugin, seen };
  }

  it('has other plugins connected meanwhile, and stands down without a trace', async () => {
    const { plugin, seen } = createBystander();
    let leads = false;
    const page = open({ mayAct: () => leads }, [plugin]);
    await drain();
    expect(seen).toEqual([]);
    leads = true;
    page.host().reconsider();
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'write', { n: 2 }).finish();
    await drainFrames();
    expect(seen).toEqual(['connected', 'call-added', 'call-added']);
    leads = false;
    page.host().standDown();
    expect(seen.slice(3)).toEqual(['disconnected']);
    expect(page.calls()).toEqual([]);
    for (const { options } of [...page.reads, ...page.writes]) expect(options.abortSignal.aborted).toBe(true);
    page.reads[0]!.resolve('late');
    await drainFrames();
    expect([page.calls().length, page.transport.responses.length]).toEqual([0, 1]);
    leads = true;
    page.host().reconsider();
    await drainFrames();
    expect(page.calls().map(({ status }) => status)).toEqual(['running', 'interrupted']);
    expect(seen.slice(4)).toEqual(['connected', 'call-added', 'call-added']);
  });

  it('stops the answer that streams when it stands down', async () => {
    let leads = true;
    const page = open({ mayAct: () => leads });
    const response = await page.ask();
    response.start('m').text('So far');
    await drainFrames();
    leads = false;
    page.host().standDown();
    await drainFrames();
    expect([response.isClosed, page.chat().status]).toEqual([true, 'ready']);
  });
});

describe('a plugin’s host', () => {
  it('watches messages and status', async () => {
    const page = open({});
    await drain();
    const seen: string[] = [];
    const stop = page.host().watch(() => seen.push(`${page.host().getStatus()} ${page.host().getMessages().length}`));
    (await page.ask()).start('m').text('Hello').finish('stop');
    await drainFrames();
    expect([seen[0], seen.at(-1)]).toEqual(['submitted 1', 'ready 2']);
    stop();
    const count = seen.length;
    (await page.ask()).start('n').finish('stop');
    await drainFrames();
    expect(seen).toHaveLength(count);
  });

  it('mirrors records without a word to those who hear of events', async () => {
    const page = open({});
    await drain();
    const heard = vi.fn<(event: object) => void>();
    page.host().subscribe(heard);
    const subscriber = vi.fn<() => void>();
    page.host().store.subscribe(subscriber);
    page.host().mirror([{ type: 'batch-opened', batchKey: 'm/0', messageId: 'm', step: 0, streaming: true }]);
    page.host().mirror({ batches: {} });
    expect(heard).not.toHaveBeenCalled();
    expect(subscriber).toHaveBeenCalledTimes(2);
  });
});
