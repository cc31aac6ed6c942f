// What happens to loaded messages that are not as the types say: other versions of the SDK, broken stores, servers of one's own.
import { render } from '@testing-library/react';
import type { UIMessage } from 'ai';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { groupMessageParts, ToolCallGroup, ToolCallsProvider } from 'use-parallel-tools';
import { createParallelChat } from '../../src/react/parallel-chat.ts';
import { anyMessage } from '../harness/any-message.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

const question = { id: 'user-1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const answer = (...parts: unknown[]) => ({ id: 'answer-1', role: 'assistant', parts: [{ type: 'step-start' }, ...parts] }); // prettier-ignore
const call = (fields: object = {}) => ({ type: 'tool-write', toolCallId: 'w', input: { n: 1 }, ...fields });
const v4 = { type: 'tool-invocation', toolInvocation: { state: 'call', toolCallId: 'v', toolName: 'write', args: {} } };

/** A page that loads `messages`. What the SDK's own server would say of such history is not the page's fault. */
function load(messages: unknown[]) {
  const hand = createHandTools();
  const page = renderChat({ tools: hand.tools, messages: messages as UIMessage[] });
  onTestFinished(() => void (page.transport.problems.length = 0));
  return { ...hand, ...page };
}

/** A message without what is no part at all: the SDK continues no conversation that has it. */
const withTypedParts = (message: object) => {
  const { parts } = message as { parts?: ({ type?: string } | null)[] | null };
  return { ...message, parts: (parts ?? []).filter((part) => part?.type !== undefined) };
};

describe('loaded history that cannot be read', () => {
  it.each<[string, object]>([
    ["AI SDK 4's call", answer(v4)],
    ['a call without an id', answer(call({ state: 'input-available', toolCallId: undefined }))],
    ['a call whose id is null', answer(call({ state: 'input-available', toolCallId: null }))],
    ['a call whose id is a number', answer(call({ state: 'input-available', toolCallId: 7 }))],
    ['a call in a state to come', answer(call({ state: 'output-postponed' }))],
    ['a dynamic call without a name', answer({ ...call({ state: 'input-available' }), type: 'dynamic-tool' })],
    ['a part of nothing', answer(null)],
    ['a part without a type', answer({ text: 'Hello' })],
    ['a text for a part', answer('Hello')],
    ['a message of AI SDK 4', { id: 'answer-1', role: 'assistant', content: 'Hello', toolInvocations: [] }],
    ['a message whose parts are null', { id: 'answer-1', role: 'assistant', parts: null }],
  ])('runs nothing, breaks nothing, and holds no message back: %s', async (_, odd) => {
    const { ask, chat, calls, transport, settle, writes, reads } = load([question, odd]);
    await settle();
    const response = await ask('Go on');
    expect(response.messages).toEqual([question, odd, expect.objectContaining({ role: 'user' })]);
    response.start('answer-2').call('r', 'read', { n: 2 }).finish();
    await settle();
    expect(writes).toHaveLength(0);
    reads[0]!.resolve('read');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['r: output-available']);
    expect(followUp.messages[1]).toMatchObject(withTypedParts(odd));
    followUp.start().text('Done').finish('stop');
    await settle();
    expect(chat().status).toBe('ready');
    expect(calls().map(({ status }) => status)).toEqual(['succeeded']);
  });

  it('holds no message back where a message is nothing at all; the SDK itself cannot show an answer then', async () => {
    const { ask } = load([question, null]);
    expect((await ask()).messages).toHaveLength(3);
  });

  it('does not keep the calls beside it from running', async () => {
    const good = call({ toolCallId: 'r', type: 'tool-read', state: 'input-available' });
    const { transport, reads, settle } = load([question, answer(v4, good)]);
    await settle();
    reads[0]!.resolve('read');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)?.parts).toEqual([
      { type: 'step-start' },
      v4,
      { ...good, state: 'output-available', output: 'read' },
    ]);
    followUp.close();
  });

  it('is known by the number that is its id', async () => {
    const good = call({ type: 'tool-read', state: 'input-available' });
    const { transport, reads, settle } = load([question, { ...answer(good), id: 7 }]);
    await settle();
    reads[0]!.resolve('read');
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
  });
});

describe('a loaded call that lacks a field', () => {
  it('asks again where the answer to its approval was lost, and runs nothing before', async () => {
    const {
      call: read,
      chat,
      settle,
      transport,
      writes,
    } = load([question, answer(call({ state: 'approval-responded' }))]);
    await settle();
    expect(read('w').status).toBe('awaiting-approval');
    expect(writes).toHaveLength(0);
    chat().toolCalls.approve(read('w'));
    await settle();
    writes[0]!.resolve('written');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)?.parts[1]).toEqual(call({ state: 'output-available', output: 'written' }));
  });

  it('tells the model of a no that its part has no place for', async () => {
    const asked = call({ state: 'approval-requested', approval: {} });
    const { call: read, chat, settle, transport } = load([question, answer(asked)]);
    await settle();
    chat().toolCalls.deny(read('w'), 'Not now');
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)?.parts[1]).toEqual(call({ state: 'output-error', errorText: 'Not now' }));
  });

  it.each<[string, object, string]>([
    ['a denial without its approval', { state: 'output-denied' }, 'The user said no'],
    ['a failure without words', { state: 'output-error' }, ''],
  ])('is settled, stays as it is, and is told as an error: %s', async (_, fields, errorText) => {
    const { ask, calls, chat, settle, transport } = load([question, answer(call(fields))]);
    await settle();
    expect(transport.responses).toHaveLength(0);
    expect((await ask()).messages[1]).toEqual(answer(call({ state: 'output-error', errorText })));
    expect(chat().messages[1]).toEqual(answer(call(fields)));
    expect(calls()).toEqual([]);
  });
});

it.each<[string, object, string]>([
  ['a denial without its approval', { state: 'output-denied' }, 'Denied'],
  ['a failure without words', { state: 'output-error' }, 'Failed'],
  ['an output that is not there', { state: 'output-available' }, 'Done'],
  ['an answer without its approval', { state: 'approval-responded' }, 'Needs approval'],
])('a card shows what there is of a call: %s', (_, fields, word) => {
  const { chat, transport } = load([question]);
  const [group] = groupMessageParts(answer(call({ ...fields, input: undefined })) as unknown as UIMessage);
  const { container } = render(
    <ToolCallsProvider value={chat().toolCalls}>
      {group?.type === 'tool-calls' && <ToolCallGroup batch={group.batch} defaultOpen />}
    </ToolCallsProvider>,
  );
  expect(container.querySelector('[data-slot="tool-call-card-name"]')?.textContent).toBe('write');
  expect(container.querySelector('[data-slot="tool-call-card-status"]')?.textContent).toBe(word);
  expect(transport.responses).toHaveLength(0);
});

it('no history that JSON can hold breaks the page or holds a message back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage(), { maxLength: 4 }), async (messages) => {
      const transport = new ScriptedTransport();
      const { bridge, chat, functions } = createParallelChat<UIMessage>({
        tools: createHandTools().tools,
        messages: messages as UIMessage[],
        transport,
      });
      const unmount = bridge.mount();
      await drain(2);
      const before = transport.responses.length;
      void functions.sendMessage({ text: 'Hi' });
      await drain(6);
      expect(transport.responses.slice(before).some((each) => each.messages.at(-1)?.role === 'user')).toBe(true);
      for (const response of transport.responses) response.close();
      await drain(2);
      expect(chat.status).toBe('ready');
      unmount();
      await drain(2);
    }),
    { numRuns: 300 },
  );
}, 60_000);
