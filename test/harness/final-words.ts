// Owns: the final words that a server or a page gives on a call, as chunks, as parts and as records, and the tools that they are given on.
import type { UIMessage, UIMessageChunk } from 'ai';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { createHandTools } from './hand-tools.ts';
import { drain } from './render-chat.tsx';

/** Long enough for a follow-up that would be wrong: two frames. */
export async function drainFrames(): Promise<void> {
  await drain();
  await new Promise((resolve) => setTimeout(resolve, 40));
  await drain();
}

export const pickColor = clientTool({ inputSchema: z.object({ n: z.number() }) });
export const openAll = (policies: Parameters<typeof createHandTools>[0] = {}) => {
  const hand = createHandTools(policies);
  return { ...hand, tools: { ...hand.tools, pickColor } };
};

export const requested = (toolCallId: string, isAutomatic = true): UIMessageChunk => ({
  type: 'tool-approval-request',
  toolCallId,
  approvalId: `approval-${toolCallId}`,
  ...(isAutomatic && { isAutomatic: true }),
});
export const refused = (toolCallId: string): UIMessageChunk => ({
  type: 'tool-approval-response',
  approvalId: `approval-${toolCallId}`,
  approved: false,
  reason: 'Not allowed',
});
export const denied = (toolCallId: string): UIMessageChunk => ({ type: 'tool-output-denied', toolCallId });

/** What a part says, without what it was asked. */
export const lastPart = (messages: readonly UIMessage[]) =>
  messages.at(-1)!.parts.findLast((part) => 'toolCallId' in part);

export type Word = 'result' | 'error' | 'denial';
export const WORDS: readonly Word[] = ['result', 'error', 'denial'];
export const chunkOf: Record<Word, (toolCallId: string) => UIMessageChunk> = {
  result: (toolCallId) => ({ type: 'tool-output-available', toolCallId, output: 'theirs' }),
  error: (toolCallId) => ({ type: 'tool-output-error', toolCallId, errorText: 'theirs broke' }),
  denial: denied,
};
export const RECORDS: Record<Word, object> = {
  result: { status: 'succeeded', output: 'theirs' },
  error: { status: 'failed', error: { kind: 'execution', message: 'theirs broke' } },
  denial: { status: 'denied', error: { kind: 'denied' } },
};
export const PARTS: Record<Word, object> = {
  result: { state: 'output-available', output: 'theirs' },
  error: { state: 'output-error', errorText: 'theirs broke' },
  denial: { state: 'output-denied' },
};
