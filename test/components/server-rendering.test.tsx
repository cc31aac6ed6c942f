import { act } from '@testing-library/react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ToolCallGroup } from '../../src/components/group/group.tsx';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';

it.each([
  ['running', batch.running()],
  ['finished', batch.finished()],
  ['one failed', batch.oneFailed()],
  ['needs a person', batch.needsAPerson()],
])('hydrates what a server rendered without a warning: %s', (_, shown) => {
  const page = (
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>
  );
  const container = document.createElement('div');
  container.innerHTML = renderToString(page);
  expect(container.textContent).toMatch(/done|tools/);
  let root: Root | undefined;
  act(() => {
    root = hydrateRoot(container, page);
  });
  expect(container.querySelector('[data-slot="tool-call-group-header"]')).not.toBeNull();
  act(() => root?.unmount());
});
