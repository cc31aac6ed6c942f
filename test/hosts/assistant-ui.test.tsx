// assistant-ui's own runtimes on the real package: its chat, its thread and its composer, our tools and cards.
import { makeAssistantTool } from '@assistant-ui/react';
import { AssistantChatTransport } from '@assistant-ui/react-ai-sdk';
import { fireEvent, render, screen } from '@testing-library/react';
import {
  JsonToSseTransformStream,
  lastAssistantMessageIsCompleteWithToolCalls,
  type ChatInit,
  type ToolSet,
  type UIMessage,
} from 'ai';
import { useState, type ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { drainFrames } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { Assistant as OnHook } from './assistant-ui-hook.tsx';
import { Assistant as OnRuntime } from './assistant-ui-runtime.tsx';
import { Thread } from './assistant-ui-thread.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });

let transport: ScriptedTransport;
beforeEach(() => void (transport = new ScriptedTransport()));
afterEach(() => expect(transport.problems).toEqual([]));

interface AssistantProps {
  tools: ToolSet;
  transport: ScriptedTransport;
  children: ReactNode;
}

/** The bodies of the requests that assistant-ui's transport made. */
let bodies: { messages: UIMessage[]; tools?: Record<string, unknown> }[];
beforeEach(() => void (bodies = []));

/** assistant-ui's transport writes requests and reads answers by itself; a `fetch` hands them to the test. */
function createTransport(scripted: ScriptedTransport) {
  return new AssistantChatTransport<UIMessage>({
    api: 'https://chat.test/api',
    async fetch(_url, init) {
      const body = JSON.parse(String(init?.body)) as (typeof bodies)[number];
      bodies.push(body);
      const request = { chatId: 'chat', messageId: undefined, trigger: 'submit-message' as const };
      const abortSignal = init?.signal ?? undefined;
      const chunks = await scripted.sendMessages({ ...request, messages: body.messages, abortSignal });
      return new Response(chunks.pipeThrough(new JsonToSseTransformStream()).pipeThrough(new TextEncoderStream()));
    },
  });
}

function OnChatRuntime({ transport: scripted, ...props }: AssistantProps & Omit<ChatInit<UIMessage>, 'transport'>) {
  const [transport] = useState(() => createTransport(scripted));
  return <OnRuntime {...props} transport={transport} />;
}

const KnownTool = makeAssistantTool({
  toolName: 'read',
  type: 'human',
  description: 'Reads',
  parameters: z.object({ n: z.number() }),
  render: () => null,
});

const OnSendingRuntime = (props: AssistantProps) => (
  <OnChatRuntime {...props} sendAutomaticallyWhen={lastAssistantMessageIsCompleteWithToolCalls} />
);

describe.each([
  ['useParallelTools and useAISDKRuntime', OnHook],
  ['useChatTools and useChatRuntime', OnChatRuntime],
  ['useChatTools and a useChatRuntime that sends by itself', OnSendingRuntime],
])('%s', (_, Assistant) => {
  async function open(more?: ReactNode) {
    const hand = createHandTools();
    render(
      <Assistant tools={hand.tools as ToolSet} transport={transport}>
        <Thread />
        {more}
      </Assistant>,
    );
    await drain();
    return hand;
  }

  const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
  const statesOf = (messages: readonly UIMessage[]) => messages.map((message) => partStates([message]));

  async function ask(text = 'Hi') {
    fireEvent.change(screen.getByRole('textbox'), { target: { value: text } });
    // A page renders once a frame, and assistant-ui takes a message once it shows that nothing runs.
    await expect.poll(() => button('Send').disabled).toBe(false);
    fireEvent.click(button('Send'));
    return transport.next();
  }

  it('runs several calls of a message concurrently, each once, and sends every result once', async () => {
    const { reads, writes } = await open();
    const response = await ask();
    response.start().call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).call('w', 'write', { n: 3 });
    await drain();
    expect([reads.length, writes.length]).toEqual([2, 0]);
    response.finish();
    await drain();
    expect([reads.length, writes.length]).toEqual([2, 1]);
    writes[0]!.resolve(3);
    reads[1]!.resolve(2);
    await drain();
    expect(transport.responses).toHaveLength(1);
    reads[0]!.resolve(1);
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual([
      'a: output-available',
      'b: output-available',
      'w: output-available',
    ]);
    followUp.start().text('All done').finish('stop');
    await drain();
    expect(screen.getByText('All done')).toBeDefined();
    expect([reads.length, writes.length, transport.responses.length]).toEqual([2, 1, 2]);
  });

  it('runs alone a tool whose definition assistant-ui has too', async () => {
    const { reads } = await open(<KnownTool />);
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drain();
    expect(reads.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
    reads[0]!.resolve(1);
    reads[1]!.resolve(2);
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-available']);
    followUp.start('m').text('All done').finish('stop');
    await drain();
    expect([reads.length, transport.responses.length]).toEqual([2, 2]);
    for (const { tools } of bodies) expect(tools).toHaveProperty('read');
  });

  it('goes on over several steps with further calls', async () => {
    const { reads } = await open();
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drain();
    reads[0]!.resolve(1);
    reads[1]!.resolve(2);
    (await transport.next()).start('m').call('c', 'read', { n: 3 }).call('d', 'read', { n: 4 }).finish();
    await drain();
    expect(reads).toHaveLength(4);
    reads[3]!.resolve(4);
    reads[2]!.resolve(3);
    const last = await transport.next();
    expect(partStates(last.messages)).toEqual(['a', 'b', 'c', 'd'].map((id) => `${id}: output-available`));
    last.start('m').text('All done').finish('stop');
    await drain();
    expect([reads.length, transport.responses.length]).toEqual([4, 3]);
  });

  it('tells the model of a failure beside the successes, and after the answer retries that call alone', async () => {
    const { reads } = await open();
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drain();
    reads[0]!.resolve(1);
    reads[1]!.reject(new Error('no connection'));
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['a: output-available', 'b: output-error']);
    followUp.start('m').text('One of them failed').finish('stop');
    await drain();
    fireEvent.click(button('Retry failed'));
    await drain();
    expect(reads).toHaveLength(3);
    expect(transport.responses).toHaveLength(2);
    reads[2]!.resolve(2);
    const again = await transport.next();
    expect(partStates(again.messages)).toEqual(['a: output-available', 'b: output-available']);
    expect(again.messages.at(-1)!.parts.some(({ type }) => type === 'text')).toBe(false);
    again.start('m').text('Both are here').finish('stop');
    await drain();
    expect(screen.queryByText('One of them failed')).toBeNull();
    expect(screen.getByText('Both are here')).toBeDefined();
    expect([reads.length, transport.responses.length]).toEqual([3, 3]);
  });

  it('cancels open calls when a message is sent from its composer, and sends that once', async () => {
    const { reads } = await open();
    (await ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'read', { n: 2 }).finish();
    await drain();
    reads[0]!.resolve(1);
    // What its runtime does not know yet, it cancels itself.
    await drainFrames();
    const next = await ask('Something else');
    expect(statesOf(next.messages)).toEqual([[], ['a: output-available', 'b: output-error'], []]);
    expect(reads[1]!.options.abortSignal.aborted).toBe(true);
    next.start('n').text('Fine').finish('stop');
    await drain();
    expect([reads.length, transport.responses.length]).toEqual([2, 2]);
  });

  it('sends nothing after its stop button, and starts no write', async () => {
    const { reads, writes } = await open();
    const response = await ask();
    response.start('m').call('a', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await drain();
    await expect.poll(() => button('Stop').disabled).toBe(false);
    fireEvent.click(button('Stop'));
    await drain();
    reads[0]!.resolve(1);
    await drain();
    expect([reads.length, writes.length, transport.responses.length]).toEqual([1, 0, 1]);
    const next = await ask('Go on');
    expect(statesOf(next.messages)[1]).toEqual([expect.stringMatching(/^a: output-/), 'w: output-error']);
    next.start('n').text('Fine').finish('stop');
    await drain();
    expect(writes).toHaveLength(0);
  });

  it('forgets the calls of an answer that is made again', async () => {
    const { reads } = await open();
    (await ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drain();
    fireEvent.click(button('Again'));
    const again = await transport.next();
    expect(statesOf(again.messages)).toEqual([[]]);
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    again.start('n').call('b', 'read', { n: 2 }).finish();
    await drain();
    reads[1]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['b: output-available']);
    await drain();
    expect([reads.length, transport.responses.length]).toEqual([2, 3]);
  });
});
