'use client';
/** Owns how components read the store: all of it, one call, one batch. Each renders only when what it reads changes. */
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import { useShallow } from 'zustand/react/shallow';
import { selectDirectBatches, selectRetryBlock, selectToolBatch, type RetryBlock } from '../core/selectors.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { ApproveOptions, ChangedInput, DenyOptions, ToolCalls } from '../core/tool-calls.ts';
import {
  toolBatchKeyOf,
  type ToolBatch,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
} from '../core/tool-call.ts';
import { useToolCallsContext } from './tool-calls-context.ts';

/**
 * Without a selector: the commands and the store of the nearest provider (a stable object; never re-renders).
 * With one: what it selects from the store. Like any Zustand selector it must return the same value while nothing changed;
 * wrap it in `useShallow` when it builds an array or object.
 */
export function useToolCalls(): ToolCalls;
export function useToolCalls<TSelected>(selector: (state: ToolCallState) => TSelected): TSelected;
export function useToolCalls<TSelected>(selector?: (state: ToolCallState) => TSelected): ToolCalls | TSelected {
  const toolCalls = useToolCallsContext('useToolCalls');
  const selected = useStore(toolCalls.store, (selector ?? selectNothing) as (state: ToolCallState) => TSelected);
  return selector === undefined ? toolCalls : selected;
}

/** What `useToolCall` gives: the call, and the commands for it. */
export interface ToolCallHandle<TInput = unknown, TOutput = unknown> {
  /** The call, or `undefined` where the store has none (a server tool, old history). */
  readonly call: ToolCall<TInput, TOutput> | undefined;
  readonly canRetry: boolean;
  /** Whether `run` would run the call again, for a newer result: its tool only reads. */
  readonly canRunAgain: boolean;
  /** Whether the call could run with another input: `approve({ input })` or `retry({ input })`. */
  readonly canEdit: boolean;
  /** Why `retry` would do nothing. */
  readonly retryBlock: RetryBlock | undefined;
  readonly retry: (options?: ChangedInput) => void;
  readonly run: () => void;
  readonly cancel: () => void;
  readonly approve: (options?: ApproveOptions) => void;
  readonly deny: (reason?: string, options?: DenyOptions) => void;
  readonly respond: (output: unknown) => void;
  readonly skip: () => void;
  /** Takes back what the call has done, while that is offered. */
  readonly undo: () => void;
}

/** Reads one call and binds the commands to it. Renders when this call changes, not when its siblings do. */
export function useToolCall<TInput = unknown, TOutput = unknown>(key: ToolCallKey): ToolCallHandle<TInput, TOutput> {
  const toolCalls = useToolCallsContext('useToolCall');
  const read = useMemo(() => createCallReader(toolCalls, key), [toolCalls, key]);
  const { call, retryBlock, canRunAgain, isEditable } = useStore(toolCalls.store, read);
  const commands = useMemo(
    () => ({
      retry: (...options: [ChangedInput?]) => toolCalls.retry(key, ...options),
      run: () => toolCalls.run(key),
      cancel: () => toolCalls.cancel(key),
      approve: (...options: [ApproveOptions?]) => toolCalls.approve(key, ...options),
      deny: (...given: [string?, DenyOptions?]) => toolCalls.deny(key, ...given),
      respond: (output: unknown) => toolCalls.respond(key, output),
      skip: () => toolCalls.skip(key),
      undo: () => toolCalls.undo(key),
    }),
    [toolCalls, key],
  );
  // SAFETY: the input and output types are the caller's claim about the tool of this call, as with `useQuery<TData>`.
  return {
    call: call as ToolCall<TInput, TOutput> | undefined,
    canRetry: retryBlock === undefined,
    canRunAgain,
    canEdit: isEditable && hasTool(toolCalls, call),
    retryBlock,
    ...commands,
  };
}

/** What `useToolBatch` gives: the batch, and the commands for it. */
export interface ToolBatchHandle {
  /** The batch, or `undefined` where the store has none. */
  readonly batch: ToolBatch | undefined;
  readonly retryFailed: () => void;
  readonly cancel: () => void;
  /** Approves every call that waits for approval, is not destructive, and for which no plugin asks. */
  readonly approve: () => void;
}

/** Reads one batch and binds the commands to it. Renders on every change of any of its calls. */
export function useToolBatch(key: ToolBatchKey): ToolBatchHandle {
  const toolCalls = useToolCallsContext('useToolBatch');
  const batch = useStore(toolCalls.store, (state) => selectToolBatch(state, key));
  const commands = useMemo(
    () => ({
      retryFailed: () => toolCalls.retryFailed(key),
      cancel: () => toolCalls.cancelAll(key),
      approve: () => toolCalls.approve(key),
    }),
    [toolCalls, key],
  );
  return { batch, ...commands };
}

/** The batches of calls that no answer made (`toolCalls.call`, the browser's agent), the last one last; the last hundred that have settled are kept. */
export function useDirectBatches(): ToolBatch[] {
  const { store } = useToolCallsContext('useDirectBatches');
  return useStore(store, useShallow(selectDirectBatches));
}

/** What is asked of the store about one call, in one subscription: a page has a hundred cards, and each is asked whenever one of them changes. */
function createCallReader({ canRunAgain }: ToolCalls, key: ToolCallKey) {
  const batchKey = toolBatchKeyOf(key);
  const read = (state: ToolCallState) => {
    const batch = selectToolBatch(state, batchKey);
    const call = batch?.calls[key];
    return {
      call,
      retryBlock: selectRetryBlock(batch, call),
      canRunAgain: canRunAgain(key),
      isEditable: allowsChange(batch, call),
    };
  };
  let last: ReturnType<typeof read> | undefined;
  return (state: ToolCallState) => {
    const next = read(state);
    if (
      last?.call === next.call &&
      last?.retryBlock === next.retryBlock &&
      last?.canRunAgain === next.canRunAgain &&
      last?.isEditable === next.isEditable
    )
      return last;
    return (last = next);
  };
}

function allowsChange(batch: ToolBatch | undefined, call: ToolCall | undefined): boolean {
  if (call?.status === 'awaiting-approval') return call.inputSigned !== true;
  return call?.status === 'failed' && selectRetryBlock(batch, call, true) === undefined;
}

function hasTool({ getTools }: ToolCalls, call: ToolCall | undefined): boolean {
  return call !== undefined && Object.hasOwn(getTools(), call.toolName);
}

function selectNothing(): undefined {
  return undefined;
}
