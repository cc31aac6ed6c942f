// @vitest-environment node
// Owns: React 18 on a server, which warns of a layout effect; here there is no DOM, as there is none on a real one.
import { renderToString } from 'react-dom/server';
import * as React from 'react';
import { expect, it } from 'vitest';
import { ToolCallGroup, ToolCallsProvider, ToolCallTimeline } from 'use-parallel-tools';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';

it.each([
  ['running', batch.running()],
  ['finished', batch.finished()],
  ['one failed', batch.oneFailed()],
  ['needs a person', batch.needsAPerson()],
])('renders a group and a timeline on a server without a warning: %s', (_, shown) => {
  const page = (
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} />
      <ToolCallTimeline batch={shown} />
    </ToolCallsProvider>
  );
  expect(React.version).toMatch(/^18\./);
  expect(renderToString(page)).toContain('data-slot="tool-call-group"');
});
