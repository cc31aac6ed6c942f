// A person undoes what a call has done: when that is offered, what runs and under which locks, and what the model reads of it.
import { describe, expect, it, vi } from 'vitest';
import { clientTool, type ToolPolicy, type UndoOptions } from 'use-parallel-tools';
import { resultCache } from 'use-parallel-tools/cache';
import { disclosure } from 'use-parallel-tools/disclosure';
import { calls, createTestChat, says, type Script } from 'use-parallel-tools/testing';
import { selectUndo, undo } from 'use-parallel-tools/undo';
import { z } from 'zod';
import { createHandExecute, type Invocation } from '../harness/deferred.ts';

const input = z.object({ order: z.string().trim() });
type Input = z.infer<typeof input>;

const UNDONE = 'The user has undone this call. What it did is no longer in effect.';

interface ShopOptions extends ToolPolicy<Input> {
  script?: Script;
  plugins?: Parameters<typeof createTestChat>[0]['plugins'];
  output?: unknown;
}

/** A chat whose model refunds an order, with a tool whose undoing a test settles by hand. */
function openShop({ script, plugins = [undo()], output = { refund: 'R-1' }, ...policy }: ShopOptions = {}) {
  const undoing: Invocation<{ input: Input; output: unknown }, UndoOptions>[] = [];
  const hand = createHandExecute<{ input: Input; output: unknown }, UndoOptions>();
  const reads = createHandExecute<Input, unknown>();
  const keys = (read: boolean) => (given: Input) => ({ [read ? 'read' : 'write']: [`order:${given.order}`] });
  const tools = {
    refund: clientTool({
      inputSchema: input,
      locks: keys(false),
      execute: () => output,
      undo: (given: Input, result: unknown, options: UndoOptions) => {
        const promise = hand.execute({ input: given, output: result }, options);
        undoing.push(hand.invocations.at(-1)!);
        return promise;
      },
      ...policy,
    }),
    getOrder: clientTool({
      inputSchema: input,
      readOnly: true,
      retry: 0,
      ...(plugins.length > 1 && { staleTime: 600_000 }),
      locks: keys(true),
      execute: reads.execute,
    }),
    audit: clientTool({ inputSchema: input, approval: true, locks: keys(true), execute: reads.execute }),
  };
  const chat = createTestChat({
    tools,
    plugins,
    script: script ?? [calls(['refund', { order: ' 7 ' }]), says('Refunded.'), says('I see.')],
  });
  return { chat, undoing, reads: reads.invocations, stand: () => selectUndo(chat.call('refund')) };
}

type Shop = ReturnType<typeof openShop>;

/** The refund has been made, and the model knows. */
async function openRefunded(options?: ShopOptions): Promise<Shop> {
  const shop = openShop(options);
  shop.chat.send('Refund order 7');
  await shop.chat.settled();
  return shop;
}

/** Presses *Undo*, and waits until it is at work. */
async function press({ chat, undoing }: Shop): Promise<Invocation<{ input: Input; output: unknown }, UndoOptions>> {
  const before = undoing.length;
  chat.toolCalls.undo(chat.call('refund'));
  await vi.waitFor(() => expect(undoing.length).toBe(before + 1));
  return undoing.at(-1)!;
}

/** The result of the refund in the last request. */
function toldOf({ chat }: Shop): unknown {
  return chat.requests.at(-1)!.messages.flatMap(({ parts }) => parts.flatMap((part) => ('output' in part ? part.output : 'errorText' in part ? part.errorText : [])))[0]; // prettier-ignore
}

describe('undo is offered', () => {
  it('for 30 seconds after a call has succeeded', async () => {
    const { chat, stand } = await openRefunded();
    const { settledAt } = chat.call('refund');
    expect(stand()).toMatchObject({ status: 'offered', until: settledAt! + 30_000 });
  });

  it('for as long as the tool says', async () => {
    const { chat, stand } = await openRefunded({ undoFor: 5_000 });
    expect(stand()).toMatchObject({ until: chat.call('refund').settledAt! + 5_000 });
  });

  it.each<[string, ShopOptions]>([
    ['a tool without `undo`', { undo: undefined as never }],
    ['a call that failed', { isFailure: () => 'No such order' }],
    ['a chat without the plugin', { plugins: [] }],
  ])('not for %s', async (_, options) => {
    const { stand } = await openRefunded(options);
    expect(stand()).toBe(undefined);
  });

  it('not when its time is over', async () => {
    const shop = await openRefunded();
    await shop.chat.advance(30_001);
    shop.chat.toolCalls.undo(shop.chat.call('refund'));
    await shop.chat.settled();
    expect(shop.undoing).toEqual([]);
    expect(shop.stand()?.status).toBe('offered');
  });
});

