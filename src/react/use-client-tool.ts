'use client';
/** Owns how a component offers a tool while it is mounted, and how one learns whether a tool is there. */
import { useCallback, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import { createToolRegistry, type ToolRegistration, type ToolRegistry } from '../core/tool-registry.ts';
import type { ClientTool } from '../core/tool.ts';
import type { ToolCallRenderer } from './renderers.ts';
import { missProvider, ToolCallsContext, useToolCallsContext } from './tool-calls-context.ts';

export interface UseClientToolOptions<TInput = unknown, TOutput = unknown> {
  /** Stands before the name that the model sees (`billing_fillField`), so that several components can offer a tool of one name. */
  scope?: string | undefined;
  /** How cards show the calls of this tool: its input, output and answer. `renderers` of a card or group win over it. */
  render?: ToolCallRenderer<TInput, TOutput, TOutput> | undefined;
  /** Offers the tool to the chats that have this registry. @default the registry of the chat of the nearest provider */
  registry?: ToolRegistry | undefined;
}

/**
 * Offers a tool to the model while the component is mounted; `undefined` offers none. The functions of the last render are what runs, also for calls
 * that wait already. What becomes of open calls when the component is unmounted is the tool's `onUnmount`.
 *
 * @throws TypeError for a tool without `inputSchema` or a policy that makes no sense, Error outside of a provider without a `registry`
 */
export function useClientTool<TInput, TOutput>(
  name: string,
  tool: ClientTool<TInput, TOutput> | undefined,
  { scope, render, registry: given }: UseClientToolOptions<TInput, TOutput> = {},
): void {
  const around = useContext(ToolCallsContext);
  if (given === undefined && around === null) missProvider('useClientTool');
  const toolName = scope === undefined ? name : `${scope}_${name}`;
  const isOffered = tool !== undefined;
  const latest = useRef({ tool, render });
  const offer = useRef<{ registry: ToolRegistry; toolName: string; registration: ToolRegistration }>(undefined);
  useEffect(() => {
    latest.current = { tool, render };
    if (tool !== undefined) offer.current?.registration.update(tool, render);
  });
  useEffect(() => {
    if (!isOffered) return undefined;
    // One of the two is there: that was looked at above.
    const registry = given ?? around!.getRegistry(createToolRegistry);
    const known = offer.current;
    // One registration for the life of the component: calls of a component that React mounts anew go on.
    if (known?.registry !== registry || known.toolName !== toolName) {
      const first = latest.current;
      // SAFETY: the effect above has put there what this render offers.
      const registration = registry.register(toolName, first.tool as ClientTool<TInput, TOutput>, first.render);
      offer.current = { registry, toolName, registration };
    }
    return offer.current?.registration.mount();
  }, [given, around, toolName, isOffered]);
}

/** Whether a tool of that name is there, as the model sees its name: one of the hook's, or one that a mounted component offers. */
export function useToolAvailability(toolName: string): boolean {
  const { getRegistry, getTools } = useToolCallsContext('useToolAvailability');
  const subscribe = useCallback(
    (listener: () => void) => getRegistry(createToolRegistry).subscribe(listener),
    [getRegistry],
  );
  const isThere = useCallback(() => Object.hasOwn(getTools(), toolName), [getTools, toolName]);
  return useSyncExternalStore(subscribe, isThere, isThere);
}
