// Proves: a session plays again, with the tools of today or with the results that it has, and says what is not as it was.
import { describe, expect, it } from 'vitest';
import { clientTool, ToolCallError, type ToolPolicy } from 'use-parallel-tools';
import {
  calls,
  createTestChat,
  createTestClock,
  pauses,
  replaySession,
  says,
  writes,
  type TestChat,
  type ToolCallSession,
} from 'use-parallel-tools/testing';
import { z } from 'zod';

const order = z.object({ orderId: z.string() });

/** A shop whose tools take their time, by a clock. */
function createShop({
  clock = createTestClock(),
  status = 'delivered',
  isDown = false,
  policy = {} as ToolPolicy<z.infer<typeof order>>,
} = {}) {
  return {
    clock,
    tools: {
      getOrder: clientTool({
        inputSchema: order,
        readOnly: true,
        ...policy,
        async execute({ orderId }, { abortSignal }) {
          await clock.sleep(300, { abortSignal });
          return { orderId, status };
        },
      }),
      getPolicy: clientTool({ inputSchema: z.object({}), readOnly: true, execute: () => ({ days: 30 }) }),
      refund: clientTool({
        inputSchema: order,
        approval: true,
        async execute({ orderId }, { abortSignal }) {
          await clock.sleep(500, { abortSignal });
          if (isDown) throw new ToolCallError('execution', 'The bank is closed');
          return { refunded: orderId };
        },
      }),
      pickColor: clientTool({ inputSchema: z.object({}), outputSchema: z.string() }),
    },
  };
}

type Shop = ReturnType<typeof createShop>;

/** A conversation with everything that people do: a yes, a no, an answer, a retry, a cancel, another message. */
async function record(shop: Shop): Promise<TestChat> {
  const chat = createTestChat({
    tools: shop.tools,
    clock: shop.clock,
    script: [
      [says('I look.'), calls(['getOrder', { orderId: '42' }]), pauses(100), calls(['getPolicy'])],
      says('It was delivered.'),
      calls(['refund', { orderId: '42' }], ['refund', { orderId: '43' }], ['pickColor']),
      says('42 is refunded, 43 is not.'),
      calls(['getOrder', { orderId: '44' }], ['getOrder', { orderId: '45' }]),
      says('One was cancelled.'),
    ],
  });
  chat.send('Where is order 42?');
  await chat.settled();
  chat.send('Refund 42 and 43, in which colour you like.');
  await chat.settled();
  const [first, second] = chat.calls.filter(({ toolName }) => toolName === 'refund');
  chat.toolCalls.approve(first!);
  chat.toolCalls.deny(second!, 'Not that one');
  chat.toolCalls.respond(chat.call('pickColor'), 'red');
  await chat.settled();
  chat.send('And 44 and 45?');
  await chat.until(() => chat.calls.filter(({ status }) => status === 'running').length === 2);
  await chat.advance(100);
  chat.toolCalls.cancel(chat.calls.at(-1)!);
  await chat.settled();
  return chat;
}

const toFile = (chat: TestChat): ToolCallSession => JSON.parse(JSON.stringify(chat.session())) as ToolCallSession;

const toResults = ({ calls }: TestChat) =>
  calls.map(({ toolCallId, status, output, error }) => ({ toolCallId, status, output, error: error?.message }));

