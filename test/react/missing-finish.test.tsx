// What the author of a page is told of a backend that never says that an answer is complete.
import type { UIMessageChunk } from 'ai';
import { afterEach, expect, it, vi } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, renderChat } from '../harness/render-chat.tsx';
import type { ScriptedResponse } from '../harness/scripted-transport.ts';

afterEach(() => vi.unstubAllEnvs());

/** What the author of the page was told. */
const warnings = () =>
  vi.mocked(console.warn).mock.calls.map(String).filter((line) => line.includes('without a `finish` chunk')); // prettier-ignore

const finish = (finishReason: 'length' | 'tool-calls'): UIMessageChunk => ({ type: 'finish', finishReason });
const withCall = (response: ScriptedResponse) => response.start().call('a', 'read', { n: 1 });
const withoutFinish = (response: ScriptedResponse) => withCall(response).close();

async function loseConnection(response: ScriptedResponse): Promise<void> {
  withCall(response);
  await drain();
  response.fail(new TypeError('network error'));
}

/** A page whose first answer ends as `end` has it. */
async function answer(end: (response: ScriptedResponse) => unknown) {
  const { tools, reads } = createHandTools();
  const page = renderChat({ tools });
  await end(await page.ask());
  await page.settle();
  reads[0]?.resolve(1);
  await page.settle();
  return page;
}

// The warning comes once for each page: what says nothing has to come first.
it.each<[string, (response: ScriptedResponse) => unknown]>([
  ['an answer that is complete', (response) => withCall(response).write(finish('tool-calls')).close()],
  ['an answer that the model cut', (response) => withCall(response).write(finish('length')).close()],
  ['an answer without a call', (response) => response.start().text('Hello').close()],
  ['a call that is the server’s', (response) => response.start().write({ type: 'tool-input-available', toolCallId: 's', toolName: 'search', input: {}, providerExecuted: true }).close()],
  ['an answer that broke', (response) => withCall(response).write({ type: 'error', errorText: 'down' }).close()],
  ['an answer that the server aborted', (response) => withCall(response).write({ type: 'abort' }).close()],
  ['an answer whose connection was lost', loseConnection],
])('says nothing of %s', async (_, end) => {
  const { chat } = await answer(end);
  expect(chat().messages.at(-1)?.role).toBe('assistant');
  expect(warnings()).toEqual([]);
}); // prettier-ignore

it('says nothing of an answer that the user stopped', async () => {
  const { tools } = createHandTools();
  const { ask, chat, settle } = renderChat({ tools });
  withCall(await ask());
  await settle();
  await chat().stop();
  await settle();
  expect(chat().status).toBe('ready');
  expect(warnings()).toEqual([]);
});

it('says nothing in production', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const { transport } = await answer(withoutFinish);
  expect(transport.responses).toHaveLength(1);
  expect(warnings()).toEqual([]);
});

it('says once, in development, what is missing and what to do: nothing was sent', async () => {
  for (let time = 0; time < 2; time++) {
    const { calls, transport } = await answer(withoutFinish);
    expect(calls()).toMatchObject([{ status: 'succeeded' }]);
    expect(transport.responses).toHaveLength(1);
  }
  expect(warnings()).toHaveLength(1);
  expect(warnings()[0]).toContain("{ type: 'finish', finishReason: 'tool-calls' }");
});
