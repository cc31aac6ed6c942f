'use client';
/** Owns the frame of a group: which batch it shows, whether it is folded, and what it says aloud. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useCallback, useId, useMemo, useRef, type ComponentPropsWithoutRef } from 'react';
import type { MessageToolBatch } from '../../core/message-batch.ts';
import { selectToolBatch } from '../../core/selectors.ts';
import type { ToolCallState } from '../../core/tool-call-store.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { groupAttributes, type ToolCallDensity } from '../part/attributes.ts';
import { createCallReader, summarizeGroup } from './group-calls.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { ToolCallGroupContextProvider } from './context.tsx';
import { useDisclosure } from '../part/use-disclosure.ts';
import { isFocusInside } from '../part/use-focus-handover.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';

export interface ToolCallGroupRootProps extends Omit<
  ComponentPropsWithoutRef<typeof Collapsible.Root>,
  'defaultOpen' | 'disabled'
> {
  /** A batch of `groupMessageParts`, or one of the store. Calls that the store knows are shown from there. */
  batch: MessageToolBatch;
  /** @default true while calls are at work, failed or need a person; a group that finished well folds by itself */
  defaultOpen?: boolean;
  /** @default 'comfortable' */
  density?: ToolCallDensity;
}

/** The frame of a group. @selector [data-slot="tool-call-group"] */
export const ToolCallGroupRoot = forwardRef<HTMLDivElement, ToolCallGroupRootProps>(function ToolCallGroupRoot(
  { batch, open: openProp, defaultOpen, onOpenChange, density, ...props },
  forwardedRef,
) {
  const labels = useToolCallLabels();
  const readCalls = useMemo(() => createCallReader(batch), [batch]);
  const { key } = batch;
  const selector = useCallback(
    (state: ToolCallState) => summarizeGroup(readCalls(selectToolBatch(state, key))).status,
    [readCalls, key],
  );
  const status = useToolCalls(selector);
  const listId = useId();
  const ref = useRef<HTMLDivElement>(null);
  const reason = status === 'succeeded' || status === 'cancelled' ? undefined : status;
  const isHeldOpen = useCallback(() => isFocusInside(ref.current), []);
  const [isOpen, setOpen] = useDisclosure(reason, isHeldOpen, { open: openProp, defaultOpen, onOpenChange });
  const context = useMemo(
    () => ({ batch, readCalls, status, isOpen, setOpen, listId }),
    [batch, readCalls, status, isOpen, setOpen, listId],
  );
  return (
    <ToolCallGroupContextProvider value={context}>
      <Collapsible.Root
        role="group"
        aria-label={labels.group}
        {...groupAttributes('', status, isOpen)}
        {...(density !== undefined && { 'data-density': density })}
        {...props}
        open={isOpen}
        onOpenChange={setOpen}
        ref={useMergedRefs(ref, forwardedRef)}
      />
    </ToolCallGroupContextProvider>
  );
});
