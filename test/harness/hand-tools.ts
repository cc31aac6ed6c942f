// Owns: the tools of most chat tests, settled by hand: one that only reads, one that writes.
import { z } from 'zod';
import { clientTool, type ClientToolExecutionOptions, type ToolPolicy } from 'use-parallel-tools';
import { createHandExecute } from './deferred.ts';

const numbered = z.object({ n: z.number() });
type Numbered = z.infer<typeof numbered>;

export function createHandTools(policies: { read?: ToolPolicy<Numbered>; write?: ToolPolicy<Numbered> } = {}) {
  const read = createHandExecute<Numbered, ClientToolExecutionOptions>();
  const write = createHandExecute<Numbered, ClientToolExecutionOptions>();
  return {
    reads: read.invocations,
    writes: write.invocations,
    tools: {
      read: clientTool({ inputSchema: numbered, readOnly: true, retry: 0, ...policies.read, execute: read.execute }),
      write: clientTool({ inputSchema: numbered, ...policies.write, execute: write.execute }),
    },
  };
}
