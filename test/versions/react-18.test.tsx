// Owns: that the tests of `npm run test:react-18` run on React 18, and on no other React beside it.
import { createRequire } from 'node:module';
import { render, renderHook } from '@testing-library/react';
import { useChat } from '@ai-sdk/react';
import * as React from 'react';
import * as ReactDOM from 'react-dom';
import { expect, it } from 'vitest';
import { ToolCallGroup, ToolCallsProvider } from 'use-parallel-tools';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';

it('is React 18', () => {
  expect(React.version).toMatch(/^18\./);
  expect(ReactDOM.version).toBe(React.version);
});

it('is one React: whoever uses it, Testing Library, the SDK, Zustand or Radix, has loaded no other', () => {
  renderHook(() => useChat());
  const shown = batch.finished();
  const toolCalls = createToolCalls(shown);
  render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  const loaded = Object.keys(createRequire(import.meta.url).cache).map((path) => path.replaceAll('\\', '/'));
  const of = (name: string) => loaded.filter((path) => new RegExp(`node_modules/${name}/cjs/${name}\\.dev`).test(path));
  for (const name of ['react', 'react-dom']) expect(of(name)).toEqual([expect.stringContaining('versions/react-18/')]);
});
