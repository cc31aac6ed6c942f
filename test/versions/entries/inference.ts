// Owns: what a page's TypeScript makes of the published types. Where a declaration names what a compiler cannot find, it is `any` without a word.
import {
  clientTool,
  type groupMessageParts,
  type ToolCall,
  type useChatTools,
  type useParallelTools,
  type useToolCall,
} from 'use-parallel-tools';
import type { createToolRunner } from 'use-parallel-tools/core';
import type { toolDefinitions, toolsFromDescriptions } from 'use-parallel-tools/server';
import { z } from 'zod';

const tools = {
  add: clientTool({
    inputSchema: z.object({ a: z.number() }),
    execute: ({ a }, { abortSignal }) => ({ sum: a + 1, isAborted: abortSignal.aborted }),
    isFailure: ({ sum }) => sum < 0,
  }),
};
type Chat = ReturnType<typeof useParallelTools<typeof tools>>;
type AddPart = Extract<Chat['messages'][number]['parts'][number], { type: 'tool-add' }>;

type IsAny<TType> = 0 extends 1 & TType ? true : false;
/** Each is `true` for a type that is `any`, and then this does not compile. */
export const known: [
  IsAny<Chat>,
  IsAny<Chat['toolCalls']>,
  IsAny<AddPart['input']>,
  IsAny<ToolCall>,
  IsAny<ToolCall['status']>,
  IsAny<ReturnType<typeof useToolCall>['call']>,
  IsAny<ReturnType<typeof useChatTools>>,
  IsAny<ReturnType<typeof groupMessageParts>>,
  IsAny<ReturnType<typeof createToolRunner>['runCalls']>,
  IsAny<ReturnType<typeof toolDefinitions>>,
  IsAny<ReturnType<typeof toolsFromDescriptions>>,
] = [false, false, false, false, false, false, false, false, false, false, false];

/** What a tool's part carries is typed by the tool. */
export const readSum = (part: AddPart): number => (part.state === 'output-available' ? part.output.sum : 0);
