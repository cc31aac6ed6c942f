import { fireEvent, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import { ToolCallGroupRoot } from '../../src/components/group/root.tsx';
import * as Group from '../../src/components/group/group.parts.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';

const parts = { ...Group };

const inGroup = (shown: ToolBatch) => {
  const toolCalls = createToolCalls(shown);
  const wrap = (part: ReactElement) => (
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroupRoot batch={shown}>{part}</ToolCallGroupRoot>
    </ToolCallsProvider>
  );
  return { toolCalls, wrap };
};

describe('buttons of a group', () => {
  const buttons = [
    ['RetryFailed', batch.oneFailed, 'retryFailed'],
    ['Cancel', batch.running, 'cancelAll'],
    ['ApproveAll', batch.needsAPerson, 'approve'],
  ] as const;

  it.each(buttons)('%s runs its command with the key of its batch', (name, create, command) => {
    const { toolCalls, wrap } = inGroup(create());
    const Button = parts[name];
    const { getByRole } = render(wrap(<Button />));
    fireEvent.click(getByRole('button'));
    expect(toolCalls[command]).toHaveBeenCalledExactlyOnceWith('message/0');
  });

  it.each(buttons)("%s calls the user's handler first, which can prevent the command", (name, create, command) => {
    const { toolCalls, wrap } = inGroup(create());
    const Button = parts[name];
    const { getByRole } = render(wrap(<Button onClick={(event) => event.preventDefault()} />));
    fireEvent.click(getByRole('button'));
    expect(toolCalls[command]).not.toHaveBeenCalled();
  });

  it.each(buttons)('%s is not there where it would do nothing', (name) => {
    const Button = parts[name];
    const { container } = render(inGroup(batch.finished()).wrap(<Button />));
    expect(container.querySelector('button')).toBeNull();
  });
});
