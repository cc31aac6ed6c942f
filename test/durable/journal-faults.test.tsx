// Storage that fails: the chat goes on as without a journal, says so once, and never runs a write twice for it.
import { describe, expect, it, vi } from 'vitest';
import { memoryStorage, type JournalRow, type JournalStorage } from 'use-parallel-tools/durable';
import { drainFrames } from '../harness/final-words.ts';
import { createWatchedDisk, openJournalPage } from '../harness/journal-page.tsx';
import { partStates } from '../harness/render-chat.tsx';
import { createFakeClock } from '../core/fake-clock.ts';
import { expectConsole, ignoreConsole } from '../setup/console.ts';

// Once for each page: the first test of this file sees it.
const WARNING = 'the journal of tool calls has a fault';

const full = new DOMException('The quota is exceeded', 'QuotaExceededError');
const blocked = new DOMException('The operation is insecure', 'SecurityError');
const refuse = (reason: Error) => async (): Promise<never> => {
  throw reason;
};
const hang = () => new Promise<never>(() => {});

const FAULTS: Record<string, Partial<JournalStorage>> = {
  'is blocked': { read: refuse(blocked), write: refuse(blocked), remove: refuse(blocked), prune: refuse(blocked) },
  'is full': { write: refuse(full) },
  'throws at once': {
    read: () => {
      throw blocked;
    },
    write: () => {
      throw blocked;
    },
    prune: () => {
      throw blocked;
    },
  },
};

const runBatch = async (page: ReturnType<typeof openJournalPage>) => {
  (await page.ask()).start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
  await drainFrames();
};

it('says what is wrong, once', async () => {
  expectConsole('warn', WARNING);
  ignoreConsole(new RegExp(WARNING));
  const onError = vi.fn();
  const page = openJournalPage({ disk: { ...memoryStorage(), write: refuse(full) }, onError });
  await runBatch(page);
  expect(page.writes).toHaveLength(1);
  expect(onError).toHaveBeenCalledWith(full);
});

describe.each(Object.entries(FAULTS))('a storage that %s', (_, fault) => {
  const open = (options: object = {}) =>
    openJournalPage({
      disk: { ...memoryStorage(), ...fault },
      onError: () => {
        throw new Error('of the page');
      },
      ...options,
    });

  it('leaves the chat as it is without a journal', async () => {
    const page = open();
    await runBatch(page);
    page.reads[0]!.resolve('read');
    page.writes[0]!.resolve('written');
    expect(partStates((await page.transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
    const messages = (await page.crash()).slice(0, 2);
    const { parts } = messages[1]!;
    const lost = parts.map((part) =>
      'toolCallId' in part ? { ...part, state: 'input-available' as const, output: undefined } : part,
    );
    const next = open({ messages: [messages[0]!, { ...messages[1]!, parts: lost as typeof parts }] });
    await drainFrames();
    expect(next.calls().map(({ status }) => status)).toEqual(['running', 'interrupted']);
    expect(await next.journal.list()).toEqual([]);
  });

  it('lets no write start where the journal is required', async () => {
    const page = open({ required: true });
    await runBatch(page);
    expect([page.reads.length, page.writes.length]).toEqual([1, 0]);
    expect(page.call('w')).toMatchObject({
      status: 'failed',
      error: { message: 'The tool did not run, since its start could not be stored in the browser' },
    });
  });
});

describe('a storage that does not answer', () => {
  const open = (options: object = {}) => {
    const clock = createFakeClock();
    const disk: JournalStorage = { read: hang, write: hang, remove: hang, prune: hang };
    return { clock, ...openJournalPage({ disk, clock, ...options }) };
  };

  it('is waited for no longer than three seconds, and once', async () => {
    const page = open();
    await runBatch(page);
    expect(page.writes).toHaveLength(0);
    await page.clock.advance(3_000);
    await drainFrames();
    expect(page.writes).toHaveLength(1);
    page.reads[0]!.resolve('read');
    page.writes[0]!.resolve('written');
    const followUp = await page.transport.next();
    followUp.start('m').call('x', 'write', { n: 3 }).finish();
    await drainFrames();
    expect(page.writes).toHaveLength(2);
  });

  it('keeps no loaded call waiting', async () => {
    const message = (id: string) => ({ type: 'tool-write', toolCallId: id, state: 'input-available', input: { n: 1 } });
    const messages = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: 'm', role: 'assistant', parts: [message('a')] },
    ] as never;
    const page = open({ messages });
    await drainFrames();
    expect(page.calls()).toEqual([]);
    await page.clock.advance(3_000);
    await drainFrames();
    expect(page.call('a').status).toBe('interrupted');
  });
});

describe('a storage that breaks between a call and its start', () => {
  const breakAfterFirst = () => {
    const { storage, writes } = createWatchedDisk();
    const write: JournalStorage['write'] = (rows, options) =>
      writes.length > 0 ? Promise.reject(full) : storage.write(rows, options);
    return { ...storage, write };
  };

  it('does not make the call run again: after a reload it is known that it may have run', async () => {
    const page = openJournalPage({ disk: breakAfterFirst(), onError: () => {} });
    await runBatch(page);
    expect(page.writes).toHaveLength(1);
    const next = openJournalPage({ disk: page.disk, messages: await page.crash(), onError: () => {} });
    await drainFrames();
    expect(next.call('w').status).toBe('interrupted');
    expect(next.writes).toHaveLength(0);
    localStorage.clear();
  });

  it('keeps the call from running where nothing at all can be stored', async () => {
    const setItem = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw full;
    });
    const page = openJournalPage({ disk: breakAfterFirst() });
    await runBatch(page);
    expect(page.writes).toHaveLength(0);
    expect(page.call('w').error?.message).toContain('its start could not be stored');
    setItem.mockRestore();
  });
});

