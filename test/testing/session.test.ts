// Proves: the file of a session has what happened and what was said, reads back as it was, and holds nothing that the model was not given.
import { describe, expect, it } from 'vitest';
import { clientTool, ToolCallError, type ToolCallsPlugin } from 'use-parallel-tools';
import { createToolCallStore, selectToolCalls } from 'use-parallel-tools/core';
import { disclosure } from 'use-parallel-tools/disclosure';
import {
  calls,
  createSessionRecorder,
  createTestChat,
  exportSession,
  readSession,
  says,
  type SessionRecording,
  type TestChat,
} from 'use-parallel-tools/testing';
import { listSnapshots } from '../../src/session/recording.ts';
import { z } from 'zod';

const tools = {
  getOrder: clientTool({
    inputSchema: z.object({ orderId: z.string() }),
    readOnly: true,
    execute: ({ orderId }) => ({ orderId, owner: 'Ada' }),
  }),
  getRate: clientTool({
    inputSchema: z.object({ currency: z.string() }),
    retry: 0,
    execute({ currency }): number {
      throw new ToolCallError('execution', `No rate for ${currency}`, { status: 503, retryAfter: 5 });
    },
  }),
};

const script = [
  [says('I look.'), calls(['getOrder', { orderId: '42' }], ['getRate', { currency: 'USD' }])],
  says('The rate is missing.'),
];

async function play(plugins: ToolCallsPlugin[] = []): Promise<TestChat> {
  const chat = createTestChat({ tools, script, plugins });
  chat.send('What of order 42?');
  await chat.settled();
  return chat;
}

/** The records that the log of a recording makes. */
function replayRecords({ initial, log }: SessionRecording) {
  const { store, dispatch } = createToolCallStore(initial);
  for (const entry of log) if (entry.type === 'event') dispatch(entry.event);
  return store.getState();
}

const throughFile = (chat: TestChat) => readSession(JSON.stringify(chat.session()));

describe('a session', () => {
  it('makes the same records again, errors included', async () => {
    const chat = await play();
    const recording = throughFile(chat);
    expect(replayRecords(recording)).toEqual(chat.toolCalls.store.getState());
    const failed = selectToolCalls(replayRecords(recording)).find(({ toolName }) => toolName === 'getRate');
    expect(failed?.error).toBeInstanceOf(ToolCallError);
    expect(failed?.error).toMatchObject({ kind: 'execution', status: 503, retryAfter: 5 });
  });

  it('has the conversation as each request carried it, and as it was at the end', async () => {
    const chat = await play();
    const snapshots = listSnapshots(throughFile(chat));
    expect(snapshots.map(({ type }) => type)).toEqual(['request', 'request', 'messages']);
    expect(snapshots.slice(0, 2).map(({ messages }) => messages)).toEqual(
      chat.requests.map(({ messages }) => JSON.parse(JSON.stringify(messages)) as unknown),
    );
    expect(snapshots[2]?.messages).toEqual(JSON.parse(JSON.stringify(chat.messages)));
  });

  it('keeps what a retry has trimmed from the conversation', async () => {
    let failures = 1;
    const flaky = clientTool({
      inputSchema: z.object({}),
      execute() {
        if (failures-- > 0) throw new ToolCallError('execution', 'Down');
        return 'up';
      },
    });
    const chat = createTestChat({
      tools: { flaky },
      script: [calls(['flaky']), says('It is down.'), says('It is up.')],
    });
    chat.send('Go');
    await chat.settled();
    chat.toolCalls.retry(chat.call('flaky'));
    await chat.settled();
    expect(JSON.stringify(chat.messages)).not.toContain('It is down.');
    expect(JSON.stringify(chat.session())).toContain('It is down.');
    expect(replayRecords(throughFile(chat))).toEqual(chat.toolCalls.store.getState());
  });

  it('begins with the records that are left when the oldest events go', async () => {
    const recorder = createSessionRecorder({ limit: 4 });
    const chat = await play([recorder]);
    const recording = readSession(recorder.export());
    expect(recording.log.length).toBeLessThan(chat.session().log.length);
    expect(replayRecords(recording)).toEqual(chat.toolCalls.store.getState());
  });

  it('is that of the chat which was mounted last', async () => {
    const recorder = createSessionRecorder();
    await play([recorder]);
    const second = createTestChat({ id: 'second', tools, plugins: [recorder], script: [says('Hello.')] });
    second.send('Hi');
    await second.settled();
    const { chatId, log, messages } = readSession(recorder.export());
    expect(chatId).toBe('second');
    expect(log.map(({ type }) => type)).toEqual(['request']);
    expect(messages).toHaveLength(2);
  });

  it('carries on where a plugin has noted what JSON cannot carry', async () => {
    const circle: { self?: object } = {};
    circle.self = circle;
    const noting: ToolCallsPlugin = {
      name: 'noting',
      connect: (host) => host.subscribe(({ type }) => void (type === 'batch-told' && host.record(circle))),
    };
    const session = (await play([noting])).session();
    expect(session.log).toContainEqual(expect.objectContaining({ type: 'unreadable' }));
    expect(readSession(session).messages).toHaveLength(2);
  });
});

