'use client';
/** Owns how components reach the store and the commands: one context, one stable value. */
import { createContext, createElement, useContext, type FunctionComponent, type ReactNode } from 'react';
import { misuse } from '../core/misuse.ts';
import type { ToolCalls } from '../core/tool-calls.ts';

/** `null` outside of a provider. */
export const ToolCallsContext = createContext<ToolCalls | null>(null);

export interface ToolCallsProviderProps {
  /** `toolCalls` of `useParallelTools` or `useChatTools`. */
  value: ToolCalls;
  children?: ReactNode;
}

/** Gives every component below it the tool calls of one chat. */
export const ToolCallsProvider: FunctionComponent<ToolCallsProviderProps> = ({ value, children }) =>
  createElement(ToolCallsContext.Provider, { value: expectToolCalls(value) }, children);

/** The tool calls of the nearest provider. `reader` names the hook or component in the error. */
export function useToolCallsContext(reader: string): ToolCalls {
  return useContext(ToolCallsContext) ?? missProvider(reader);
}

/** Throws: whoever asks stands outside of a provider. */
export function missProvider(reader: string): never {
  throw misuse('no-provider', reader);
}

function expectToolCalls(value: ToolCalls): ToolCalls {
  if (typeof value === 'object' && value !== null && 'store' in value && 'retry' in value) return value;
  throw misuse('provider-value');
}
