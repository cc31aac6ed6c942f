import { fireEvent, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import { ToolCallGroupRoot } from '../../src/components/tool-call-group-root.tsx';
import * as Group from '../../src/components/tool-call-group.parts.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { batch } from '../../stories/fixtures/shop.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { describeConformance } from './conformance.tsx';

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

const part = (name: keyof typeof parts, slot: string, create: () => ToolBatch, status: string) =>
  describeConformance(`ToolCallGroup${name}`, {
    part: parts[name] as never,
    takesChild: name !== 'List',
    slot,
    status,
    wrap: inGroup(create()).wrap,
  });

part('Header', 'tool-call-group-header', batch.running, 'running');
part('Icon', 'tool-call-group-icon', batch.running, 'running');
part('Trigger', 'tool-call-group-trigger', batch.oneFailed, 'failed');
part('Summary', 'tool-call-group-summary', batch.finished, 'succeeded');
part('Title', 'tool-call-group-title', batch.finished, 'succeeded');
part('Meta', 'tool-call-group-meta', batch.needsAPerson, 'awaiting');
part('Time', 'tool-call-group-time', batch.finished, 'succeeded');
part('Saved', 'tool-call-group-saved', batch.finished, 'succeeded');
part('Actions', 'tool-call-group-actions', batch.running, 'running');
part('Chevron', 'tool-call-group-chevron', batch.running, 'running');
part('Progress', 'tool-call-group-progress', batch.running, 'running');
part('List', 'tool-call-group-list', batch.running, 'running');
part('Announcer', 'tool-call-group-announcer', batch.running, 'running');
part('RetryFailed', 'tool-call-group-retry-failed', batch.oneFailed, 'failed');
part('Cancel', 'tool-call-group-cancel', batch.running, 'running');
part('ApproveAll', 'tool-call-group-approve-all', batch.needsAPerson, 'awaiting');

describeConformance('ToolCallGroupRoot', {
  part: ToolCallGroupRoot as never,
  slot: 'tool-call-group',
  status: 'succeeded',
  props: { batch: batch.finished() },
  wrap: (root) => <ToolCallsProvider value={createToolCalls(batch.finished())}>{root}</ToolCallsProvider>,
});

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
