// Owns: a page of Vue, as docs/other-frameworks.md has it.
import { defineComponent, h } from 'vue';
import { clientTool, listCalls } from 'use-parallel-tools/core';
import { z } from 'zod';
import { useParallelTools } from './vue-composable.ts';

const tools = {
  getWeather: clientTool({
    inputSchema: z.object({ city: z.string() }),
    readOnly: true,
    execute: async ({ city }) => ({ city, degrees: 21 }),
  }),
  bookTrip: clientTool({
    inputSchema: z.object({ city: z.string() }),
    approval: true,
    execute: async ({ city }) => ({ booked: city }),
  }),
};

export const ChatPage = defineComponent(() => {
  const { messages, state, toolCalls, sendMessage, isRunning } = useParallelTools({ tools });
  const calls = () => Object.values(state.value.batches).flatMap(listCalls);
  return () => [
    ...messages.value.map(({ id, parts }) =>
      h(
        'p',
        { key: id },
        parts.map((part) => (part.type === 'text' ? part.text : '')),
      ),
    ),
    ...calls().map((call) =>
      h('div', { key: call.key }, [
        `${call.toolName}: ${call.status}`,
        call.status === 'awaiting-approval' && h('button', { onClick: () => toolCalls.approve(call) }, 'Approve'),
        call.status === 'failed' && h('button', { onClick: () => toolCalls.retry(call) }, 'Retry'),
      ]),
    ),
    h('button', { disabled: isRunning.value, onClick: () => sendMessage({ text: 'Weather in Oslo?' }) }, 'Ask'),
  ];
});
