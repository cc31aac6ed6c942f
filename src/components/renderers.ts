/** Owns what an app may render itself, by tool: the input, the output, the form of an answer. */
import type { ReactNode } from 'react';
import type { DisplayedToolCall } from '../core/message-batch.ts';

/** What a renderer of an input gets. */
export interface ToolCallInputProps {
  input: unknown;
  call: DisplayedToolCall;
}

/** What a renderer of an output gets. */
export interface ToolCallOutputProps extends ToolCallInputProps {
  output: unknown;
}

/** What a renderer of an answer's form gets. */
export interface ToolCallRespondProps extends ToolCallInputProps {
  respond: (output: unknown) => void;
  skip: () => void;
}

/** A component whose props may be narrower: the app knows the types of its own tool. */
type Renderer<TProps> = { bivarianceHack(props: TProps): ReactNode }['bivarianceHack'];

/** The renderers of one tool. */
export interface ToolCallRenderer {
  input?: Renderer<ToolCallInputProps>;
  output?: Renderer<ToolCallOutputProps>;
  respond?: Renderer<ToolCallRespondProps>;
}

/** Renderers by tool name. */
export type ToolCallRenderers = Readonly<Record<string, ToolCallRenderer | undefined>>;
