// Owns: `toolCalls.call` is typed by the tools of the hook.
import { expectTypeOf, it } from 'vitest';
import { clientTool, type ToolCalls, type useParallelTools } from 'use-parallel-tools';
import { z } from 'zod';

const tools = {
  getOrder: clientTool({ inputSchema: z.object({ orderId: z.string() }), execute: ({ orderId }) => ({ orderId }) }),
  pickColor: clientTool({ inputSchema: z.object({}), outputSchema: z.enum(['red', 'blue']) }),
};

it('takes the input of the tool, and gives its output', () => {
  const read = (toolCalls: ReturnType<typeof useParallelTools<typeof tools>>['toolCalls']) => {
    expectTypeOf(toolCalls.call('getOrder', { orderId: '1' })).resolves.toEqualTypeOf<{ orderId: string }>();
    expectTypeOf(toolCalls.call('pickColor', {})).resolves.toEqualTypeOf<'red' | 'blue'>();
    // @ts-expect-error there is no such tool
    void toolCalls.call('getOrders', { orderId: '1' });
    // @ts-expect-error the input of another tool
    void toolCalls.call('getOrder', { colour: 'red' });
  };
  expectTypeOf(read).toBeFunction();
});

it('is given wherever the tools of any chat will do', () => {
  const give = (toolCalls: ToolCalls<typeof tools>): ToolCalls => toolCalls;
  expectTypeOf(give).toBeFunction();
  expectTypeOf<ToolCalls['call']>().toBeCallableWith('anything', { of: 'any shape' });
});
