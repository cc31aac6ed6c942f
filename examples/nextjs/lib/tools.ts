import { clientTool } from 'use-parallel-tools';
import { z } from 'zod';

export const tools = {
  getWeather: clientTool({
    description: 'The weather in a city now',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }, { abortSignal }) => {
      const response = await fetch(`/api/weather?city=${encodeURIComponent(city)}`, { signal: abortSignal });
      if (!response.ok) throw response; // without this line a 503 would be a result
      return (await response.json()) as { city: string; celsius: number };
    },
    readOnly: true, // it starts while the model still writes
    retry: 0, // without this line the call would be repeated by itself, and there would be no Retry to see
  }),
};
