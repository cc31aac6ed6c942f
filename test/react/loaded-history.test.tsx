// What happens to calls that are found pending in messages that were loaded.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

const question: UIMessage = { id: 'user-1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const pending = (toolCallId: string, tool: 'read' | 'write', n = 1) =>
  ({ type: `tool-${tool}`, toolCallId, state: 'input-available', input: { n } }) as const;
const answered = (toolCallId: string, tool: 'read' | 'write', n = 1) =>
  ({ type: `tool-${tool}`, toolCallId, state: 'output-available', input: { n }, output: n }) as const;
const loaded = (...parts: UIMessage['parts']): UIMessage[] => [
  question,
  { id: 'answer-1', role: 'assistant', parts: [{ type: 'step-start' }, ...parts] },
];

describe('loaded history', () => {
  it('with a pending read runs it and goes on', async () => {
    const { tools, reads } = createHandTools();
    const { settle, transport } = renderChat({
      tools,
      messages: loaded(answered('a', 'read', 1), pending('b', 'read', 2)),
    });
    await settle();
    expect(reads.map(({ input }) => input)).toEqual([{ n: 2 }]);
    reads[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['a: output-available', 'b: output-available']);
  });

  it('with a pending write asks: run runs it, with the same idempotency key', async () => {
    const { tools, writes } = createHandTools();
    const { settle, transport, call, chat } = renderChat({ tools, messages: loaded(pending('w', 'write')) });
    await settle();
    expect(call('w').status).toBe('interrupted');
    expect(writes).toHaveLength(0);
    chat().toolCalls.run(call('w'));
    await settle();
    expect(writes[0]!.options.idempotencyKey).toBe('answer-1/0/w');
    writes[0]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
  });

  it('with a write that still waits for the yes of the server asks for that: it cannot have run', async () => {
    const { tools, writes } = createHandTools();
    const { settle, transport, call, chat } = renderChat({
      tools,
      messages: loaded({ ...pending('w', 'write'), state: 'approval-requested', approval: { id: 'approval-w' } }),
    });
    await settle();
    expect(call('w').status).toBe('awaiting-approval');
    expect(writes).toHaveLength(0);
    chat().toolCalls.approve(call('w'));
    await settle();
    expect(writes).toHaveLength(1);
    writes[0]!.resolve(1);
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-available']);
  });

  it('with a write that had its yes asks: it may have run', async () => {
    const { tools, writes } = createHandTools();
    const approval = { id: 'approval-w', approved: true } as const;
    const { settle, call } = renderChat({
      tools,
      messages: loaded({ ...pending('w', 'write'), state: 'approval-responded', approval }),
    });
    await settle();
    expect(call('w').status).toBe('interrupted');
    expect(writes).toHaveLength(0);
  });

  it('with a write that was denied runs and sends nothing', async () => {
    const { tools, writes } = createHandTools();
    const approval = { id: 'approval-w', approved: false } as const;
    const { settle, transport, calls } = renderChat({
      tools,
      messages: loaded({ ...pending('w', 'write'), state: 'output-denied', approval }),
    });
    await settle();
    expect(calls()).toEqual([]);
    expect(writes).toHaveLength(0);
    expect(transport.responses).toHaveLength(0);
  });

  it('with a pending write asks: skip tells the model', async () => {
    const { tools } = createHandTools();
    const { settle, transport, call, chat } = renderChat({ tools, messages: loaded(pending('w', 'write')) });
    await settle();
    chat().toolCalls.skip(call('w'));
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-error']);
  });

  it("with `onReload: 'fail'` tells the model at once", async () => {
    const { tools } = createHandTools({ write: { onReload: 'fail' } });
    const { transport, call } = renderChat({ tools, messages: loaded(pending('w', 'write')) });
    expect(partStates((await transport.next()).messages)).toEqual(['w: output-error']);
    expect(call('w').error?.kind).toBe('interrupted');
  });

  it('keeps the order of `after` among pending calls', async () => {
    const { tools, reads, writes } = createHandTools({ read: { after: 'write' }, write: { onReload: 'run' } });
    const { settle, transport } = renderChat({ tools, messages: loaded(pending('r', 'read'), pending('w', 'write')) });
    await settle();
    expect(writes).toHaveLength(1);
    expect(reads).toHaveLength(0);
    writes[0]!.resolve(1);
    await settle();
    reads[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('that is complete runs and sends nothing', async () => {
    const { tools, reads } = createHandTools();
    const { settle, transport, calls } = renderChat({ tools, messages: loaded(answered('a', 'read')) });
    await settle();
    expect(reads).toHaveLength(0);
    expect(transport.responses).toHaveLength(0);
    expect(calls()).toEqual([]);
  });
});
