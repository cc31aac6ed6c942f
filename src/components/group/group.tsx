'use client';
/** Owns the drop-in group: its parts in their order. Built of public parts only. */
import { forwardRef, type ComponentType, type ReactNode } from 'react';
import type { MessageToolBatch } from '../../core/message-batch.ts';
import { summarizeGroup } from './group-calls.ts';
import type { ToolCallLabelsOverride } from '../words/labels.ts';
import { ToolCallLabelsProvider } from '../words/labels-provider.tsx';
import type { ToolCallRenderers } from '../../react/renderers.ts';
import { ToolCallGroupAnnouncer } from './announcer.tsx';
import { ToolCallGroupApproveAll, ToolCallGroupCancel, ToolCallGroupRetryFailed } from './buttons.tsx';
import { useGroupCalls } from './context.tsx';
import {
  ToolCallGroupActions,
  ToolCallGroupChevron,
  ToolCallGroupHeader,
  ToolCallGroupIcon,
  ToolCallGroupTrigger,
} from './head.tsx';
import { ToolCallGroupList } from './list.tsx';
import { ToolCallGroupProgress } from './progress.tsx';
import { ToolCallGroupRoot, type ToolCallGroupRootProps } from './root.tsx';

export interface ToolCallGroupProps extends Omit<ToolCallGroupRootProps, 'children' | 'asChild'> {
  /** Your own components for the input, output and answer of a tool, by its name. */
  renderers?: ToolCallRenderers | undefined;
  /** Words to replace in this group; define them outside of components. */
  labels?: ToolCallLabelsOverride | undefined;
  /** Stands under the calls, and gets their batch: `ConsentRequest` of `use-parallel-tools/disclosure`, or a component of your own. */
  footer?: ComponentType<{ batch: MessageToolBatch }> | undefined;
  /** Stands in each open card: `RememberApproval` of `use-parallel-tools/approvals`, or a component of your own, which reads the call by `useToolCallCard()`. */
  cardFooter?: ComponentType | undefined;
}

/** The tool calls of one step of a message: counts, progress, times, what can be done with all of them, and a card each. */
export const ToolCallGroup = forwardRef<HTMLDivElement, ToolCallGroupProps>(function ToolCallGroup(
  { renderers, labels, footer: Footer, cardFooter, ...props },
  ref,
) {
  return (
    <ToolCallLabelsProvider labels={labels}>
      <ToolCallGroupRoot {...props} ref={ref}>
        <ToolCallGroupHeader>
          <ToolCallGroupIcon />
          <ToolCallGroupTrigger />{' '}
          <ToolCallGroupActions>
            <FirstAction />
            <ToolCallGroupCancel />
          </ToolCallGroupActions>
          <ToolCallGroupChevron />
          <ToolCallGroupProgress />
        </ToolCallGroupHeader>
        <ToolCallGroupList renderers={renderers} cardFooter={cardFooter} />
        {Footer && <Footer batch={props.batch} />}
        <ToolCallGroupAnnouncer />
      </ToolCallGroupRoot>
    </ToolCallLabelsProvider>
  );
});

/** A line has room for one button beside Cancel: questions come first. */
function FirstAction(): ReactNode {
  const { approvable } = useGroupCalls(summarizeGroup);
  return approvable > 1 ? <ToolCallGroupApproveAll /> : <ToolCallGroupRetryFailed />;
}
