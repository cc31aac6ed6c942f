/** The door of `use-parallel-tools/devtools`: in development the panel, in a production build nothing, and not a byte of it. */
import type { FunctionComponent } from 'react';
import { Devtools, DevtoolsPanel, type ToolCallsDevtoolsPanelProps, type ToolCallsDevtoolsProps } from './devtools.tsx';

export type { ToolCallsDevtoolsPanelProps, ToolCallsDevtoolsProps } from './devtools.tsx';

// The published types of src have no Node. Bundlers replace the expression as a whole.
declare const process: { readonly env: { readonly NODE_ENV?: string | undefined } };

const Nothing = () => null;

/** A floating button, and the panel with every tool call of every chat on the page. Render it once, anywhere. It is nothing in production. */
export const ToolCallsDevtools: FunctionComponent<ToolCallsDevtoolsProps> =
  process.env.NODE_ENV === 'production' ? Nothing : Devtools;

/** The panel alone, to be put into a panel of your own. It is nothing in production. */
export const ToolCallsDevtoolsPanel: FunctionComponent<ToolCallsDevtoolsPanelProps> =
  process.env.NODE_ENV === 'production' ? Nothing : DevtoolsPanel;
