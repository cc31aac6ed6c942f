// Owns: which functions of the library one eager call enters, from its chunk to the second request. `npm run trace` prints them by file.
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { clientTool } from '../src/core/tool.ts';
import { createParallelChat } from '../src/react/parallel-chat.ts';
import { ScriptedTransport } from '../test/harness/scripted-transport.ts';

// As a page in production: without what only devtools need.
process.env['NODE_ENV'] = 'production';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const transport = new ScriptedTransport();
const { bridge, functions } = createParallelChat({
  id: 'trace',
  transport,
  tools: { read: clientTool({ inputSchema: z.object({}), readOnly: true, execute: () => Promise.resolve('done') }) },
});
const unmount = bridge.mount();

void functions.sendMessage({ text: 'Hi' });
const first = await transport.next();
first.start('m');
await turn();
await takeEntries();
first.call('a', 'read');
first.finish();
const second = await transport.next();
const entries = await takeEntries();
second.start('m').text('Done').finish('stop');
await turn();
unmount();

const files = Map.groupBy(entries, ({ file }) => file);
for (const [file, functionsOfFile] of [...files].sort(([left], [right]) => left.localeCompare(right))) {
  const count = functionsOfFile.reduce((sum, entry) => sum + entry.count, 0);
  console.log(`${String(count).padStart(5)}  ${file.padEnd(34)} ${functionsOfFile.map(({ name }) => name).join(', ')}`);
}
const total = entries.reduce((sum, { count }) => sum + count, 0);
console.log(`${total} function entries in ${files.size} files`);

/** Lets what is ready happen. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 5));
}

/** The functions of `src` that were entered since the last time, but for the scripted server's. */
async function takeEntries(): Promise<{ file: string; name: string; count: number }[]> {
  const { result } = (await session.post('Profiler.takePreciseCoverage')) as Profiler.TakePreciseCoverageReturnType;
  return result.flatMap(({ url, functions: covered }) => {
    const file = url.startsWith('file:') ? relative('src', fileURLToPath(url)) : '..';
    if (/^(\.\.|testing)|node_modules/.test(file)) return [];
    return covered.flatMap(({ functionName, ranges }) => {
      const count = ranges[0]?.count ?? 0;
      return count > 0 && functionName !== '' ? [{ file, name: functionName, count }] : [];
    });
  });
}
