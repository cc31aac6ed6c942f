/** Owns what an app may render itself, by tool: the input, the output, the form of an answer. */
import type { ReactNode } from 'react';
import type { DisplayedToolCall } from '../core/message-batch.ts';

/** What a renderer of an input gets. */
export interface ToolCallInputProps<TInput = unknown> {
  input: TInput;
  call: DisplayedToolCall;
}

/** What a renderer of an output gets. */
export interface ToolCallOutputProps<TInput = unknown, TOutput = unknown> extends ToolCallInputProps<TInput> {
  output: TOutput;
}

/** What a renderer of an answer's form gets. */
export interface ToolCallRespondProps<TInput = unknown, TOutput = unknown> extends ToolCallInputProps<TInput> {
  respond: (output: TOutput) => void;
  skip: () => void;
}

/** The renderers of one tool. Their props may say what the values of the tool are: `({ output }: { output: Order }) => …`. */
export interface ToolCallRenderer {
  input?: (props: ToolCallInputProps<never>) => ReactNode;
  output?: (props: ToolCallOutputProps<never, never>) => ReactNode;
  respond?: (props: ToolCallRespondProps<never>) => ReactNode;
}

/** Renderers by tool name. */
export type ToolCallRenderers = Readonly<Record<string, ToolCallRenderer | undefined>>;
