'use client';
/** Owns what the parts of a group share, and how each reads only what it shows of the batch. */
import { createContext, useCallback } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { MessageToolBatch } from '../../core/message-batch.ts';
import { selectToolBatch, type ToolBatchStatus } from '../../core/selectors.ts';
import type { ToolCallState } from '../../core/tool-call-store.ts';
import type { ToolBatch } from '../../core/tool-call.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { groupAttributes, type PartAttributes } from '../part/attributes.ts';
import { useExpectedContext } from '../part/expect-context.ts';
import type { GroupCalls } from './group-calls.ts';

export interface ToolCallGroupContextValue {
  readonly batch: MessageToolBatch;
  readonly readCalls: (recorded: ToolBatch | undefined) => GroupCalls;
  readonly status: ToolBatchStatus;
  readonly isOpen: boolean;
  readonly setOpen: (open: boolean) => void;
  readonly listId: string;
}

const GroupContext = createContext<ToolCallGroupContextValue | null>(null);
export const ToolCallGroupContextProvider = GroupContext.Provider;

export function useToolCallGroupContext(): ToolCallGroupContextValue {
  return useExpectedContext(GroupContext, 'ToolCallGroupParts.Root batch={batch}');
}

/** What `select` makes of the group's calls; renders only when that changes (compared shallowly). */
export function useGroupCalls<TSelected>(select: (group: GroupCalls) => TSelected): TSelected {
  const { batch, readCalls } = useToolCallGroupContext();
  const { key } = batch;
  const selector = useCallback(
    (state: ToolCallState) => select(readCalls(selectToolBatch(state, key))),
    [select, readCalls, key],
  );
  return useToolCalls(useShallow(selector));
}

/** The attributes of one part of the group around it. */
export function useGroupAttributes(part: string): PartAttributes {
  const { status, isOpen } = useToolCallGroupContext();
  return groupAttributes(part, status, isOpen);
}
