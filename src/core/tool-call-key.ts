/** Owns how calls and batches are named. */
import type { Clock } from './clock.ts';

/** Identifies a call in the store: `messageId`, step and `toolCallId`, since providers reuse ids across turns. */
export type ToolCallKey = string;
/** Identifies a batch in the store: `messageId` and step. */
export type ToolBatchKey = string;

/** Composes a batch's key. */
export function createToolBatchKey(messageId: string, step: number): ToolBatchKey {
  return `${messageId}/${step}`;
}

/** Composes a call's key from its batch's. The id's own slashes are escaped, so that the batch's key can be read back. */
export function createToolCallKey(batchKey: ToolBatchKey, toolCallId: string): ToolCallKey {
  return `${batchKey}/${toolCallId.replaceAll('%', '%25').replaceAll('/', '%2F')}`;
}

/** The key of the batch that a call belongs to. */
export function toolBatchKeyOf(key: ToolCallKey): ToolBatchKey {
  return key.slice(0, Math.max(0, key.lastIndexOf('/')));
}

/** The key of a batch once its message is known by another id. */
export function moveToolBatchKey(batchKey: ToolBatchKey, messageId: string): ToolBatchKey {
  return messageId + batchKey.slice(batchKey.lastIndexOf('/'));
}

/** The key of a call once its batch has another key. */
export function moveToolCallKey(key: ToolCallKey, batchKey: ToolBatchKey): ToolCallKey {
  return batchKey + key.slice(key.lastIndexOf('/'));
}

/** Like no other, on other pages and days too: idempotency keys are made of it. */
export function createRunId(clock: Clock): string {
  return `run-${clock.now().toString(36)}-${clock.random().toString(36).slice(2)}`;
}