describe('rows that cannot be read', () => {
  const left = async (change: (row: JournalRow) => unknown, options: object = {}) => {
    const page = openJournalPage(options);
    (await page.ask()).start('m').call('a', 'write', { n: 1 }).call('b', 'write', { n: 2 }).finish();
    await drainFrames();
    page.writes[0]!.resolve('one');
    page.writes[1]!.resolve('two');
    await page.transport.next();
    const rows = await page.disk.read();
    const first = rows.find(({ id }) => id.includes('/a'))!;
    await page.disk.write([change(first) as JournalRow], { durability: 'relaxed' });
    const [user, answer] = await page.crash();
    const parts = answer!.parts.map((part) =>
      'toolCallId' in part ? { ...part, state: 'input-available', output: undefined } : part,
    );
    const onError = vi.fn();
    const messages = [user!, { ...answer!, parts: parts as never }];
    const next = openJournalPage({ disk: page.disk, messages, ...options, onError });
    await drainFrames();
    return { next, onError };
  };

  it.each<[string, (row: JournalRow) => unknown]>([
    ['empty', (row) => ({ ...row, data: undefined })],
    ['a text', (row) => ({ ...row, data: 'garbled' })],
    ['of another shape', (row) => ({ ...row, data: { state: 'settled' } })],
    ['without the end that they name', (row) => ({ ...row, data: { ...(row.data as object), ending: { type: 'x' } } })],
    ['of a later version', (row) => ({ ...row, version: 2 })],
  ])('hide no good ones: %s', async (_, change) => {
    const { next, onError } = await left(change);
    expect(next.calls().map(({ status }) => status)).toEqual(['interrupted', 'succeeded']);
    expect(onError).toHaveBeenCalled();
  });

  it('are read by `decode`, as `encode` wrote them', async () => {
    const encode = async (entry: object) => btoa(JSON.stringify(entry));
    const decode = async (stored: unknown) => JSON.parse(atob(String(stored))) as unknown;
    const { next, onError } = await left((row) => ({ ...row, data: 'no code' }), { encode, decode });
    expect(next.calls().map(({ status }) => status)).toEqual(['interrupted', 'succeeded']);
    expect(next.call('b')).toMatchObject({ output: 'two' });
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe('`persist`', () => {
  const entriesWith = async (persist: boolean | 'outcome-only') => {
    const page = openJournalPage({ policies: { write: { persist } } });
    (await page.ask()).start('m').call('w', 'write', { n: 1 }).finish();
    await drainFrames();
    page.writes[0]!.resolve('private');
    await page.transport.next();
    return { page, entries: await page.journal.list() };
  };

  it.each<[boolean | 'outcome-only', object]>([
    [true, { input: { n: 1 }, ending: { output: 'private' } }],
    ['outcome-only', { input: undefined, ending: { output: 'private' } }],
    [false, { input: undefined, ending: undefined }],
  ])('%s says what is kept', async (persist, kept) => {
    const { entries } = await entriesWith(persist);
    expect(entries).toHaveLength(1);
    const { state, input, ending } = entries[0]!;
    expect({ state, input, ending }).toMatchObject({ state: 'settled', ...kept });
  });

  it('leaves a call whose result was not kept to a person, and says so', async () => {
    const { page } = await entriesWith(false);
    const [user, answer] = await page.crash();
    const part = { type: 'tool-write', toolCallId: 'w', state: 'input-available', input: { n: 1 } } as const;
    const next = openJournalPage({
      disk: page.disk,
      messages: [user!, { ...answer!, parts: [part] }],
      policies: { write: { persist: false } },
    });
    await drainFrames();
    expect(next.call('w')).toMatchObject({ status: 'interrupted', interruption: { type: 'ended' } });
    next.chat().toolCalls.skip(next.call('w'));
    const { messages } = await next.transport.next();
    expect(JSON.stringify(messages)).toContain('its result was not kept');
  });
});
