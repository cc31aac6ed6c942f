// A page that React hides and shows again (`<Activity>`): its effects are cleaned up and run again, its state stays.
import * as React from 'react';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { ToolBatch } from 'use-parallel-tools';
import { denied, drainFrames, refused, requested } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates, renderChat, type ChatWay } from '../harness/render-chat.tsx';
import { isAiSdk6, isReact18 } from '../harness/sdk-version.ts';
import { expectConsole } from '../setup/console.ts';

/** A chat on a page that can be hidden, with a read that runs and a write that waits for the end of the answer. */
async function begin(way: ChatWay = 'useParallelTools', options: object = {}) {
  const { Activity } = React;
  let setMode!: (mode: 'visible' | 'hidden') => void;
  function Page({ children }: { children: ReactNode }) {
    const [mode, set] = React.useState<'visible' | 'hidden'>('visible');
    React.useEffect(() => void (setMode = set), []);
    return <Activity mode={mode}>{children}</Activity>;
  }
  const hand = createHandTools();
  const rendered = renderChat({ tools: hand.tools, ...options }, { wrapper: Page, way });
  const response = await rendered.ask();
  response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
  await rendered.settle();
  const turn = async (mode: 'visible' | 'hidden') => {
    setMode(mode);
    await drain();
  };
  return {
    ...hand,
    ...rendered,
    response,
    hide: () => turn('hidden'),
    show: () => turn('visible'),
    batch: (): ToolBatch | undefined => Object.values(rendered.chat().toolCalls.store.getState().batches).at(-1),
    statuses: () => rendered.calls().map(({ toolCallId, status }) => `${toolCallId}: ${status}`),
  };
}

