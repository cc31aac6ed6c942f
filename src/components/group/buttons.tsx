'use client';
/** Owns what a person can do with a whole batch. A button that would do nothing is not there. */
import { forwardRef, useRef } from 'react';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import type { ToolBatchKey } from '../../core/tool-call.ts';
import type { ToolCalls } from '../../core/tool-calls.ts';
import { composeHandlers, type ToolCallButtonVariant } from '../part/attributes.ts';
import { summarizeGroup, type GroupSummary } from './group-calls.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import type { ToolCallLabels } from '../words/labels.ts';
import { useGroupAttributes, useGroupCalls, useToolCallGroupContext } from './context.tsx';
import { useFocusHandover } from '../part/use-focus-handover.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { Part, type PartProps } from '../part/part-element.tsx';

export interface ToolCallGroupButtonProps extends PartProps<'button'> {
  /** How much the button asks for attention. */
  variant?: ToolCallButtonVariant;
}

/** The element of every button here; its focus goes to the group's trigger when it disappears. */
const GroupButton = forwardRef<
  HTMLButtonElement,
  ToolCallGroupButtonProps & { slot: string; run: () => void; filling: string }
>(function GroupButton({ slot, run, variant = 'outline', onClick, ...props }, forwardedRef) {
  const ref = useRef<HTMLButtonElement>(null);
  useFocusHandover(ref);
  return (
    <Part.button
      type="button"
      {...useGroupAttributes(slot)}
      data-variant={variant}
      {...props}
      onClick={composeHandlers(onClick, run)}
      ref={useMergedRefs(ref, forwardedRef)}
    />
  );
});

function createGroupButton(
  displayName: string,
  slot: string,
  isOffered: (summary: GroupSummary) => boolean,
  run: (toolCalls: ToolCalls, key: ToolBatchKey) => void,
  label: (labels: ToolCallLabels, summary: GroupSummary) => string,
  variant?: ToolCallButtonVariant,
) {
  const Component = forwardRef<HTMLButtonElement, ToolCallGroupButtonProps>((props, ref) => {
    const toolCalls = useToolCalls();
    const { batch } = useToolCallGroupContext();
    const labels = useToolCallLabels();
    const summary = useGroupCalls(summarizeGroup);
    if (!isOffered(summary)) return null;
    return (
      <GroupButton
        slot={slot}
        run={() => run(toolCalls, batch.key)}
        {...(variant && { variant })}
        {...props}
        ref={ref}
        filling={label(labels, summary)}
      />
    );
  });
  Component.displayName = displayName;
  return Component;
}

/** Runs every failed call again. @selector [data-slot="tool-call-group-retry-failed"] */
export const ToolCallGroupRetryFailed = createGroupButton(
  'ToolCallGroupRetryFailed',
  'retry-failed',
  (summary) => summary.retryable > 0,
  (toolCalls, key) => toolCalls.retryFailed(key),
  (labels) => labels.retryFailed,
);

/** Stops every call that waits or runs. @selector [data-slot="tool-call-group-cancel"] */
export const ToolCallGroupCancel = createGroupButton(
  'ToolCallGroupCancel',
  'cancel',
  (summary) => summary.pending > 0,
  (toolCalls, key) => toolCalls.cancelAll(key),
  (labels) => labels.cancelAll,
  'ghost',
);

/** Approves every call that does not want its own yes; there from two of them on. @selector [data-slot="tool-call-group-approve-all"] */
export const ToolCallGroupApproveAll = createGroupButton(
  'ToolCallGroupApproveAll',
  'approve-all',
  (summary) => summary.approvable > 1,
  (toolCalls, key) => toolCalls.approve(key),
  (labels, { approvable, isReadyToRun }) => (isReadyToRun ? labels.runAll : labels.approveAll)(approvable),
);
