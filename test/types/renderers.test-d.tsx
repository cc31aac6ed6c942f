import { tool } from 'ai';
import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  clientTool,
  groupMessageParts,
  MessageToolCalls,
  ToolCallGroup,
  type MessageToolBatch,
  type ToolCallRenderers,
  type ToolsUIMessage,
} from 'use-parallel-tools';

const tools = {
  getOrderStatus: clientTool({
    inputSchema: z.object({ orderId: z.string() }),
    execute: async ({ orderId }) => ({ orderId, total: 49 }),
  }),
  pickColor: clientTool({ inputSchema: z.object({ question: z.string() }), outputSchema: z.enum(['red', 'blue']) }),
  convert: tool({ inputSchema: z.object({ amount: z.number() }), execute: ({ amount }) => amount * 2 }),
};

declare const batch: MessageToolBatch;
declare const message: ToolsUIMessage<typeof tools>;

it('gives each renderer the input and output of its tool', () => {
  const renderers: ToolCallRenderers<typeof tools> = {
    getOrderStatus: {
      input: ({ input }) => {
        expectTypeOf(input).toEqualTypeOf<{ orderId: string }>();
        return input.orderId;
      },
      output: ({ input, output }) => {
        expectTypeOf(input).toEqualTypeOf<{ orderId: string }>();
        expectTypeOf(output).toEqualTypeOf<{ orderId: string; total: number }>();
        return output.total;
      },
    },
    pickColor: {
      respond: ({ input, respond }) => {
        expectTypeOf(input).toEqualTypeOf<{ question: string }>();
        expectTypeOf(respond).parameter(0).toEqualTypeOf<'red' | 'blue'>();
        return null;
      },
    },
    convert: {
      output: ({ output }) => {
        expectTypeOf(output).toEqualTypeOf<number>();
        return output;
      },
    },
  };
  return <ToolCallGroup batch={batch} renderers={renderers} />;
});

it('knows the names of the tools', () => {
  // @ts-expect-error: there is no tool of that name
  const renderers: ToolCallRenderers<typeof tools> = { getOrder: { output: () => null } };
  expectTypeOf(renderers).not.toBeAny();
});

it('refuses a component for the output of another tool', () => {
  const Total = ({ output }: { output: { total: string } }) => output.total;
  // @ts-expect-error: the tool's `total` is a number
  const renderers: ToolCallRenderers<typeof tools> = { getOrderStatus: { output: Total } };
  expectTypeOf(renderers).not.toBeAny();
});

it('takes any name, and components that say what they get, without the type of the tools', () => {
  const OrderCard = ({ output }: { output: { total: number } }) => output.total;
  const ColorForm = ({ respond }: { respond: (color: string) => void }) => (
    <button type="button" onClick={() => respond('red')}>
      Red
    </button>
  );
  expectTypeOf(OrderCard).not.toBeAny();
  return <ToolCallGroup batch={batch} renderers={{ anything: { output: OrderCard }, else: { respond: ColorForm } }} />;
});

it('shows a message in one element, and types its other parts', () => (
  <MessageToolCalls groups={groupMessageParts(message)} density="compact">
    {({ part }) => {
      expectTypeOf(part.type).extract<'tool-getOrderStatus'>().toBeNever();
      return part.type === 'text' ? part.text : null;
    }}
  </MessageToolCalls>
));