describe('an undo', () => {
  it('is given what the tool was given and what it gave, and is undone once', async () => {
    const shop = await openRefunded();
    const { chat, undoing, stand } = shop;
    const running = await press(shop);
    expect(running.input).toEqual({ input: { order: '7' }, output: { refund: 'R-1' } });
    expect(running.options).toMatchObject({ toolCallId: chat.call('refund').toolCallId, toolName: 'refund' });
    expect(running.options.idempotencyKey).toBe(`${chat.call('refund').key}/undo`);
    expect(stand()?.status).toBe('undoing');
    chat.toolCalls.undo(chat.call('refund'));
    running.resolve(undefined);
    await chat.settled();
    expect(stand()).toMatchObject({ status: 'undone', at: chat.clock.now() });
    chat.toolCalls.undo(chat.call('refund'));
    await chat.settled();
    expect(undoing.length).toBe(1);
    expect(chat.call('refund')).toMatchObject({ status: 'succeeded', output: { refund: 'R-1' } });
  });

  it('waits for the locks of its call, and lets nobody in before it has ended', async () => {
    const script: Script = [
      calls(['refund', { order: '7' }], ['getOrder', { order: '7' }], ['audit', { order: '7' }]),
      says('So.'),
    ];
    const shop = openShop({ script, start: 'eager' });
    const { chat, reads, undoing } = shop;
    chat.send('Refund order 7, look, and write it down');
    await vi.waitFor(() => expect(reads.length).toBe(1));
    chat.toolCalls.undo(chat.call('refund'));
    expect(shop.stand()?.status).toBe('undoing');
    expect(undoing.length).toBe(0);
    reads[0]!.resolve('open');
    await vi.waitFor(() => expect(undoing.length).toBe(1));
    chat.toolCalls.approve(chat.call('audit'));
    await vi.waitFor(() => expect(chat.call('audit').status).toBe('queued'));
    expect(chat.call('audit').waitingFor).toMatchObject({ type: 'lock', heldBy: chat.call('refund').key });
    undoing[0]!.resolve(undefined);
    await vi.waitFor(() => expect(reads.length).toBe(2));
    reads[1]!.resolve('written');
    await chat.settled();
    expect(chat.text).toContain('So.');
  });

  it('makes known results stale that it may have changed', async () => {
    const script: Script = [
      calls(['refund', { order: '7' }]),
      calls(['getOrder', { order: '7' }, 'first']),
      says('Done.'),
      calls(['getOrder', { order: '7' }, 'second']),
      says('So.'),
    ];
    const shop = openShop({ script, plugins: [undo(), resultCache()] });
    shop.chat.send('Refund order 7, and look');
    await vi.waitFor(() => expect(shop.reads.length).toBe(1));
    shop.reads[0]!.resolve('refunded');
    await shop.chat.settled();
    (await press(shop)).resolve(undefined);
    await shop.chat.settled();
    shop.chat.send('And now?');
    await vi.waitFor(() => expect(shop.reads.length).toBe(2));
    shop.reads[1]!.resolve('open');
    await shop.chat.settled();
    expect(shop.chat.call('second').output).toBe('open');
  });

  it('times out as its tool does, and can be tried again', async () => {
    const shop = await openRefunded({ timeout: 1_000 });
    const first = await press(shop);
    await shop.chat.advance(1_000);
    expect(first.options.abortSignal.aborted).toBe(true);
    expect(shop.stand()).toMatchObject({ status: 'failed', error: { kind: 'timeout' } });
    const second = await press(shop);
    expect(second.options.idempotencyKey).toBe(first.options.idempotencyKey);
    second.resolve(undefined);
    await shop.chat.settled();
    expect(shop.stand()).toEqual({ status: 'undone', at: shop.chat.clock.now() });
  });

  it('is aborted by *Cancel*, at work or in line', async () => {
    const shop = await openRefunded();
    const running = await press(shop);
    shop.chat.toolCalls.cancel(shop.chat.call('refund'));
    await shop.chat.settled();
    expect(running.options.abortSignal.reason).toMatchObject({ by: 'user' });
    expect(shop.stand()).toMatchObject({ status: 'failed', error: { by: 'user' } });
    expect(shop.chat.call('refund').status).toBe('succeeded');
  });

  it('is aborted when the page is left', async () => {
    const shop = await openRefunded();
    const running = await press(shop);
    shop.chat.unmount();
    await vi.waitFor(() => expect(running.options.abortSignal.aborted).toBe(true));
    expect(shop.stand()).toMatchObject({ status: 'failed', error: { by: 'unmount' } });
  });

  it('can be cancelled by whoever hears that it begins', async () => {
    const shop = await openRefunded();
    const { toolCalls } = shop.chat;
    const stop = toolCalls.subscribe((event) => {
      if (event.type === 'plugin-event' && event.plugin === 'undo') toolCalls.cancel(shop.chat.call('refund'));
    });
    toolCalls.undo(shop.chat.call('refund'));
    await shop.chat.settled();
    stop();
    expect(shop.undoing).toEqual([]);
    (await press(shop)).resolve(undefined);
    await shop.chat.settled();
    expect(shop.stand()?.status).toBe('undone');
  });
});

