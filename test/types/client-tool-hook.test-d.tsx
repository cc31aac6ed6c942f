import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { clientTool, useClientTool, useToolAvailability } from 'use-parallel-tools';

const zoomTo = clientTool({
  inputSchema: z.object({ place: z.string() }),
  execute: ({ place }) => ({ place, distance: 12 }),
});
const pickColor = clientTool({ inputSchema: z.object({}), outputSchema: z.enum(['red', 'blue']) });

it('gives the renderer the input and the output of its tool', () => {
  useClientTool('zoomTo', zoomTo, {
    render: {
      input: ({ input }) => {
        expectTypeOf(input).toEqualTypeOf<{ place: string }>();
        return input.place;
      },
      output: ({ output }) => {
        expectTypeOf(output).toEqualTypeOf<{ place: string; distance: number }>();
        return output.distance;
      },
    },
  });
});

it('gives the form of an answer the type of the answer', () => {
  useClientTool('pickColor', pickColor, {
    render: {
      respond: ({ respond }) => {
        expectTypeOf(respond).parameter(0).toEqualTypeOf<'red' | 'blue'>();
        return null;
      },
    },
  });
});

it('takes no tool where there is none to offer, and no renderer of another type', () => {
  expectTypeOf(useClientTool).toBeFunction();
  useClientTool('zoomTo', undefined);
  useClientTool('zoomTo', Math.random() > 0.5 ? zoomTo : undefined, { scope: 'left' });
  // @ts-expect-error -- the output of the tool has no `text`
  useClientTool('zoomTo', zoomTo, { render: { output: ({ output }) => output.text } });
  // @ts-expect-error -- a tool has an `inputSchema`
  useClientTool('zoomTo', { execute: () => 1 });
});

it('says yes or no', () => {
  expectTypeOf(useToolAvailability('zoomTo')).toEqualTypeOf<boolean>();
});
