import { fireEvent, render, screen } from '@testing-library/react';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ToolCallGroup } from '../../registry/tool-call-group.tsx';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';

it('renders the source that it installs, with the buttons of the app', () => {
  const shown = batch.oneFailed();
  const toolCalls = createToolCalls(shown);
  render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  expect(screen.getByText('4 of 5 done')).toBeTruthy();
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
  const retry = screen.getByRole('button', { name: 'Retry convertCurrency' });
  expect(retry.getAttribute('data-button')).toBe('outline sm');
  expect(retry.textContent).toBe('Retry');
  fireEvent.click(retry);
  expect(toolCalls.retry).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole('button', { name: 'Retry failed' }));
  expect(toolCalls.retryFailed).toHaveBeenCalledWith('message/0');
});

it.each([
  ['awaiting a person', batch.needsAPerson()],
  ['running', batch.running()],
  ['cancelled', batch.cancelled()],
])('renders every status: %s', (_, shown) => {
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  expect(container.querySelector('[data-slot="tool-call-group"]')).not.toBeNull();
});

it('lists files that are there', () => {
  const registry = JSON.parse(readFileSync('registry.json', 'utf8')) as { items: { files: { path: string }[] }[] };
  const paths = registry.items.flatMap((item) => item.files.map((file) => file.path));
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});