describe('the model reads of an undo', () => {
  it('with the next message, beside the result that it was given', async () => {
    const shop = await openRefunded();
    (await press(shop)).resolve(undefined);
    await shop.chat.settled();
    expect(shop.chat.requests.length).toBe(2);
    shop.chat.send('Thanks');
    await shop.chat.settled();
    expect(shop.chat.requests.length).toBe(3);
    expect(toldOf(shop)).toEqual({ refund: 'R-1', undoneByUser: UNDONE });
    expect(shop.chat.call('refund').output).toEqual({ refund: 'R-1' });
  });

  it('with a message that was written while it was at work: that waits for it', async () => {
    const shop = await openRefunded();
    const running = await press(shop);
    shop.chat.send('And?');
    await shop.chat.advance(10);
    expect(shop.chat.requests.length).toBe(2);
    running.resolve(undefined);
    await shop.chat.settled();
    expect(toldOf(shop)).toEqual({ refund: 'R-1', undoneByUser: UNDONE });
    expect(shop.chat.text).toBe('I see.');
  });

  it('with the follow-up, where that has not gone yet: it waits for the undo', async () => {
    const script: Script = [calls(['refund', { order: '7' }], ['getOrder', { order: '8' }]), says('I see.')];
    const shop = openShop({ script });
    shop.chat.send('Refund order 7, and look at 8');
    await vi.waitFor(() => expect(shop.stand()?.status).toBe('offered'));
    const running = await press(shop);
    shop.reads[0]!.resolve('open');
    await vi.waitFor(() => expect(Object.values(shop.chat.toolCalls.store.getState().batches)[0]?.heldBy).toEqual(['undo'])); // prettier-ignore
    expect(shop.chat.requests.length).toBe(1);
    running.resolve(undefined);
    await shop.chat.settled();
    expect(shop.chat.requests.length).toBe(2);
    expect(toldOf(shop)).toEqual({ refund: 'R-1', undoneByUser: UNDONE });
  });

  it('that it failed, in the words that it may read', async () => {
    const shop = await openRefunded({ errorText: () => 'the shop said no' });
    (await press(shop)).reject(new Error('secret'));
    await shop.chat.settled();
    expect(shop.stand()).toMatchObject({ status: 'failed', error: { message: 'secret' } });
    shop.chat.send('Well?');
    await shop.chat.settled();
    expect(toldOf(shop)).toMatchObject({
      undoneByUser: 'The user wanted this call undone, and that failed, so it may still be in effect: the shop said no',
    });
    expect(JSON.stringify(shop.chat.requests.at(-1)!.messages)).not.toContain('secret');
  });

  it('that it is not known, in what is kept of the conversation while it is at work', async () => {
    const shop = await openRefunded();
    await press(shop);
    await vi.waitFor(() => expect(JSON.stringify(shop.chat.messages)).toContain('It is not known yet whether it was.'));
    shop.chat.toolCalls.cancel(shop.chat.call('refund'));
    await shop.chat.settled();
  });

  it.each<[string, unknown, unknown]>([
    ['text', 'done', `done\n\n${UNDONE}`],
    ['a list', [1], { output: [1], undoneByUser: UNDONE }],
    ['nothing', null, { output: null, undoneByUser: UNDONE }],
    ['an MCP result', { content: [] }, { content: [{ type: 'text', text: UNDONE }] }],
  ])('beside %s', async (_, output, told) => {
    const shop = await openRefunded({ output });
    (await press(shop)).resolve(undefined);
    await shop.chat.settled();
    shop.chat.send('Thanks');
    await shop.chat.settled();
    expect(toldOf(shop)).toEqual(told);
  });

  it('also where the output itself is withheld from it', async () => {
    const shop = await openRefunded({
      plugins: [undo(), resultCache(), disclosure()],
      redact: () => ({ refund: 'hidden' }),
    });
    (await press(shop)).resolve(undefined);
    await shop.chat.settled();
    shop.chat.send('Thanks');
    await shop.chat.settled();
    expect(toldOf(shop)).toEqual({ refund: 'hidden', undoneByUser: UNDONE });
  });
});

it('goes with the call where the answer is made again', async () => {
  const script: Script = [calls(['refund', { order: '7' }]), says('Refunded.'), says('Anew.')];
  const shop = openShop({ script });
  shop.chat.send('Refund order 7');
  await shop.chat.settled();
  const running = await press(shop);
  shop.chat.regenerate();
  await shop.chat.until(() => shop.chat.calls.length === 0);
  running.resolve(undefined);
  await shop.chat.settled();
  expect(shop.chat.text).toBe('Anew.');
  expect(shop.chat.calls).toEqual([]);
});
