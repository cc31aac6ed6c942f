'use client';
/** Owns the line of a group: icon, counts, exceptions, times, chevron. Each part reads only what it shows. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { Fragment, forwardRef, useCallback } from 'react';
import { selectToolBatch } from '../../core/selectors.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { toFractionStyle, type CardStatus } from '../part/attributes.ts';
import { createPartFactory } from '../part/create-part.tsx';
import { measureGroup, shareDone, summarizeGroup, type GroupCalls, type GroupSummary } from './group-calls.ts';
import { chevronDrawing, drawingAttributes, StatusDrawing } from '../part/icons.tsx';
import { isElsewhere } from '../words/call-status.ts';
import { renderText } from '../words/hidden-characters.tsx';
import type { ToolCallLabels } from '../words/labels.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { useGroupAttributes, useGroupCalls, useToolCallGroupContext } from './context.tsx';
import { useNow } from '../part/use-now.ts';
import { Part, type PartProps } from '../part/part-element.tsx';

const createPart = createPartFactory('ToolCallGroup', useGroupAttributes);

/** The line that is always seen. @selector [data-slot="tool-call-group-header"] */
export const ToolCallGroupHeader = createPart('div', 'header');

/** Where the buttons of the line stand. @selector [data-slot="tool-call-group-actions"] */
export const ToolCallGroupActions = createPart('span', 'actions');

/** The sign of the whole batch; its ring is what is done. @selector [data-slot="tool-call-group-icon"] */
export const ToolCallGroupIcon = createPart('svg', 'icon', () => ({
  ...drawingAttributes,
  style: toFractionStyle(useGroupCalls(selectShareDone)),
  filling: <StatusDrawing status={useGroupCalls(selectDrawing)} isFilling />,
}));

function selectShareDone(group: GroupCalls): number {
  return shareDone(summarizeGroup(group));
}

/** A group that waits for a person has the sign of the first question. */
function selectDrawing(group: GroupCalls): CardStatus {
  const { status, awaiting, consent } = summarizeGroup(group);
  if (status !== 'awaiting') return status;
  if (awaiting === 0 && consent > 0) return 'awaiting-approval';
  const isQuestion = (call: { status: CardStatus }) =>
    call.status.startsWith('awaiting') || call.status === 'interrupted';
  return group.calls.find(isQuestion)?.status ?? 'failed';
}

/** The button that folds the group; its target is the whole line. @selector [data-slot="tool-call-group-trigger"] */
export const ToolCallGroupTrigger = forwardRef<HTMLButtonElement, PartProps<'button'>>(function ToolCallGroupTrigger(
  { asChild = false, children, ...props },
  ref,
) {
  const { isOpen, listId } = useToolCallGroupContext();
  return (
    <Collapsible.Trigger
      asChild
      aria-controls={isOpen ? listId : undefined}
      {...useGroupAttributes('trigger')}
      {...props}
      ref={ref}
    >
      <Part.button asChild={asChild} filling={<ToolCallGroupSummary />}>
        {children}
      </Part.button>
    </Collapsible.Trigger>
  );
});

/** Title and what follows it. @selector [data-slot="tool-call-group-summary"] */
export const ToolCallGroupSummary = createPart('span', 'summary', () => ({
  filling: (
    <>
      <ToolCallGroupTitle /> <ToolCallGroupMeta />
    </>
  ),
}));

/** `2 of 5 done`, or `5 tools` once all are. @selector [data-slot="tool-call-group-title"] */
export const ToolCallGroupTitle = createPart('span', 'title', () => ({
  filling: writeTitle(useGroupCalls(summarizeGroup), useToolCallLabels()),
}));

/** The title's words, which the progress speaks too. */
export function writeTitle({ done, total }: GroupSummary, labels: ToolCallLabels): string {
  return total > 0 && done === total ? labels.toolCount(total) : labels.doneCount(done, total);
}

