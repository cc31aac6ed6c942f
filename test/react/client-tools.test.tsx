// Tools that components offer: they are there while their component is, and what runs is what the last render gave.
import { cleanup, render, screen } from '@testing-library/react';
import { Activity, Suspense, use, useEffect, useState, type ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import {
  clientTool,
  createToolRegistry,
  useClientTool,
  useParallelTools,
  useToolAvailability,
  type ClientTool,
} from 'use-parallel-tools';
import { z } from 'zod';
import { createHandExecute } from '../harness/deferred.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { renderScreens, type Screen } from '../harness/screens.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';
import { isReact18 } from '../harness/sdk-version.ts';
import { expectConsole } from '../setup/console.ts';

const place = z.object({ n: z.number() });
const answering = (output: unknown) => clientTool({ inputSchema: place, readOnly: true, execute: () => output });
const map = (output: unknown, name = 'zoomTo'): Screen => ({ id: 'map', name, tool: answering(output) as never });

describe.each([{ strict: false }, { strict: true }])('a component’s tool ($strict: StrictMode)', (options) => {
  it('is there while the component is mounted, once', async () => {
    const { show, toolNames } = await renderScreens(options);
    expect(toolNames()).toEqual([]);
    await show(map(1));
    expect(toolNames()).toEqual(['zoomTo']);
    await show(map(2));
    expect(toolNames()).toEqual(['zoomTo']);
    await show();
    expect(toolNames()).toEqual([]);
  });

  it('has another name at once when its component says so, and none when that has no tool', async () => {
    const { show, toolNames } = await renderScreens(options);
    await show(map(1));
    await show(map(1, 'moveTo'));
    expect(toolNames()).toEqual(['moveTo']);
    await show({ ...map(1, 'moveTo'), tool: undefined });
    expect(toolNames()).toEqual([]);
    await show(map(1, 'moveTo'));
    expect(toolNames()).toEqual(['moveTo']);
  });

  it('runs with the functions of the last render, for a call that waited meanwhile too', async () => {
    const { ask, show, call, chat, transport } = await renderScreens(options);
    const asking = (output: string): Screen => ({
      ...map(output),
      tool: clientTool({ inputSchema: place, approval: true, execute: () => output }) as never,
    });
    await show(asking('first'));
    (await ask()).start().call('a', 'zoomTo', { n: 1 }).finish();
    await expect.poll(() => call('a')?.status).toBe('awaiting-approval');
    await show(asking('second'));
    chat().toolCalls.approve(call('a'));
    await transport.next();
    expect(call('a').output).toBe('second');
  });
});

it('is told apart from an unknown tool when its call comes too late', async () => {
  const { ask, show, call, transport } = await renderScreens();
  await show(map(1));
  const response = await ask();
  await show();
  response.start().call('a', 'zoomTo', { n: 1 }).call('b', 'mystery', {}).finish();
  const { messages } = await transport.next();
  expect([call('a').error?.kind, call('b').error?.kind]).toEqual(['unavailable', 'unknown-tool']);
  expect(JSON.stringify(messages)).toContain('the part of the page with it is closed');
});

it('runs a call that came while its component was not there, once that is back', async () => {
  const { ask, show, call } = await renderScreens();
  await show(map(1));
  const response = await ask();
  await show();
  response.start().call('a', 'zoomTo', { n: 1 });
  await drain();
  await show(map(2));
  expect(call('a').output).toBe(2);
  response.finish();
});

it('can be run by hand again once its component is back', async () => {
  const { ask, show, call, chat, transport } = await renderScreens();
  await show(map(1));
  const response = await ask();
  await show();
  response.start().call('a', 'zoomTo', { n: 1 }).finish();
  (await transport.next()).start().text('It is closed').finish('stop');
  await drain();
  await show(map(2));
  chat().toolCalls.retry(call('a'));
  expect(partStates((await transport.next()).messages)).toEqual(['a: output-available']);
  expect(call('a').output).toBe(2);
});

it('stands over a tool of the hook while it is there', async () => {
  const { ask, show, call, transport } = await renderScreens({ tools: { zoomTo: answering('the hook’s') } });
  await show(map('the screen’s'));
  (await ask()).start().call('a', 'zoomTo', { n: 1 }).finish();
  const second = await transport.next();
  await show();
  second.start().call('b', 'zoomTo', { n: 1 }).finish();
  await transport.next();
  expect([call('a').output, call('b').output]).toEqual(['the screen’s', 'the hook’s']);
});

it('is in the request’s definitions exactly while its component is mounted', async () => {
  const { ask, show, transport } = await renderScreens({ sendDefinitions: true, tools: { always: answering(1) } });
  const namesOf = (body: object | undefined) =>
    (body as { tools: { name: string }[] }).tools.map(({ name }) => name).sort();
  await show(map(1));
  const first = await ask();
  expect(namesOf(first.request?.body)).toEqual(['always', 'zoomTo']);
  first.start().call('a', 'always', { n: 1 });
  await show({ ...map(1), id: 'list', name: 'openRow' });
  first.finish();
  expect(namesOf((await transport.next()).request?.body)).toEqual(['always', 'openRow']);
});

describe('two components with one name', () => {
  const second = { ...map('second'), id: 'other' };

  it('have their calls go to the one that came last, and to the other when that has gone; development says so', async () => {
    expectConsole('warn', 'two components offer a tool named "zoomTo"');
    const { ask, show, call, transport } = await renderScreens();
    await show(map('first'));
    await show(map('first'), second);
    (await ask()).start().call('a', 'zoomTo', { n: 1 }).finish();
    const next = await transport.next();
    await show(map('first'));
    next.start().call('b', 'zoomTo', { n: 1 }).finish();
    await transport.next();
    expect([call('a').output, call('b').output]).toEqual(['second', 'first']);
  });

  it('are both there with a scope', async () => {
    const { show, toolNames } = await renderScreens();
    await show({ ...map(1), scope: 'left' }, { ...second, scope: 'right' });
    expect(toolNames()).toEqual(['left_zoomTo', 'right_zoomTo']);
  });
});

// React 18 has neither `Activity` nor `use`.
describe('what React does to a component', () => {
  function Offering({ children, tool = answering(1) }: { children?: ReactNode; tool?: ClientTool<{ n: number }> }) {
    useClientTool('zoomTo', tool);
    return children;
  }

  it.skipIf(isReact18)('hidden by Activity has no tool, and shown again it has', async () => {
    const { show, toolNames } = await renderScreens();
    const hidden = (mode: 'hidden' | 'visible') => (
      <Activity key="a" mode={mode}>
        <Offering />
      </Activity>
    );
    await show(hidden('visible'));
    expect(toolNames()).toEqual(['zoomTo']);
    await show(hidden('hidden'));
    expect(toolNames()).toEqual([]);
    await show(hidden('visible'));
    expect(toolNames()).toEqual(['zoomTo']);
  });

  it.skipIf(isReact18)('suspended again keeps its tool, and the call that runs', async () => {
    const { execute, invocations } = createHandExecute<{ n: number }, object>();
    const tool = clientTool({ inputSchema: place, execute });
    const { ask, show, call, toolNames } = await renderScreens();
    let suspend!: (promise: Promise<unknown>) => void;
    function Waiting() {
      const [promise, setPromise] = useState<Promise<unknown>>();
      useEffect(() => void (suspend = setPromise), []);
      if (promise !== undefined) use(promise);
      return null;
    }
    await show(
      <Suspense key="s" fallback={null}>
        <Offering tool={tool}>
          <Waiting />
        </Offering>
      </Suspense>,
    );
    (await ask()).start().call('a', 'zoomTo', { n: 1 }).finish();
    await expect.poll(() => invocations.length).toBe(1);
    suspend(new Promise(() => {}));
    await drain();
    expect(toolNames()).toEqual(['zoomTo']);
    invocations[0]!.resolve(1);
    await expect.poll(() => call('a').status).toBe('succeeded');
  });
});

describe('useToolAvailability', () => {
  function Says({ name }: { name: string }) {
    return useToolAvailability(name) ? `${name} is there` : `${name} is not there`;
  }

  it('follows a component’s tool, and knows the hook’s', async () => {
    const { show } = await renderScreens({
      tools: { always: answering(1) },
      children: () => (
        <>
          <Says name="zoomTo" />, <Says name="always" />
        </>
      ),
    });
    expect(document.body.textContent).toBe('zoomTo is not there, always is there');
    await show(map(1));
    expect(document.body.textContent).toBe('zoomTo is there, always is there');
    await show();
    expect(document.body.textContent).toBe('zoomTo is not there, always is there');
  });
});

describe('a registry given to the hook', () => {
  it('serves components outside of the provider, and the page itself', async () => {
    const registry = createToolRegistry();
    const transport = new ScriptedTransport();
    let names: string[] = [];
    function Beside() {
      useClientTool('aside', answering(1), { registry });
      return null;
    }
    function Page() {
      const { toolCalls } = useParallelTools({ tools: {}, transport, registry });
      useClientTool('ownTool', answering(2), { registry });
      return <button onClick={() => (names = Object.keys(toolCalls.getTools()).sort())}>Look</button>;
    }
    render(
      <>
        <Beside />
        <Page />
      </>,
    );
    await drain();
    screen.getByText('Look').click();
    expect(names).toEqual(['aside', 'ownTool']);
    cleanup();
    expect(registry.getTools()).toEqual({});
  });

  it('is what a component outside of any provider needs', () => {
    function Alone() {
      useClientTool('zoomTo', answering(1));
      return null;
    }
    expect(() => render(<Alone />)).toThrow('useClientTool was rendered outside a ToolCallsProvider');
  });
});
