// Tools that come after the chat: those of an MCP server, whose list is asked for first; a tool that a later version of a page has.
import type { ToolSet, UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, partStates, renderChat, type ChatOptions, type ChatWay } from '../harness/render-chat.tsx';

const pending = (toolCallId: string, tool: string) =>
  ({ type: `tool-${tool}`, toolCallId, state: 'input-available', input: { n: 1 } }) as UIMessage['parts'][number];
const history = (...parts: UIMessage['parts']): UIMessage[] => [
  { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
  { id: 'm', role: 'assistant', parts: [{ type: 'step-start' }, ...parts] },
];

/** A chat whose tools a test changes. */
async function render(way: ChatWay, tools: ToolSet, messages: UIMessage[] = []) {
  const rendered = renderChat({ tools, messages } as ChatOptions<ToolSet>, { way });
  await rendered.settle();
  return {
    ...rendered,
    async setTools(next: ToolSet) {
      rendered.view.rerender({ tools: next, messages } as ChatOptions<ToolSet>);
      await rendered.settle();
    },
    statuses: () => rendered.calls().map(({ toolCallId, status }) => `${toolCallId}: ${status}`),
  };
}

describe.each(CHAT_WAYS)('loaded history (%s)', (way) => {
  it('has its calls run when their tools come, and goes on', async () => {
    const { tools, reads } = createHandTools();
    const { setTools, statuses, transport } = await render(
      way,
      {},
      history(pending('r', 'read'), pending('w', 'write')),
    );
    expect(statuses()).toEqual([]);
    await setTools(tools);
    expect(statuses()).toEqual(['r: running', 'w: interrupted']);
    await setTools({ ...tools });
    expect(reads).toHaveLength(1);
    expect(transport.responses).toEqual([]);
  });

  it('calls no tool unknown because that of a sibling is there: it may still come', async () => {
    const { tools, reads, writes } = createHandTools({ write: { onReload: 'run' } });
    const { read } = tools;
    const rendered = await render(way, { read }, history(pending('r', 'read'), pending('w', 'write')));
    const { setTools, settle, statuses, transport } = rendered;
    reads[0]!.resolve(1);
    await settle();
    expect(statuses()).toEqual(['r: succeeded']);
    expect(transport.responses).toEqual([]);
    await setTools(tools);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    await settle();
    expect([reads.length, writes.length, transport.responses.length]).toEqual([1, 1, 1]);
  });

  it.each(['resend', 'retryFailed'] as const)(
    'calls it unknown when a person acts (%s), and goes on',
    async (command) => {
      const { tools, reads } = createHandTools();
      const { read } = tools;
      const rendered = await render(way, { read }, history(pending('r', 'read'), pending('x', 'mystery')));
      const { setTools, settle, chat, call, transport } = rendered;
      reads[0]!.resolve(1);
      await settle();
      if (command === 'resend') chat().toolCalls.resend();
      else chat().toolCalls.retryFailed('m/0');
      expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'x: output-error']);
      expect(call('x').error?.kind).toBe('unknown-tool');
      // Its tool comes too late: the model has been told.
      await setTools({ ...tools, mystery: read });
      await settle();
      expect([reads.length, transport.responses.length]).toEqual([1, 1]);
    },
  );

  it('closes it when the user writes', async () => {
    const { tools } = createHandTools();
    const { chat, transport } = await render(way, tools, history(pending('w', 'write'), pending('x', 'mystery')));
    void chat().sendMessage({ text: 'Go on' });
    const { messages } = await transport.next();
    expect(partStates(messages.slice(0, 2))).toEqual(['w: output-error', 'x: output-error']);
  });
});

describe.each(CHAT_WAYS)('an answer that streams (%s)', (way) => {
  it('has its read started at once when its tool comes, its write at the end', async () => {
    const { tools, reads, writes } = createHandTools();
    const { ask, setTools, settle, transport } = await render(way, {});
    const response = await ask();
    response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await settle();
    await setTools(tools);
    expect([reads.length, writes.length]).toEqual([1, 0]);
    response.finish();
    await settle();
    expect([reads.length, writes.length]).toEqual([1, 1]);
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('whose tools have not come at its end is told so', async () => {
    const { ask, setTools, call, settle, transport } = await render(way, {});
    (await ask()).start('m').call('r', 'read', { n: 1 }).finish();
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-error']);
    const { tools, reads } = createHandTools();
    await setTools(tools);
    await settle();
    expect(call('r').error?.kind).toBe('unknown-tool');
    expect(reads).toEqual([]);
  });
});
