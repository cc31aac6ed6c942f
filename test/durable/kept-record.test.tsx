// The record of what the model was given, over a reload: kept by the journal, for as long as that keeps anything.
import type { UIMessage } from 'ai';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { clientTool } from 'use-parallel-tools';
import { disclosure, exportRecord, selectSources, verifyRecord } from 'use-parallel-tools/disclosure';
import { memoryStorage, toolCallJournal, type ToolCallJournalOptions } from 'use-parallel-tools/durable';
import { drainFrames } from '../harness/final-words.ts';
import { renderChat } from '../harness/render-chat.tsx';
import { expectConsole } from '../setup/console.ts';

const SECRET = 'Lindenweg 12';
const inputSchema = z.object({ n: z.number() });
const tools = {
  // What the labels are told by is not in the message any more.
  address: clientTool({
    inputSchema,
    readOnly: true,
    labels: (_, output) => (JSON.stringify(output).includes(SECRET) ? ['personal'] : []),
    redact: () => ({ street: '[withheld]' }),
    execute: async () => ({ street: SECRET }),
  }),
  account: clientTool({
    inputSchema,
    readOnly: true,
    persist: false,
    labels: ['account'],
    execute: async () => 'fine',
  }),
};

function open(options: ToolCallJournalOptions, messages: UIMessage[] = []) {
  const journal = toolCallJournal(options);
  const page = renderChat({ id: 'chat', tools, plugins: [journal, disclosure({ journal })], messages });
  return { ...page, journal, state: () => page.chat().toolCalls.store.getState() };
}

async function runAndReload(options: ToolCallJournalOptions) {
  const before = open(options);
  (await before.ask()).start('m').call('a', 'address', { n: 71 }).call('b', 'account', { n: 72 }).finish();
  (await before.transport.next()).start('m').text('Here').finish('stop');
  await drainFrames();
  const exported = await exportRecord(before.chat().toolCalls);
  const messages = structuredClone(before.chat().messages);
  before.view.unmount();
  await drainFrames();
  const after = open(options, messages);
  await drainFrames();
  return { exported, after };
}

it('keeps the record over a reload, with the labels of what is not in the messages any more', async () => {
  const storage = memoryStorage();
  const { exported, after } = await runAndReload({ storage });
  const again = await exportRecord(after.chat().toolCalls);
  expect(JSON.parse(again)).toMatchObject([{ toolCallId: 'a', input: { n: 71 } }, { toolCallId: 'b' }]);
  expect(await verifyRecord(again)).toBe(true);
  expect(JSON.parse(exported)).toMatchObject([{ input: { n: 71 } }, { input: { n: 72 } }]);
  // An input that must not be stored is not in it, nor any output.
  const kept = await after.journal.recordOf('chat');
  expect(kept.map((entry) => 'input' in entry)).toEqual([true, false]);
  expect(JSON.stringify(kept)).not.toContain(SECRET);
  (await after.ask('And?')).start('m2').text('So').finish('stop');
  await drainFrames();
  expect(selectSources(after.state(), 'm2')).toMatchObject([
    { toolCallId: 'a', labels: ['personal'], changed: 'redacted', status: 'succeeded' },
    { toolCallId: 'b', labels: ['account'] },
  ]);
  expect(await after.journal.list('chat')).toMatchObject([{ toolCallId: 'a' }, { toolCallId: 'b' }]);
});

it('forgets the record with the chat, and what is older than the journal keeps', async () => {
  const storage = memoryStorage();
  const { after } = await runAndReload({ storage });
  expect(await after.journal.recordOf('chat')).toHaveLength(2);
  await storage.prune({ before: Date.now() + 1, keep: 1000 });
  expect(await after.journal.recordOf('chat')).toEqual([]);
  after.journal.keepRecord('chat', [{ at: 1 }]);
  expect(await after.journal.recordOf('chat')).toHaveLength(1);
  await after.journal.clear('chat');
  expect(await after.journal.recordOf('chat')).toEqual([]);
});

it('reads back what `encode` made of it, and is without one where `decode` fails', async () => {
  const storage = memoryStorage();
  const encode = (data: unknown) => btoa(JSON.stringify(data));
  const decode = (data: unknown) => JSON.parse(atob(data as string)) as unknown;
  const journal = toolCallJournal({ storage, encode, decode });
  journal.keepRecord('chat', [{ toolName: 'address' }]);
  expect(await journal.recordOf('chat')).toEqual([{ toolName: 'address' }]);
  expect(JSON.stringify(await storage.read())).not.toContain('toolName');
  const broken = toolCallJournal({ storage, decode: () => JSON.parse('no') as unknown, onError: () => {} });
  expectConsole('warn', 'the journal of tool calls has a fault');
  expect(await broken.recordOf('chat')).toEqual([]);
});
