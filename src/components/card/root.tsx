'use client';
/** Owns the frame of a card: which call it shows, whether it is open, and what its parts share. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useCallback, useId, useMemo, useRef, useState, type ComponentPropsWithoutRef } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { isAwaitingPerson, type ToolCallKey } from '../../core/tool-call.ts';
import { readUndoEnd, selectUndo } from '../../core/undo-facts.ts';
import { useToolCall } from '../../react/use-tool-calls.ts';
import { cardAttributes, composeHandlers, type ToolCallDensity } from '../part/attributes.ts';
import { ToolCallCardContextProvider, useToolCallList } from './context.tsx';
import { useEditing } from './use-editing.ts';
import { useDisclosure } from '../part/use-disclosure.ts';
import { isFocusInside, useHiddenFocus } from '../part/use-focus-handover.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { useIsBefore } from '../part/use-now.ts';
import { useFindable, usePageSearch } from '../part/use-page-search.ts';

/** Which call a card shows: by its key in the store, by what its message part says, or both (the store wins). */
export type ToolCallSource =
  | { callKey: ToolCallKey; call?: DisplayedToolCall | undefined }
  | { callKey?: undefined; call: DisplayedToolCall };

export interface ToolCallCardFrameProps extends Omit<
  ComponentPropsWithoutRef<typeof Collapsible.Root>,
  'defaultOpen' | 'disabled'
> {
  /** @default false, and true for a call that has failed or needs a person */
  defaultOpen?: boolean;
  /** @default 'comfortable' */
  density?: ToolCallDensity;
}

export type ToolCallCardRootProps = ToolCallCardFrameProps & ToolCallSource;

/**
 * The frame of a card. Renders nothing for a key that neither the store nor `call` knows.
 * @selector [data-slot="tool-call-card"] @selector [data-destructive] @selector [data-undo="undone"]
 */
export const ToolCallCardRoot = forwardRef<HTMLDivElement, ToolCallCardRootProps>(function ToolCallCardRoot(
  {
    callKey,
    call: messageCall,
    open: openProp,
    defaultOpen,
    onOpenChange,
    onPointerDown,
    onKeyDown,
    density,
    ...props
  },
  forwardedRef,
) {
  const handle = useToolCall(callKey ?? messageCall?.key ?? '');
  const call = handle.call ?? messageCall;
  const list = useToolCallList();
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const reason = toOpenReason(call, handle.call !== undefined);
  // A question that was answered folds although focus went from its button to the trigger; a failure that is run again stays.
  const isHeldOpen = useCallback(
    (before: string | undefined) =>
      isFocusInside(
        before === 'failed' ? ref.current : ref.current?.querySelector('[data-slot="tool-call-card-content"]'),
      ),
    [],
  );
  const [isOpen, setOpen] = useDisclosure(reason, isHeldOpen, { open: openProp, defaultOpen, onOpenChange });
  const isHidden = list?.isFolded === true && call !== undefined && !isShownFolded(call);
  const canUndo = useIsBefore(call === undefined ? 0 : readUndoEnd(call));
  useHiddenFocus(ref, isHidden);
  useFindable(ref, usePageSearch() && isHidden, list?.unfold ?? stayFolded);
  const mergedRef = useMergedRefs(ref, forwardedRef);

  const { canRetry, canRunAgain, canEdit, retryBlock, retry, run, cancel, approve, deny, respond, skip, undo } = handle;
  const editing = useEditing(call, approve, retry);
  const isRecorded = handle.call !== undefined;
  const [isReached, setReached] = useState(false);
  const reach = () => setReached(true);
  const context = useMemo(
    () =>
      call && {
        call,
        isRecorded,
        isOpen,
        canUndo,
        setOpen,
        isReached,
        id,
        ...editing,
        canEdit,
        canRetry,
        canRunAgain,
        retryBlock,
        retry,
        run,
        cancel,
        approve,
        deny,
        respond,
        skip,
        undo,
      },
    [
      call,
      isRecorded,
      isOpen,
      canUndo,
      setOpen,
      isReached,
      id,
      editing,
      canEdit,
      canRetry,
      canRunAgain,
      retryBlock,
      retry,
      run,
      cancel,
      approve,
      deny,
      respond,
      skip,
      undo,
    ],
  );
  if (call === undefined || context === undefined) return null;
  const undoStatus = selectUndo(call)?.status;

  return (
    <ToolCallCardContextProvider value={context}>
      <Collapsible.Root
        {...cardAttributes('', call.status, isOpen)}
        {...(list !== null && { role: 'listitem' })}
        {...(isHidden && { hidden: true })}
        {...(density !== undefined && { 'data-density': density })}
        {...('destructive' in call && call.destructive && { 'data-destructive': '' })}
        {...(undoStatus !== undefined && { 'data-undo': undoStatus })}
        {...props}
        onPointerDown={composeHandlers(onPointerDown, reach)}
        onKeyDown={composeHandlers(onKeyDown, reach)}
        open={isOpen}
        onOpenChange={setOpen}
        ref={mergedRef}
      />
    </ToolCallCardContextProvider>
  );
});

const stayFolded = () => {};

/** Whether a call waits for a person's answer. */
function needsPerson(call: DisplayedToolCall): boolean {
  return call.status !== 'input-streaming' && isAwaitingPerson(call);
}

/** Whether a folded group shows a call: it waits for a person, or can be undone, or was. */
export function isShownFolded(call: DisplayedToolCall): boolean {
  const undo = selectUndo(call);
  return needsPerson(call) || (undo !== undefined && undo.status !== 'expired');
}

/** A card opens for a question, and for a failure that happened here (not for one in old history). */
function toOpenReason(call: DisplayedToolCall | undefined, isRecorded: boolean): string | undefined {
  if (call === undefined) return undefined;
  if (call.status === 'failed') return isRecorded ? 'failed' : undefined;
  return needsPerson(call) ? call.status : undefined;
}
