// Owns: the tool as TanStack AI wants it, for its server and for its client.
import { toolDefinition } from '@tanstack/ai';
import { z } from 'zod';

export const workDefinition = toolDefinition({
  name: 'work',
  description: 'Works',
  inputSchema: z.object({ index: z.number(), milliseconds: z.number() }),
  outputSchema: z.unknown(), // the torture gives anything
});
