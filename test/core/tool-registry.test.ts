// The registry alone, beside a runner without React: what it takes, what it refuses, and whom it tells.
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { clientTool, createToolRunner } from '../../src/core/index.ts';
import { createToolRegistry } from '../../src/core/tool-registry.ts';
import type { ToolPolicy } from '../../src/core/tool.ts';

const answering = (output: unknown, policy: ToolPolicy<object> = {}) =>
  clientTool({ inputSchema: z.object({}), ...policy, execute: () => output });

function create() {
  const registry = createToolRegistry();
  const runner = createToolRunner({ tools: { zoomTo: answering(1, { after: 'later' }) }, registry });
  runner.watchTools(() => runner.noteTools());
  return { registry, runner };
}

describe('a tool that makes no sense', () => {
  it.each([
    ['no schema', {}, 'to have an `inputSchema`'],
    ['a limit below 1', answering(1, { concurrency: 0 }), 'Expected `concurrency`'],
    ['a cycle with another tool', answering(1, { after: 'zoomTo' }), 'to form no cycle'],
    ['a word for `onUnmount`', answering(1, { onUnmount: 'stay' as never }), 'Expected `onUnmount`'],
  ])('is refused where it is offered (%s), and nothing of it stays', (_, tool, message) => {
    const { registry, runner } = create();
    expect(() => registry.register('later', tool as never).mount()).toThrow(message);
    expect(Object.keys(runner.getTools())).toEqual(['zoomTo']);
  });

  it('is refused as a new version, and the last one stays', () => {
    const { registry, runner } = create();
    const registration = registry.register('later', answering(1));
    registration.mount();
    expect(() => registration.update({} as never)).toThrow('to have an `inputSchema`');
    expect(() => registration.update(answering(2, { concurrency: 0 }))).toThrow('Expected `concurrency`');
    expect(runner.policyOf('later')?.concurrency).toBe(Infinity);
  });
});

it('names in `after` may come and go', async () => {
  const { registry, runner } = create();
  const unmount = registry.register('later', answering(2)).mount();
  const names = async () =>
    (await runner.runCalls(['zoomTo', 'later'].map((toolName) => ({ toolCallId: toolName, toolName, input: {} })))).map(
      ({ toolName, status }) => `${toolName}: ${status}`,
    );
  expect(await names()).toEqual(['zoomTo: succeeded', 'later: succeeded']);
  unmount();
  expect(await names()).toEqual(['zoomTo: succeeded', 'later: failed']);
});

describe('getTools', () => {
  it('gives the same object until a tool comes, goes, or is another one', () => {
    const registry = createToolRegistry();
    const tool = answering(1);
    const registration = registry.register('a', tool);
    const empty = registry.getTools();
    expect(registry.getTools()).toBe(empty);
    const unmount = registration.mount();
    const one = registry.getTools();
    expect(Object.keys(one)).toEqual(['a']);
    registration.update({ ...tool, execute: () => 2 } as typeof tool);
    expect(registry.getTools()).toBe(one);
    registration.update({ ...tool, description: 'Another' } as typeof tool);
    expect(registry.getTools()['a']?.description).toBe('Another');
    unmount();
    expect(registry.getTools()).toEqual({});
  });

  it('calls the latest functions with their own tool', () => {
    const registry = createToolRegistry();
    const counter = (by: number) => ({ ...answering(0), by, execute: (n: number) => counterOf(n, by) });
    const counterOf = (n: number, by: number) => n * by;
    const registration = registry.register('a', counter(2) as never);
    registration.mount();
    const { execute } = registry.getTools()['a'] as unknown as { execute: (n: number) => number };
    expect(execute(4)).toBe(8);
    registration.update(counter(3) as never);
    expect(execute(4)).toBe(12);
  });
});

it('tells of what comes at once, and of what goes once it has not come back', async () => {
  const registry = createToolRegistry();
  const listener = vi.fn<() => void>();
  const unsubscribe = registry.subscribe(listener);
  const registration = registry.register('a', answering(1));
  const unmount = registration.mount();
  expect(listener).toHaveBeenCalledTimes(1);
  unmount();
  expect(listener).toHaveBeenCalledTimes(1);
  await Promise.resolve();
  expect(listener).toHaveBeenCalledTimes(2);
  unsubscribe();
  registration.mount();
  expect(listener).toHaveBeenCalledTimes(2);
});
