import { useToolCalls } from 'use-parallel-tools';
import { selectToolCalls } from 'use-parallel-tools/core';

export function OrderCount() {
  const found = useToolCalls(
    (state) =>
      selectToolCalls(state).filter(({ toolName, status }) => toolName === 'getOrder' && status === 'succeeded').length,
  );
  return <output>{found} orders found</output>;
}
