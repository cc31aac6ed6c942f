// Proves: what people see of calls that no answer made, and of reads that may run again.
import { fireEvent, render } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ToolCallCard, ToolCallGroup, ToolCallsProvider, useDirectBatches, type ToolCalls } from 'use-parallel-tools';
import { createBatch, createToolCalls, succeeded } from '../../src/testing/call-fixtures.ts';

const read = succeeded('getOrder', { orderId: '1' }, { status: 'delivered' });

/** A group whose call was made by `from`. */
function renderGroup(from: string) {
  const batch = { ...createBatch(read), direct: { from, report: false, isDisclosed: false } };
  const toolCalls = createToolCalls(batch);
  const Calls = () => useDirectBatches().map((each) => <ToolCallGroup key={each.key} batch={each} />);
  return render(<Calls />, {
    wrapper: ({ children }) => <ToolCallsProvider value={toolCalls}>{children}</ToolCallsProvider>,
  });
}

it.each([
  ['page', 'Called by this page'],
  ['browser-agent', 'Called by the browser’s agent'],
  ['the shop’s widget', 'the shop’s widget'],
])('a group of a call by %s says so', (from, words) => {
  const { container } = renderGroup(from);
  expect(container.querySelector('[data-slot="tool-call-group-caller"]')?.textContent).toBe(words);
});

it('a group of an answer’s calls names no caller, and is not among the direct ones', () => {
  const batch = createBatch(read);
  const toolCalls = createToolCalls(batch);
  const Count = () => <p>{`${useDirectBatches().length} direct`}</p>;
  const { container } = render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={batch} />
      <Count />
    </ToolCallsProvider>,
  );
  expect(container.querySelector('[data-slot="tool-call-group-caller"]')).toBeNull();
  expect(container.textContent).toContain('0 direct');
});

it.each([true, false])('a card offers to run its call again where that can be: %s', (canRunAgain) => {
  const run = vi.fn<ToolCalls['run']>();
  const toolCalls = createToolCalls(createBatch(read), { run }, { canRunAgain: () => canRunAgain });
  const { queryByRole } = render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallCard callKey={read.key} defaultOpen />
    </ToolCallsProvider>,
  );
  const button = queryByRole('button', { name: /^Run again getOrder/ });
  expect(button !== null).toBe(canRunAgain);
  if (button !== null) fireEvent.click(button);
  expect(run.mock.calls).toEqual(canRunAgain ? [[read.key]] : []);
});
