// Tools of an MCP server, through the real client of `@ai-sdk/mcp` and the real hook.
import { convertToModelMessages, type ToolSet } from 'ai';
import { describe, expect, it } from 'vitest';
import { withPolicy } from 'use-parallel-tools';
import { z } from 'zod';
import { createMcpClient, type McpAnswers, type McpToolListing } from '../harness/mcp-server.ts';
import { renderChat } from '../harness/render-chat.tsx';

const text = (words: string) => [{ type: 'text', text: words }];
const pixel = { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' };

async function listTools(answers: McpAnswers, listing: Partial<McpToolListing> = {}): Promise<ToolSet> {
  const client = await createMcpClient(
    Object.keys(answers).map((name) => ({ name, ...listing })),
    answers,
  );
  // SAFETY: MCP tools are AI SDK tools; their types name no tools before the server was asked.
  return (await client.tools()) as unknown as ToolSet;
}

describe('a tool of an MCP server', () => {
  it('that fails has failed, and the model reads its text as an error, beside the result of its sibling', async () => {
    const tools = await listTools({
      weather: () => ({ content: text('no such city'), isError: true }),
      echo: () => ({ content: text('hello') }),
    });
    const { ask, transport, call } = renderChat({ tools });
    (await ask()).start().call('a', 'weather', { city: 'X' }).call('b', 'echo').finish();
    const followUp = await transport.next();
    expect(call('a')).toMatchObject({
      status: 'failed',
      error: { kind: 'execution', message: 'no such city', cause: { content: text('no such city'), isError: true } },
    });
    expect(call('b')).toMatchObject({ status: 'succeeded', output: { content: text('hello') } });
    expect(followUp.messages.at(-1)!.parts.filter((part) => 'toolCallId' in part)).toMatchObject([
      { toolCallId: 'a', state: 'output-error', errorText: 'no such city' },
      { toolCallId: 'b', state: 'output-available', output: { content: text('hello') } },
    ]);
  });

  it('whose annotation says that it only reads is retried by itself', async () => {
    let runs = 0;
    const tools = await listTools(
      { weather: () => (++runs < 2 ? { content: text('busy'), isError: true } : { content: text('sunny') }) },
      { annotations: { readOnlyHint: true } },
    );
    const { ask, transport, call } = renderChat({ tools: withPolicy(tools, { '*': { retryDelay: 1 } }) });
    (await ask()).start().call('a', 'weather').finish();
    await transport.next();
    expect(call('a')).toMatchObject({
      status: 'succeeded',
      attempts: [{ error: { message: 'busy' } }, {}],
      output: { content: text('sunny') },
    });
  });

  it('is cured by a retry by hand', async () => {
    let runs = 0;
    const answer = () => (++runs < 2 ? { content: text('busy'), isError: true } : { content: text('sunny') });
    const tools = withPolicy(await listTools({ weather: answer }), { '*': { onFailure: 'hold' } });
    const { ask, settle, transport, call, chat } = renderChat({ tools });
    (await ask()).start().call('a', 'weather').finish();
    await settle();
    expect(call('a').status).toBe('failed');
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.retry(call('a').key);
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)!.parts.at(-1)).toMatchObject({ state: 'output-available' });
    expect(runs).toBe(2);
  });

  it('with an outputSchema gives its structuredContent, and a failure of it is not held against the schema', async () => {
    const client = await createMcpClient([{ name: 'weather' }], {
      weather: (input) =>
        (input as { city: string }).city === 'Oslo'
          ? { content: text('{}'), structuredContent: { celsius: 4 } }
          : { content: text('no such city'), isError: true },
    });
    const schemas = {
      weather: { inputSchema: z.object({ city: z.string() }), outputSchema: z.object({ celsius: z.number() }) },
    };
    const tools = (await client.tools({ schemas })) as unknown as ToolSet;
    const { ask, transport, call } = renderChat({ tools });
    (await ask()).start().call('a', 'weather', { city: 'Oslo' }).call('b', 'weather', { city: 'X' }).finish();
    await transport.next();
    expect(call('a')).toMatchObject({ status: 'succeeded', output: { celsius: 4 } });
    expect(call('b').error).toMatchObject({ kind: 'execution', message: 'no such city' });
  });

  it('whose structuredContent does not fit the outputSchema has failed', async () => {
    const client = await createMcpClient([{ name: 'weather' }], {
      weather: () => ({ content: [], structuredContent: { celsius: 'mild' } }),
    });
    const outputSchema = z.object({ celsius: z.number() });
    const tools = await client.tools({ schemas: { weather: { inputSchema: z.object({}), outputSchema } } });
    const { ask, transport, call } = renderChat({ tools: tools as unknown as ToolSet });
    (await ask()).start().call('a', 'weather').finish();
    await transport.next();
    expect(call('a').error?.message).toContain('does not match the expected outputSchema');
  });

  it('that answers with an image gives the model the image only where the server has its `toModelOutput`', async () => {
    const tools = await listTools({ draw: () => ({ content: [...text('here'), pixel] }) });
    const { ask, transport } = renderChat({ tools });
    (await ask()).start().call('a', 'draw').finish();
    const { messages } = await transport.next();
    const read = async (options?: { tools: ToolSet }) => {
      const result = (await convertToModelMessages(messages, options)).at(-1)!.content[0] as { output: object };
      return result.output;
    };
    expect(await read({ tools })).toMatchObject({
      type: 'content',
      value: [{ type: 'text', text: 'here' }, { mediaType: 'image/png' }],
    });
    expect(await read()).toMatchObject({ type: 'json', value: { content: [...text('here'), pixel] } });
  });
});
