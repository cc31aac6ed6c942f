/** Owns what an app may render itself, by tool: the input, the output, the form of an answer. */
import type { InferToolInput, InferToolOutput, ToolSet } from 'ai';
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

/** The renderers of one tool: components, or functions that return elements. */
export interface ToolCallRenderer<TInput = never, TOutput = never, TAnswer = unknown> {
  input?: (props: ToolCallInputProps<TInput>) => ReactNode;
  output?: (props: ToolCallOutputProps<TInput, TOutput>) => ReactNode;
  /** The form of a tool without `execute`. */
  respond?: (props: ToolCallRespondProps<TInput, TAnswer>) => ReactNode;
}

/**
 * Renderers by tool name. With the type of your tools, `ToolCallRenderers<typeof tools>`, names are checked and each renderer's
 * props are those of its tool; without it any name is fine and the props are your claim.
 */
export type ToolCallRenderers<TTools extends ToolSet | undefined = undefined> = TTools extends ToolSet
  ? {
      readonly [TName in keyof TTools]?: ToolCallRenderer<
        InferToolInput<TTools[TName]>,
        InferToolOutput<TTools[TName]>,
        InferToolOutput<TTools[TName]>
      >;
    }
  : Readonly<Record<string, ToolCallRenderer | undefined>>;
