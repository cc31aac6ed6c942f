'use client';
/** Owns how labels reach the components: one context, overrides on top of what is above. */
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { englishLabels, mergeLabels, type ToolCallLabels, type ToolCallLabelsOverride } from './labels.ts';

const LabelsContext = createContext<ToolCallLabels>(englishLabels);

export interface ToolCallLabelsProviderProps {
  /** The words to replace. Define it outside of components: a new object renders every card again. */
  labels: ToolCallLabelsOverride | undefined;
  children?: ReactNode;
}

/** Replaces words for every component below it. */
export function ToolCallLabelsProvider({ labels, children }: ToolCallLabelsProviderProps): ReactNode {
  const inherited = useContext(LabelsContext);
  const merged = useMemo(() => mergeLabels(inherited, labels), [inherited, labels]);
  return <LabelsContext.Provider value={merged}>{children}</LabelsContext.Provider>;
}

/** The words to show here: English, with the overrides of every {@link ToolCallLabelsProvider} above. */
export function useToolCallLabels(): ToolCallLabels {
  return useContext(LabelsContext);
}
