import { clientTool } from 'use-parallel-tools';
import { z } from 'zod';

export const tools = {
  getWeather: clientTool({
    description: 'The weather in a city now',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }, { abortSignal }) => {
      const response = await fetch(`/api/weather?city=${encodeURIComponent(city)}`, { signal: abortSignal });
      if (!response.ok) throw response; // otherwise an error page would count as a result
      return (await response.json()) as { city: string; celsius: number };
    },
    readOnly: true, // may start while the model is still writing, and is retried when it fails
  }),
};
