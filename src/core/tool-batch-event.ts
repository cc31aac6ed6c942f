/** Owns what can happen to a batch as a whole. */
import type { DirectToolCall, ToolBatchHalt, ToolBatchRetryBlock, ToolCallKey } from './tool-call.ts';

/** Everything that can happen to a batch as a whole. */
export type ToolBatchEvent =
  | {
      readonly type: 'batch-opened';
      readonly messageId: string;
      readonly step: number;
      readonly streaming: boolean;
      readonly direct?: DirectToolCall;
    }
  /** A batch that had ended goes on. */
  | { readonly type: 'stream-started' }
  | { readonly type: 'stream-ended' }
  /** It is not sent, or (`undefined`) may be sent after all. */
  | { readonly type: 'batch-halted'; readonly halt: ToolBatchHalt | undefined }
  /** A request carries its calls as they are now. */
  | { readonly type: 'batch-told' }
  /** It is to be sent, again if it was. */
  | { readonly type: 'batch-reopened' }
  /** Its message is known by another id now: the batch and its calls have other keys, and are the same. */
  | { readonly type: 'batch-moved'; readonly messageId: string }
  | { readonly type: 'retry-blocked'; readonly block: ToolBatchRetryBlock | undefined }
  /** Plugins keep it from being sent, until it is told, halted or reopened. */
  | { readonly type: 'batch-held'; readonly by: readonly string[] }
  /** A plugin's own facts: of the batch, of one of its calls, or of the chat where `batchKey` is the empty string. */
  | { readonly type: 'plugin-event'; readonly plugin: string; readonly data: object; readonly callKey?: ToolCallKey };
