/** Owns the types of a tool part of a message and of where it stands. Parts are read in `messages/message-parts.ts`. */
import type { DynamicToolUIPart, ToolUIPart } from 'ai';
import type { ToolBatchKey, ToolCallKey } from './tool-call-key.ts';

/** Any tool part of a message, static or dynamic. */
export type ToolPart = ToolUIPart | DynamicToolUIPart;

/** A tool part and where it stands: the identity of its call. */
export interface ToolPartRef {
  readonly key: ToolCallKey;
  readonly batchKey: ToolBatchKey;
  readonly messageId: string;
  readonly step: number;
  readonly toolName: string;
  readonly part: ToolPart;
}
