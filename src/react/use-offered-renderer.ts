'use client';
/** Owns how a card gets the renderer that a component offers beside its tool (`useClientTool`). */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { createToolRegistry } from '../core/tool-registry.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import type { ToolCallRenderer } from './renderers.ts';
import { useToolCallsContext } from './tool-calls-context.ts';

/** What was offered with the tool, the last if it has gone; `undefined` where nothing was. */
export function useOfferedRenderer(toolName: string): ToolCallRenderer | undefined {
  const { getRegistry } = useToolCallsContext('useOfferedRenderer');
  const read = useCallback(() => readRenderer(getRegistry, toolName), [getRegistry, toolName]);
  const subscribe = useCallback(
    (listener: () => void) => getRegistry(createToolRegistry).subscribe(listener),
    [getRegistry],
  );
  const offered = useSyncExternalStore(subscribe, read, read);
  const fields = Object.keys(offered ?? {}).join();
  return useMemo(() => (fields === '' ? undefined : toSteady(read, fields.split(','))), [read, fields]);
}

function readRenderer(getRegistry: ToolCalls['getRegistry'], toolName: string): ToolCallRenderer | undefined {
  // SAFETY: what `useClientTool` was given.
  return getRegistry()?.getRender(toolName) as ToolCallRenderer | undefined;
}

/** Components that stay the same while a page renders: React would mount those of each render anew, and forget their state. */
function toSteady(read: () => ToolCallRenderer | undefined, fields: readonly string[]): ToolCallRenderer {
  return Object.fromEntries(
    fields.map((field) => [field, (props: never) => read()?.[field as keyof ToolCallRenderer]?.(props) ?? null]),
  );
}