describe('a replay', () => {
  it('with recorded results is the session again: its calls, times, requests and conversation', async () => {
    const recorded = await record(createShop());
    const { chat, differences } = await replaySession(toFile(recorded), {
      tools: createShop().tools,
      outputs: 'recorded',
    });
    expect(differences).toEqual([]);
    expect(toResults(chat)).toEqual(toResults(recorded));
    expect(chat.calls.map(({ settledAt }) => settledAt)).toEqual(recorded.calls.map(({ settledAt }) => settledAt));
    expect(chat.requests.map(({ results }) => results)).toEqual(recorded.requests.map(({ results }) => results));
    expect(chat.messages).toEqual(JSON.parse(JSON.stringify(recorded.messages)));
  });

  it('runs the tools as they are today, and finds nothing where they do the same', async () => {
    const recorded = await record(createShop());
    const today = createShop({ clock: createTestClock() });
    const replay = await replaySession(toFile(recorded), { tools: today.tools, clock: today.clock });
    expect(replay.differences).toEqual([]);
    expect(replay.chat.requests).toHaveLength(6);
  });

  it('of a session with a failure that was retried has both', async () => {
    const broken = createShop({ isDown: true });
    const chat = createTestChat({
      tools: broken.tools,
      clock: broken.clock,
      script: [calls(['refund', { orderId: '1' }]), says('The bank is closed.'), says('Refunded.')],
    });
    chat.send('Refund 1');
    await chat.settled();
    chat.toolCalls.approve(chat.call('refund'));
    await chat.settled();
    chat.toolCalls.retry(chat.call('refund'));
    await chat.settled();
    const { chat: again, differences } = await replaySession(toFile(chat), {
      tools: broken.tools,
      outputs: 'recorded',
    });
    expect(differences).toEqual([]);
    expect(again.call('refund').earlierRuns).toHaveLength(1);
    expect(again.requests).toHaveLength(chat.requests.length);
  });

  it('approves with the input that a person has put in the place of the model’s', async () => {
    const shop = createShop();
    const script = [calls(['refund', { orderId: '1' }]), says('Refunded.')];
    const chat = createTestChat({ tools: shop.tools, clock: shop.clock, script });
    chat.send('Refund 1');
    await chat.settled();
    chat.toolCalls.approve(chat.call('refund'), { input: { orderId: '2' } });
    await chat.settled();
    const today = createShop();
    const { chat: again, differences } = await replaySession(toFile(chat), { tools: today.tools, clock: today.clock });
    expect(differences).toEqual([]);
    expect(again.call('refund').output).toEqual({ refunded: '2' });
  });

  it('of a message that cancelled what ran sends it while that runs', async () => {
    const shop = createShop();
    const chat = createTestChat({
      tools: shop.tools,
      clock: shop.clock,
      script: [calls(['getOrder', { orderId: '1' }]), says('Never mind.')],
    });
    chat.send('Where is order 1?');
    await chat.until(() => chat.call('getOrder').status === 'running');
    await chat.advance(50);
    chat.send('Never mind');
    await chat.settled();
    expect(chat.call('getOrder').status).toBe('cancelled');
    for (const outputs of ['recorded', 'tools'] as const) {
      const today = createShop();
      const { differences } = await replaySession(toFile(chat), { tools: today.tools, clock: today.clock, outputs });
      expect(differences).toEqual([]);
    }
  });

  it('of a loaded conversation begins with it, and has what servers send: reasoning, their own calls, data, another answer', async () => {
    const shop = createShop();
    const served = { toolCallId: 'served', providerExecuted: true } as const;
    const chat = createTestChat({
      tools: shop.tools,
      clock: shop.clock,
      messages: [
        { id: 'u0', role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
        { id: 'a0', role: 'assistant', parts: [{ type: 'text', text: 'Hello!' }] },
      ],
      script: [
        [
          writes(
            { type: 'reasoning-start', id: 'r' },
            { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
            { type: 'reasoning-end', id: 'r' },
            { type: 'tool-input-available', ...served, toolName: 'search', input: { q: 'order 1' } },
            { type: 'tool-output-available', ...served, output: ['found'] },
            { type: 'data-note', data: { n: 1 } },
            { type: 'finish-step' },
            { type: 'start-step' },
          ),
          calls(['getOrder', { orderId: '1' }]),
        ],
        says('It was delivered.'),
        says('It has been delivered.'),
      ],
    });
    chat.send('Where is order 1?');
    await chat.settled();
    chat.regenerate();
    await chat.settled();
    const { chat: again, differences } = await replaySession(toFile(chat), { tools: shop.tools, outputs: 'recorded' });
    expect(differences).toEqual([]);
    expect(again.messages).toEqual(JSON.parse(JSON.stringify(chat.messages)));
    expect(again.requests).toHaveLength(3);
    expect(JSON.stringify(again.requests[1]?.messages)).toContain('"providerExecuted":true');
  });

  it('of a stop stops where it was stopped', async () => {
    const shop = createShop();
    const chat = createTestChat({
      tools: shop.tools,
      clock: shop.clock,
      script: [calls(['getOrder', { orderId: '1' }])],
    });
    chat.send('Where is order 1?');
    await chat.until(() => chat.call('getOrder').status === 'running');
    chat.stop();
    await chat.settled();
    const { chat: again, differences } = await replaySession(toFile(chat), { tools: shop.tools, outputs: 'recorded' });
    expect(differences).toEqual([]);
    expect(again.call('getOrder').error?.by).toBe('stop');
  });
});

describe('what differs', () => {
  it('is another result', async () => {
    const recorded = await record(createShop());
    const today = createShop({ status: 'lost' });
    const { differences } = await replaySession(toFile(recorded), { tools: today.tools, clock: today.clock });
    expect(differences.map(({ type }) => type)).toEqual(['result', 'result']);
    expect(differences[0]).toMatchObject({
      toolName: 'getOrder',
      recorded: { status: 'succeeded', output: { orderId: '42', status: 'delivered' } },
      replayed: { status: 'succeeded', output: { orderId: '42', status: 'lost' } },
    });
    expect(differences[0]?.message).toBe(
      'getOrder (call-1) gave {"orderId":"42","status":"delivered"}, and now gave {"orderId":"42","status":"lost"}.',
    );
  });

  it('is another order of starts, by a policy of today', async () => {
    const shop = createShop();
    const script = [calls(['getOrder', { orderId: '1' }], ['getPolicy']), says('Done.')];
    const chat = createTestChat({ tools: shop.tools, clock: shop.clock, script });
    chat.send('Go');
    await chat.settled();
    const today = createShop({ policy: { after: ['getPolicy'] } });
    const { differences } = await replaySession(toFile(chat), { tools: today.tools, outputs: 'recorded' });
    expect(differences).toMatchObject([
      { type: 'order', recorded: ['getOrder', 'getPolicy'], replayed: ['getPolicy', 'getOrder'] },
    ]);
  });

  it('is a tool that is not there any more, and what it leaves open', async () => {
    const recorded = await record(createShop());
    const { getOrder: _, ...rest } = createShop().tools;
    const { differences } = await replaySession(toFile(recorded), { tools: rest, outputs: 'recorded' });
    expect(differences.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('There is no tool named getOrder on this page'),
    );
  });

  it('of a redacted session are statuses alone', async () => {
    const recorded = await record(createShop());
    const file = recorded.session({ redact: (value, field) => (field === 'output' ? 'redacted' : value) });
    const today = createShop({ status: 'lost' });
    expect((await replaySession(file, { tools: today.tools, clock: today.clock })).differences).toEqual([]);
    const broken = createShop({ isDown: true });
    const { differences } = await replaySession(file, { tools: broken.tools, clock: broken.clock });
    expect(differences).toMatchObject([
      { type: 'result', replayed: { status: 'failed', error: 'The bank is closed' } },
    ]);
  });
});
