// What `undo` of a tool gets: the input of its schema, and what its `execute` gives.
import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { clientTool, type ToolCallError, type UndoOptions } from 'use-parallel-tools';
import { selectUndo, type CallUndo } from 'use-parallel-tools/undo';

it('is the tool’s own input and output', () => {
  const tool = clientTool({
    inputSchema: z.object({ n: z.number() }),
    execute: async ({ n }) => ({ before: String(n) }),
    undo: (input, output, options) => {
      expectTypeOf(input).toEqualTypeOf<{ n: number }>();
      expectTypeOf(output).toEqualTypeOf<{ before: string }>();
      expectTypeOf(options).toEqualTypeOf<UndoOptions>();
    },
    undoFor: Infinity,
  });
  expectTypeOf(tool.undoFor).toEqualTypeOf<number | undefined>();
});

it('stands on the record as a union on `status`', () => {
  const undo = selectUndo({});
  expectTypeOf(undo).toEqualTypeOf<CallUndo | undefined>();
  if (undo?.status === 'failed') expectTypeOf(undo.error).toEqualTypeOf<ToolCallError>();
  // @ts-expect-error -- an undone call has no `until`
  if (undo?.status === 'undone') expectTypeOf(undo.until).toBeNumber();
});
