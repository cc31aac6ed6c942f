// The input of a call while the model writes it, as a component below the provider reads it: on the SDK's own stream and partial JSON.
import type { ToolSet } from 'ai';
import { describe, expect, it } from 'vitest';
import { clientTool, useToolInput, type ToolInput } from 'use-parallel-tools';
import { z } from 'zod';
import { drain } from '../harness/render-chat.tsx';
import { renderScreens } from '../harness/screens.tsx';
import type { ScriptedResponse } from '../harness/scripted-transport.ts';

const order = z.object({ item: z.string(), amount: z.number() });
type Order = z.infer<typeof order>;
const tools: ToolSet = {
  fillOrder: clientTool({ inputSchema: order, readOnly: true, execute: () => 'filled' }),
  confirmOrder: clientTool({ inputSchema: order, approval: true, execute: () => 'confirmed' }),
};

/** A page that notes what the hook gives at each render. */
async function readInput(call: Parameters<typeof useToolInput>[0], strict = false) {
  const seen: (ToolInput<Order> | undefined)[] = [];
  function Form() {
    seen.push(useToolInput<Order>(call));
    return null;
  }
  const page = await renderScreens({ tools, strict });
  await page.show(<Form key="form" />);
  return { ...page, seen, now: () => seen.at(-1), open: () => page.show(<Form key="form" />) };
}

/** The model begins a call, and writes this of its input. */
function begin(response: ScriptedResponse, toolCallId: string, toolName: string, text: string): ScriptedResponse {
  return response.write({ type: 'tool-input-start', toolCallId, toolName }, writing(toolCallId, text));
}

function writing(toolCallId: string, inputTextDelta: string) {
  return { type: 'tool-input-delta', toolCallId, inputTextDelta } as const;
}

describe.each([{ strict: false }, { strict: true }])('useToolInput ($strict: StrictMode)', ({ strict }) => {
  it('gives what has arrived of the newest call of a tool, and the whole once it is there', async () => {
    const { ask, now, transport } = await readInput({ toolName: 'fillOrder' }, strict);
    expect(now()).toBe(undefined);
    const response = begin((await ask()).start('m'), 'a', 'fillOrder', '');
    await drain();
    expect(now()).toEqual({ status: 'streaming', callKey: 'm/0/a', input: undefined });
    response.write(writing('a', '{"item":"Te'));
    await drain();
    expect(now()).toEqual({ status: 'streaming', callKey: 'm/0/a', input: { item: 'Te' } });
    response.write(writing('a', 'a","amount":2'));
    await drain();
    expect(now()?.input).toEqual({ item: 'Tea', amount: 2 });
    const input = { item: 'Tea', amount: 20 };
    response.write({ type: 'tool-input-available', toolCallId: 'a', toolName: 'fillOrder', input }).finish();
    await transport.next();
    expect(now()).toEqual({ status: 'complete', callKey: 'm/0/a', input });
  });

  it('gives the input of the call with a key, also after other messages', async () => {
    const { ask, now, transport } = await readInput('m/0/a', strict);
    const response = begin((await ask()).start('m'), 'a', 'fillOrder', '{"item":"Tea');
    begin(response, 'b', 'fillOrder', '{"item":"Milk');
    await drain();
    expect(now()).toEqual({ status: 'streaming', callKey: 'm/0/a', input: { item: 'Tea' } });
    const whole = { item: 'Tea', amount: 1 };
    response
      .write({ type: 'tool-input-available', toolCallId: 'a', toolName: 'fillOrder', input: whole })
      .write({ type: 'tool-input-available', toolCallId: 'b', toolName: 'fillOrder', input: { item: 'M', amount: 1 } })
      .finish();
    (await transport.next()).start().text('Done').finish('stop');
    await drain();
    (await ask()).start().text('Hello').finish('stop');
    await drain();
    expect(now()).toEqual({ status: 'complete', callKey: 'm/0/a', input: whole });
  });
});

it('goes on to the next call of the tool, and ends with the user’s next message', async () => {
  const { ask, now, transport } = await readInput({ toolName: 'fillOrder' });
  const response = await ask();
  response.start('m').call('a', 'fillOrder', { item: 'Tea', amount: 1 });
  begin(response, 'b', 'fillOrder', '{"item":"Mi');
  await drain();
  expect(now()).toEqual({ status: 'streaming', callKey: 'm/0/b', input: { item: 'Mi' } });
  response.write({
    type: 'tool-input-available',
    toolCallId: 'b',
    toolName: 'fillOrder',
    input: { item: 'Milk', amount: 1 },
  });
  response.finish();
  (await transport.next()).start().text('Done').finish('stop');
  await drain();
  expect(now()?.callKey).toBe('m/0/b');
  await ask();
  await drain();
  expect(now()).toBe(undefined);
});

it('gives nothing of a call that the model never finished', async () => {
  const { ask, now, chat } = await readInput({ toolName: 'fillOrder' });
  begin((await ask()).start('m'), 'a', 'fillOrder', '{"item":"Te');
  await drain();
  expect(now()?.status).toBe('streaming');
  await chat().stop();
  await drain();
  expect(now()).toBe(undefined);
});

it('gives the input that a person has put in the place of the model’s', async () => {
  const { ask, now, chat, call, transport } = await readInput({ toolName: 'confirmOrder' });
  (await ask()).start('m').call('a', 'confirmOrder', { item: 'Tea', amount: 9 }).finish();
  await expect.poll(() => call('a')?.status).toBe('awaiting-approval');
  chat().toolCalls.approve(call('a'), { input: { item: 'Tea', amount: 1 } });
  await transport.next();
  await drain();
  expect(now()).toEqual({ status: 'complete', callKey: 'm/0/a', input: { item: 'Tea', amount: 1 } });
});

it('renders for its own call alone', async () => {
  const { ask, seen } = await readInput({ toolName: 'fillOrder' });
  const response = begin((await ask()).start('m'), 'a', 'fillOrder', '{"item":"Tea"');
  await drain();
  const before = seen.length;
  response.text('Beside it');
  begin(response, 'b', 'confirmOrder', '{"item":"Milk"');
  await drain();
  expect(seen.length).toBe(before);
});

it('can be read by a component that is mounted while the model writes', async () => {
  const { ask, show, open, now } = await readInput({ toolName: 'fillOrder' });
  await show();
  begin((await ask()).start('m'), 'a', 'fillOrder', '{"item":"Tea');
  await drain();
  await open();
  expect(now()?.input).toEqual({ item: 'Tea' });
});
