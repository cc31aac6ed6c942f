'use client';
/**
 * Owns the list of a group. It knows keys, not calls: one call's update renders its own card and nothing here.
 */
import { forwardRef, memo, useCallback, useMemo, useRef, useState, type ComponentType, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { selectToolBatch, selectToolCall } from '../../core/selectors.ts';
import type { ToolCallState } from '../../core/tool-call-store.ts';
import type { ToolCallKey } from '../../core/tool-call.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { Part, type PartProps } from '../part/part-element.tsx';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { useFindable, usePageSearch } from '../part/use-page-search.ts';
import { listKeys, type GroupCalls } from './group-calls.ts';
import type { ToolCallRenderers } from '../../react/renderers.ts';
import { ToolCallCard } from '../card/card.tsx';
import { ToolCallListContextProvider } from '../card/context.tsx';
import { isShownFolded } from '../card/root.tsx';
import { useGroupAttributes, useGroupCalls, useToolCallGroupContext } from './context.tsx';

export interface ToolCallGroupListProps extends Omit<PartProps<'div'>, 'children' | 'asChild'> {
  /** Renders one call of your own; `call` is what its message part says, for a call that the store does not know. */
  children?: (callKey: ToolCallKey, call: DisplayedToolCall | undefined) => ReactNode;
  renderers?: ToolCallRenderers | undefined;
  /** Stands in each open card. It reads the call by `useToolCallCard()`. */
  cardFooter?: ComponentType | undefined;
}

/** The calls in call order. Folded, it shows those that need a person, or can be undone. @selector [data-slot="tool-call-group-list"] */
export const ToolCallGroupList = forwardRef<HTMLDivElement, ToolCallGroupListProps>(function ToolCallGroupList(
  { children, renderers, cardFooter, ...props },
  forwardedRef,
) {
  const { batch, isOpen, setOpen, listId } = useToolCallGroupContext();
  const keys = useToolCalls(
    useShallow(useCallback((state: ToolCallState) => listKeys(batch, selectToolBatch(state, batch.key)), [batch])),
  );
  const isAsking = useGroupCalls(selectIsAsking);
  const isHidden = !isOpen && !isAsking;
  const unfold = useCallback(() => setOpen(true), [setOpen]);
  const context = useMemo(() => ({ isFolded: !isOpen, unfold }), [isOpen, unfold]);
  const ref = useRef<HTMLDivElement>(null);
  useFindable(ref, usePageSearch() && isHidden, unfold);
  return (
    <ToolCallListContextProvider value={context}>
      {/* Not Radix's: that measures what is in it when it mounts, and a hundred cards would be laid out while they still render. */}
      <Part.div
        role="list"
        id={listId}
        {...useGroupAttributes('list')}
        {...props}
        hidden={isHidden}
        ref={useMergedRefs(ref, forwardedRef)}
      >
        {keys.map((key) => (
          <ListItem
            key={key}
            callKey={key}
            call={batch.calls[key]}
            isFolded={!isOpen}
            renderers={renderers}
            footer={cardFooter}
            render={children}
          />
        ))}
      </Part.div>
    </ToolCallListContextProvider>
  );
});

function selectIsAsking({ calls }: GroupCalls): boolean {
  return calls.some(isShownFolded);
}

interface ListItemProps {
  callKey: ToolCallKey;
  call: DisplayedToolCall | undefined;
  isFolded: boolean;
  renderers: ToolCallRenderers | undefined;
  footer: ComponentType | undefined;
  render: ToolCallGroupListProps['children'];
}

/** One call. A folded one that was never seen is not rendered until the page is searched: old messages cost nothing. */
const ListItem = memo(function ListItem(props: ListItemProps): ReactNode {
  const { callKey, call, isFolded, renderers, footer: Footer, render } = props;
  const isRecordShown = useToolCalls(
    useCallback(
      (state: ToolCallState) => {
        const recorded = selectToolCall(state, callKey);
        return recorded && isShownFolded(recorded);
      },
      [callKey],
    ),
  );
  const [wasSeen, setWasSeen] = useState(false);
  const isSearched = usePageSearch();
  const isShown = isRecordShown ?? (call !== undefined && isShownFolded(call));
  const isSeen = !isFolded || isShown || isSearched;
  if (isSeen && !wasSeen) setWasSeen(true);
  if (!isSeen && !wasSeen) return null;
  const fallback = isRecordShown === undefined ? call : undefined;
  return render === undefined ? (
    <ToolCallCard callKey={callKey} call={fallback} renderers={renderers}>
      {Footer && <Footer />}
    </ToolCallCard>
  ) : (
    render(callKey, fallback)
  );
}, areItemsEqual);

/** Message parts are new objects whenever their message renders; what a card shows of them seldom is. */
function areItemsEqual(left: ListItemProps, right: ListItemProps): boolean {
  return (
    left.callKey === right.callKey &&
    left.isFolded === right.isFolded &&
    left.render === right.render &&
    left.footer === right.footer &&
    areCallsEqual(left.call, right.call) &&
    areRenderersEqual(left, right)
  );
}

function areCallsEqual(left: DisplayedToolCall | undefined, right: DisplayedToolCall | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || left.status !== right.status || left.input !== right.input)
    return false;
  if (left.status === 'input-streaming' || right.status === 'input-streaming') return true;
  return (
    left.output === right.output && left.error?.message === right.error?.message && left.settledAt === right.settledAt
  );
}

function areRenderersEqual(left: ListItemProps, right: ListItemProps): boolean {
  if (left.renderers === right.renderers) return true;
  const name = left.call?.toolName ?? right.call?.toolName;
  if (name === undefined) return false;
  const [a, b] = [left.renderers?.[name], right.renderers?.[name]];
  return a?.input === b?.input && a?.output === b?.output && a?.respond === b?.respond && a?.edit === b?.edit;
}
