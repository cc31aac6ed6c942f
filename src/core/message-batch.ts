/**
 * Owns what a group of cards is given: the batch as the message shows it. The chat room builds it from message parts, the
 * components read it; a call that the store knows is read from the store instead.
 */
import type { ToolBatchKey, ToolCall, ToolCallKey } from './tool-call.ts';

/** A call whose input the model is still writing. It exists only in the message, never in the store. */
export interface StreamingToolCall {
  readonly status: 'input-streaming';
  readonly key: ToolCallKey;
  readonly batchKey: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolCallId: string;
  readonly toolName: string;
  /** What people call the tool, where the server sent its title with the call. */
  readonly title?: string;
  /** What has arrived of the input; partial JSON, completed. */
  readonly input: unknown;
}

/** A call as a card shows it: one from the store, or one read from its message part. */
export type DisplayedToolCall = ToolCall | StreamingToolCall;

/** The tool calls of one step as its message parts show them. */
export interface MessageToolBatch {
  readonly key: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  readonly order: readonly ToolCallKey[];
  readonly calls: Readonly<Record<ToolCallKey, DisplayedToolCall>>;
}