describe.skipIf(isReact18)('a page that is hidden while its own chat streams', () => {
  it('finds the answer stopped when it is shown, with every call ended and told', async () => {
    const onBatchSettled = vi.fn();
    const { reads, writes, response, hide, show, batch, call, chat, transport } = await begin('useParallelTools', {
      onBatchSettled,
    });
    await hide();
    expect(response.request?.abortSignal?.aborted).toBe(true);
    expect(reads[0]!.options.abortSignal).toMatchObject({ aborted: true, reason: { by: 'unmount' } });
    await show();
    expect(batch()).toMatchObject({ streaming: false, halt: 'stopped' });
    expect(call('r')).toMatchObject({ status: 'cancelled', error: { by: 'unmount' } });
    expect(partStates(chat().messages)).toEqual(['r: output-error', 'w: output-error']);
    expect(onBatchSettled).toHaveBeenCalledTimes(1);
    expect([reads.length, writes.length, transport.responses.length]).toEqual([1, 0, 1]);
    expect(chat().isBusy).toBe(false);
  });

  it('keeps what had succeeded, and sends it when the page says resend', async () => {
    const { reads, settle, hide, show, batch, chat, transport } = await begin();
    reads[0]!.resolve(1);
    await settle();
    await hide();
    await show();
    expect(batch()).toMatchObject({ streaming: false, halt: 'stopped' });
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.resend();
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-error']);
    expect(reads).toHaveLength(1);
  });

  it('goes on when its calls are retried', async () => {
    const { reads, writes, settle, hide, show, call, chat, transport } = await begin();
    await hide();
    await show();
    chat().toolCalls.retry(call('r'));
    chat().toolCalls.retry(call('w'));
    await settle();
    reads[1]!.resolve(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it('starts nothing while it is hidden, a retried call neither', async () => {
    const { reads, settle, hide, show, call, chat } = await begin();
    await hide();
    chat().toolCalls.retry(call('r'));
    await settle();
    expect(reads).toHaveLength(1);
    await show();
    expect(reads).toHaveLength(2);
  });

  it('with `resume` takes the stream up again, and goes on', async () => {
    const { reads, writes, settle, hide, show, transport } = await begin('useParallelTools', { resume: true });
    await hide();
    transport.offerResume();
    await show();
    transport.resumable!.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await settle();
    expect([reads.length, writes.length]).toEqual([2, 1]);
    reads[1]!.resolve(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    await settle();
    expect(transport.responses).toHaveLength(2);
  });
});

// Rule 6.
describe.skipIf(isReact18).each(['useParallelTools', 'useChatTools on a Chat'] as const)(
  'a page with %s that is hidden while its tools run',
  (way) => {
    it('applies onReload when it is shown: reads run again, writes ask', async () => {
      const { response, reads, writes, settle, hide, show, call, chat, transport } = await begin(way);
      response.finish();
      await settle();
      await hide();
      expect(partStates(chat().messages)).toEqual(['r: input-available', 'w: input-available']);
      await show();
      expect([call('r').status, call('w').status]).toEqual(['running', 'interrupted']);
      reads[1]!.resolve(1);
      chat().toolCalls.run(call('w'));
      await settle();
      writes[1]!.resolve(2);
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    });
  },
);

describe.skipIf(isReact18)('a page that is hidden while a shared Chat streams', () => {
  const way = 'useChatTools on a Chat';

  it('takes its calls up again by onReload when it is shown, and the rest as it comes', async () => {
    const { response, reads, writes, settle, hide, show, statuses, batch, call, chat, transport } = await begin(way);
    response.call('s', 'read', { n: 3 });
    await settle();
    reads[1]!.resolve(3);
    await settle();
    await hide();
    response.call('t', 'read', { n: 4 });
    await settle();
    expect(reads).toHaveLength(2);
    await show();
    expect(batch()?.streaming).toBe(true);
    expect(statuses().sort()).toEqual(['r: running', 's: running', 't: running', 'w: interrupted']);
    response.call('v', 'write', { n: 5 }).call('x', 'read', { n: 6 });
    await settle();
    expect(call('v')).toMatchObject({ status: 'queued', waitingFor: { type: 'step-end' } });
    expect(writes).toHaveLength(0);
    response.finish();
    await settle();
    expect(writes.map(({ input }) => input)).toEqual([{ n: 5 }]);
    chat().toolCalls.skip(call('w'));
    for (const invocation of [...reads.slice(2), ...writes]) invocation.resolve('done');
    const { messages } = await transport.next();
    expect(partStates(messages).sort()).toEqual([
      'r: output-available',
      's: output-available',
      't: output-available',
      'v: output-available',
      'w: output-error',
      'x: output-available',
    ]);
    await settle();
    expect(transport.responses).toHaveLength(2);
  });

  it.each([
    ['well', undefined, 2],
    ['with an error', 'error', 1],
  ] as const)('that ends %s meanwhile is noticed when it is shown', async (end, halt, requests) => {
    const hand = createHandTools();
    const onBatchSettled = vi.fn();
    const { response, settle, hide, show, batch, transport } = await begin(way, {
      tools: { read: hand.tools.read },
      onBatchSettled,
      unknownTool: 'ignore',
    });
    hand.reads[0]!.resolve(1);
    response.write({ type: 'tool-output-available', toolCallId: 'w', output: 'the server ran it' });
    await settle();
    await hide();
    if (end === 'well') response.finish();
    else response.write({ type: 'error', errorText: 'overloaded' }).close();
    await settle();
    expect(transport.responses).toHaveLength(1);
    await show();
    expect(batch()).toMatchObject({ streaming: false });
    expect(batch()?.halt).toBe(halt);
    expect(transport.responses).toHaveLength(requests);
    expect(hand.reads).toHaveLength(1);
    expect(onBatchSettled).toHaveBeenCalledTimes(1);
  });

  it('hears what the server makes of a call that had its result: the server goes on by itself', async () => {
    const hand = createHandTools();
    const { response, settle, hide, show, call, chat, transport } = await begin(way, {
      tools: { read: hand.tools.read },
    });
    hand.reads[0]!.resolve(1);
    await settle();
    await hide();
    expectConsole('warn', /the server ran the tool "read", which this page would run too/);
    response.write({ type: 'tool-output-available', toolCallId: 'r', output: 'the server ran it too' });
    response.write({ type: 'tool-output-available', toolCallId: 'w', output: 'and this' }).finish();
    await settle();
    await show();
    expect(call('r')).toMatchObject({ output: 'the server ran it too', answeredBy: 'server' });
    expect(partStates(chat().messages)).toEqual(['r: output-available', 'w: output-available']);
    expect(transport.responses).toHaveLength(1);
  });

  it('has a message that waits sent when it is shown and its calls have ended', async () => {
    const { response, reads, writes, settle, hide, show, call, chat, transport } = await begin(way, {
      onNewMessage: 'wait',
    });
    response.finish();
    await settle();
    void chat().sendMessage({ text: 'And then?' });
    await hide();
    await show();
    reads[1]!.resolve(1);
    chat().toolCalls.skip(call('w'));
    (await transport.next()).start('m').text('Done').finish('stop');
    expect((await transport.next()).messages.at(-1)).toMatchObject({ role: 'user' });
    expect(writes).toHaveLength(1);
  });
});

describe.skipIf(isReact18 || isAiSdk6)('a page that is hidden while the server denies what it has answered', () => {
  // The chat is not the hook's, so it streams on.
  it('learns from the replay whose word that was', async () => {
    const { response, hide, show, call, chat, transport } = await begin('useChatTools on a Chat');
    void chat().addToolOutput({ tool: 'read', toolCallId: 'r', output: 'the page says' } as never);
    await drain();
    await hide();
    response.write(requested('r'), refused('r'), denied('r'), denied('w'));
    await drain();
    response.fail(new TypeError('network error'));
    await show();
    transport.offerResume();
    void chat().resumeStream();
    transport.resumable!.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    transport.resumable!.write(requested('r'), refused('r'), denied('r'), denied('w')).text('I may not').finish('stop');
    await drain();
    expect(call('r')).toMatchObject({ status: 'denied', answeredBy: 'server' });
    await drainFrames();
    expect(transport.responses).toHaveLength(1);
  });
});
