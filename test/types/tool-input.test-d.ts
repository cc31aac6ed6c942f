// What `useToolInput` gives: everything may be missing while the model writes, nothing once it has written.
import { expectTypeOf, it } from 'vitest';
import { useToolInput } from 'use-parallel-tools';

interface Order {
  item: string;
  lines: { amount: number }[];
}

it('is a deep partial of the input until that is complete', () => {
  const order = useToolInput<Order>({ toolName: 'fillOrder' });
  if (order?.status === 'complete') expectTypeOf(order.input).toEqualTypeOf<Order>();
  if (order?.status !== 'streaming') return;
  expectTypeOf(order.input?.item).toEqualTypeOf<string | undefined>();
  expectTypeOf(order.input?.lines?.[0]?.amount).toEqualTypeOf<number | undefined>();
  // @ts-expect-error -- the model may not have written it yet
  expectTypeOf(order.input.item).toEqualTypeOf<string | undefined>();
});

it('is unknown where nobody says what it is', () => {
  const order = useToolInput('m/0/a');
  expectTypeOf(order?.input).toEqualTypeOf<unknown>();
});

it('takes a key, or a tool’s name as `{ toolName }`', () => {
  expectTypeOf(useToolInput).parameter(0).toEqualTypeOf<string | { readonly toolName: string }>();
});