/**
 * Who called, where no answer did; exceptions, whether another tab is at work, time and what was saved.
 * @selector [data-slot="tool-call-group-caller"] @selector [data-slot="tool-call-group-elsewhere"] @selector [data-slot="tool-call-group-meta"]
 */
export const ToolCallGroupMeta = createPart('span', 'meta', () => {
  const { failed, awaiting, consent, cancelled, denied, pending } = useGroupCalls(summarizeGroup);
  const isOnlyShown = useToolCalls(isElsewhere) && pending > 0;
  const from = useGroupCalls(selectCaller);
  const labels = useToolCallLabels();
  const exceptions: [status: string, count: number, text: string][] = [
    ['failed', failed, labels.failedCount(failed)],
    ['awaiting', awaiting, labels.awaitingCount(awaiting)],
    ['awaiting-consent', consent, labels.awaitingConsent(consent)],
    ['denied', denied, labels.deniedCount(denied)],
    ['cancelled', cancelled, labels.cancelledCount(cancelled)],
  ];
  return {
    filling: (
      <>
        {from !== undefined && (
          <>
            <span data-slot="tool-call-group-caller">{renderText(labels.calledBy(from))}</span>{' '}
          </>
        )}
        {exceptions.map(
          ([status, count, text]) =>
            count > 0 && (
              <Fragment key={status}>
                <span data-slot="tool-call-group-exception" data-status={status}>
                  {text}
                </span>{' '}
              </Fragment>
            ),
        )}
        {isOnlyShown && (
          <>
            <span data-slot="tool-call-group-elsewhere">{labels.runningElsewhere}</span>{' '}
          </>
        )}
        <ToolCallGroupTime /> <ToolCallGroupSaved />
      </>
    ),
  };
});

/** How long the batch has been at work, or was; waiting for a person counts for nothing. @selector [data-slot="tool-call-group-time"] */
export const ToolCallGroupTime = createPart('span', 'time', () => {
  const { time, isExact } = useGroupTime(selectWall);
  const labels = useToolCallLabels();
  if (time === undefined || time <= 0) return null;
  return { filling: isExact ? labels.duration(time) : labels.elapsed(time) };
});

/** What running in parallel saved, once every call of the batch is done. @selector [data-slot="tool-call-group-saved"] */
export const ToolCallGroupSaved = createPart('span', 'saved', () => {
  const isDone = useGroupCalls(selectIsDone);
  const { time } = useGroupTime(selectSaved);
  const labels = useToolCallLabels();
  return !isDone || time === undefined || time < 100 ? null : { filling: labels.saved(time) };
});

const selectCaller = ({ recorded }: GroupCalls) => recorded?.direct?.from;
const selectIsDone = ({ calls }: GroupCalls) => calls.every((call) => call.status === 'succeeded');
const selectWall = (group: GroupCalls, now: number) => measureGroup(group, now).wall;
const selectSaved = (group: GroupCalls, now: number) => measureGroup(group, now).saved;
const selectIsExact = (group: GroupCalls) => measureGroup(group, 0).isExact;

/** A time of the batch: whole seconds while it is at work, exact after. */
function useGroupTime(select: (group: GroupCalls, now: number) => number): {
  time: number | undefined;
  isExact: boolean;
} {
  const { batch, readCalls } = useToolCallGroupContext();
  const { store } = useToolCalls();
  const isExact = useGroupCalls(selectIsExact);
  const read = useCallback(
    (now: number) => {
      const time = select(readCalls(selectToolBatch(store.getState(), batch.key)), now);
      return isExact ? time : Math.floor(time / 1000) * 1000;
    },
    [select, readCalls, store, batch.key, isExact],
  );
  return { time: useNow(read, !isExact), isExact };
}

/** Says that there is more to see. @selector [data-slot="tool-call-group-chevron"] */
export const ToolCallGroupChevron = createPart('svg', 'chevron', () => ({
  ...drawingAttributes,
  filling: chevronDrawing,
}));
