// Proves: a test of somebody's own tools reads as it happens: the model's answers in a few words, one wait, plain accessors.
import { describe, expect, it } from 'vitest';
import { clientTool, ToolCallError } from 'use-parallel-tools';
import {
  calls,
  createTestChat,
  createTestClock,
  cuts,
  fails,
  finishes,
  pauses,
  refuses,
  says,
  writes,
} from 'use-parallel-tools/testing';
import { z } from 'zod';

const orderInput = z.object({ orderId: z.string() });

/** A shop whose orders are there, and whose refunds want a yes. */
const tools = {
  getOrder: clientTool({
    inputSchema: orderInput,
    readOnly: true,
    execute: ({ orderId }) => ({ orderId, status: 'delivered' }),
  }),
  refund: clientTool({ inputSchema: orderInput, approval: true, execute: () => ({ refunded: true }) }),
};

describe('a chat with a script', () => {
  it('runs the calls of an answer, and sends their results in one follow-up', async () => {
    const chat = createTestChat({
      tools,
      script: [
        [says('I look. '), calls(['getOrder', { orderId: '1' }], ['getOrder', { orderId: '2' }])],
        says('Both came.'),
      ],
    });
    chat.send('Where are my orders?');
    await chat.settled();
    expect(chat.requests.map(({ text }) => text)).toEqual(['Where are my orders?', '']);
    expect(chat.requests[1]?.results).toEqual([
      {
        toolCallId: 'call-1',
        toolName: 'getOrder',
        input: { orderId: '1' },
        output: { orderId: '1', status: 'delivered' },
      },
      {
        toolCallId: 'call-2',
        toolName: 'getOrder',
        input: { orderId: '2' },
        output: { orderId: '2', status: 'delivered' },
      },
    ]);
    expect(chat.calls.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(chat.text).toBe('I look. Both came.');
    expect(chat.status).toBe('ready');
  });

  it('is the same in every run: ids, times, events', async () => {
    const run = async () => {
      const chat = createTestChat({ tools, script: [calls(['getOrder', { orderId: '1' }]), says('Done.')] });
      chat.send('Go');
      await chat.settled();
      return { events: chat.events, messages: chat.messages };
    };
    const [first, second] = [await run(), await run()];
    expect(first.events.length).toBeGreaterThan(3);
    expect(second).toEqual(first);
  });

  it('waits for a person, and goes on when they have answered', async () => {
    const chat = createTestChat({ tools, script: [calls(['refund', { orderId: '1' }]), says('Refunded.')] });
    chat.send('I want my money back');
    await chat.settled();
    expect(chat.call('refund').status).toBe('awaiting-approval');
    expect(chat.requests).toHaveLength(1);
    chat.toolCalls.approve(chat.call('refund'));
    await chat.settled();
    expect(chat.requests[1]?.results).toMatchObject([{ output: { refunded: true } }]);
  });

  it('answers by what was sent, where an answer is a function', async () => {
    const chat = createTestChat({
      tools,
      script: (request) =>
        request.text === '' ? says(`${request.results.length} result`) : calls(['getOrder', { orderId: request.text }]),
    });
    chat.send('7');
    await chat.settled();
    expect(chat.call('getOrder').input).toEqual({ orderId: '7' });
    expect(chat.text).toBe('1 result');
  });

  it('can be written by hand, chunk by chunk', async () => {
    const chat = createTestChat({ tools });
    chat.send('Go');
    const answer = await chat.transport.next();
    answer.start().call('mine', 'getOrder', { orderId: '1' });
    await chat.until(() => chat.call('mine').status === 'succeeded');
    expect(chat.status).toBe('streaming');
    answer.finish();
    const followUp = await chat.transport.next();
    followUp.start().text('Done.').finish('stop');
    await chat.settled();
    expect(chat.text).toBe('Done.');
  });
});

describe('time', () => {
  it('stands still until it is moved, and backoff takes none of the real one', async () => {
    let failures = 2;
    const flaky = clientTool({
      inputSchema: orderInput,
      retry: 3,
      retryDelay: 60_000,
      execute() {
        if (failures-- > 0) throw new ToolCallError('execution', 'Try again');
        return 'ok';
      },
    });
    const chat = createTestChat({ tools: { flaky }, script: [calls(['flaky', { orderId: '1' }]), says('Done.')] });
    const before = chat.clock.now();
    chat.send('Go');
    await chat.until(() => chat.call('flaky').status === 'retrying');
    expect(chat.clock.now()).toBe(before);
    await chat.advance(60_000);
    expect(chat.call('flaky').attempts).toHaveLength(2);
    await chat.settled();
    expect(chat.call('flaky').status).toBe('succeeded');
    expect(chat.clock.now() - before).toBe(120_000);
  });

  it('runs a tool into its timeout when a test moves it there', async () => {
    const slow = clientTool({ inputSchema: orderInput, timeout: 10_000, execute: () => new Promise<string>(() => {}) });
    const chat = createTestChat({ tools: { slow }, script: [calls(['slow', { orderId: '1' }]), says('Too slow.')] });
    chat.send('Go');
    await chat.until(() => chat.call('slow').status === 'running');
    await chat.advance(9_999);
    expect(chat.call('slow').status).toBe('running');
    await chat.advance(1);
    await chat.settled();
    expect(chat.call('slow').error?.kind).toBe('timeout');
    expect(chat.text).toBe('Too slow.');
  });

  it('passes for tools and answers that sleep on the clock, in order', async () => {
    const clock = createTestClock();
    const ended: string[] = [];
    const wait = clientTool({
      inputSchema: z.object({ ms: z.number() }),
      readOnly: true,
      async execute({ ms }, { abortSignal }) {
        await clock.sleep(ms, { abortSignal });
        ended.push(`${ms} at ${clock.now()}`);
        return ms;
      },
    });
    const start = clock.now();
    const chat = createTestChat({
      tools: { wait },
      clock,
      script: [[calls(['wait', { ms: 300 }]), pauses(500), calls(['wait', { ms: 100 }])], says('Done.')],
    });
    chat.send('Go');
    await chat.settled();
    expect(ended).toEqual([`300 at ${start + 300}`, `100 at ${start + 600}`]);
  });

  it('waits for a tool that uses something real', async () => {
    const real = clientTool({
      inputSchema: orderInput,
      timeout: 1000,
      execute: () => new Promise<string>((resolve) => void setTimeout(() => resolve('real'), 30)),
    });
    const chat = createTestChat({ tools: { real }, script: [calls(['real', { orderId: '1' }]), says('Done.')] });
    chat.send('Go');
    await chat.settled();
    expect(chat.call('real').output).toBe('real');
  });
});

describe('what goes wrong', () => {
  const order = calls(['getOrder', { orderId: '1' }]);

  it.each([
    ['the server says so in the answer', [says('Well'), fails('Overloaded')], 'error', 'Overloaded'],
    ['the connection breaks', [order, cuts()], 'error', 'network error'],
    ['the request fails', [refuses('503')], 'error', '503'],
  ])('is the chat’s error when %s', async (_, answer, status, message) => {
    const chat = createTestChat({ tools, script: [answer] });
    chat.send('Go');
    await chat.settled();
    expect(chat.status).toBe(status);
    expect(chat.error?.message).toBe(message);
    expect(chat.requests).toHaveLength(1);
  });

  it('runs no write of an answer that was cut short by its length', async () => {
    const chat = createTestChat({ tools, script: [[calls(['refund', { orderId: '1' }]), finishes('length')]] });
    chat.send('Go');
    await chat.settled();
    expect(chat.call('refund').error?.message).toContain('Not run');
  });

  it('brings other chunks of a server along', async () => {
    const chat = createTestChat({ tools, script: [writes({ type: 'data-note', data: 'seen' })] });
    chat.send('Go');
    await chat.settled();
    expect(chat.messages.at(-1)?.parts).toContainEqual(expect.objectContaining({ type: 'data-note', data: 'seen' }));
  });
});

describe('a mistake of the test', () => {
  it('is said where the script is too short', async () => {
    const chat = createTestChat({ tools, script: [calls(['getOrder', { orderId: '1' }])] });
    chat.send('Go');
    await expect(chat.settled()).rejects.toThrow('The script has 1 answers, and there came a request 2');
  });

  it('is said where a part of the script throws', async () => {
    const chat = createTestChat({
      tools,
      script: () => {
        throw new Error('my own mistake');
      },
    });
    chat.send('Go');
    await expect(chat.settled()).rejects.toThrow('my own mistake');
  });

  it('is said where a tool never ends', async () => {
    const never = clientTool({ inputSchema: orderInput, execute: () => new Promise<string>(() => {}) });
    const chat = createTestChat({ tools: { never }, patience: 40, script: [calls(['never', { orderId: '1' }])] });
    chat.send('Go');
    await expect(chat.settled()).rejects.toThrow('never (call-1) is running');
    chat.unmount();
  });

  it('is said where what it waits for does not come', async () => {
    const chat = createTestChat({ tools, script: [says('Hello')] });
    chat.send('Go');
    await expect(chat.until(() => chat.calls.length > 0)).rejects.toThrow('nothing more happens by itself');
    expect(() => chat.call('getOrder')).toThrow('There is no call of getOrder. Nothing was called.');
  });
});