describe('what is not in the file', () => {
  it('is the output that the model was given in another form', async () => {
    const hide: ToolCallsPlugin = { name: 'hide', toModel: () => ({ owner: 'somebody' }) };
    const chat = await play([hide]);
    expect(chat.call('getOrder').output).toEqual({ orderId: '42', owner: 'Ada' });
    expect(JSON.stringify(chat.session())).not.toContain('Ada');
    expect(selectToolCalls(replayRecords(throughFile(chat)))[0]?.output).toEqual({ owner: 'somebody' });
  });

  it('is an output that was withheld, or that the model has yet to get', async () => {
    const secret = clientTool({
      inputSchema: z.object({}),
      labels: ['private'],
      async *execute(_, { reportProgress }) {
        reportProgress({ message: 'Ada’s file' });
        yield 'Ada, in part';
        yield 'Ada, whole';
      },
    });
    const ask = disclosure({ consent: () => 'ask' });
    const chat = createTestChat({ tools: { secret }, plugins: [ask], script: [calls(['secret']), says('Thanks.')] });
    chat.send('Go');
    await chat.settled();
    expect(chat.call('secret').output).toBe('Ada, whole');
    expect(JSON.stringify(chat.session())).not.toContain('Ada');
  });

  it('are the words of an error that the model read in another form, in all of its attempts', async () => {
    const flaky = clientTool({
      inputSchema: z.object({}),
      retry: 1,
      errorText: () => 'It failed.',
      execute() {
        throw new Error('Ada has no account');
      },
    });
    const chat = createTestChat({ tools: { flaky }, script: [calls(['flaky']), says('Sorry.')] });
    chat.send('Go');
    await chat.settled();
    const text = JSON.stringify(chat.session());
    expect(text).not.toContain('Ada');
    expect(text).toContain('It failed.');
  });

  it('is, where it is redacted, everything that was said; what happened is still there', async () => {
    const chat = await play();
    const session = chat.session({ redact: true });
    const text = JSON.stringify(session);
    for (const said of ['Ada', 'USD', 'What of', 'I look', 'No rate']) expect(text).not.toContain(said);
    const own = chat.calls.map(({ key, toolName, status }) => ({ key, toolName, status }));
    expect(selectToolCalls(replayRecords(readSession(session)))).toMatchObject(own);
  });

  it('is what a function of yours takes out', async () => {
    const session = (await play()).session({
      redact: (value, field) => (field === 'output' ? 'gone' : value),
    });
    const text = JSON.stringify(session);
    expect(text).toContain('"output":"gone"');
    expect(text).not.toContain('Ada');
    expect(text).toContain('What of order 42?');
  });
});

describe('a file that is none', () => {
  it.each([
    ['text', 'hello', 'is no JSON'],
    ['another JSON', { a: 1 }, 'Expected the file of a session'],
    ['nothing', null, 'Expected the file of a session'],
    ['one of a later version', { format: 'use-parallel-tools/session', version: 2 }, 'of version 2'],
    ['half a file', { format: 'use-parallel-tools/session', version: 1, log: [] }, 'is damaged'],
  ])('is refused with words: %s', (_, file, message) => {
    expect(() => readSession(file)).toThrow(message);
  });
});

it('can be made of what somebody else recorded', () => {
  const recording: SessionRecording = { chatId: 'a', startedAt: 5, initial: { batches: {} }, log: [], messages: [] };
  expect(readSession(exportSession(recording))).toEqual(recording);
});
