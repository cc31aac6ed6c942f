// `onNewMessage: 'wait'`: what a message waits for, what it does not wait for, and what frees it.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, partStates, renderChat, type ChatWay } from '../harness/render-chat.tsx';

const question = (id: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', text: 'Hi' }] });
const answer = (id: string, ...parts: object[]): UIMessage => ({
  id,
  role: 'assistant',
  parts: [{ type: 'step-start' }, ...(parts as UIMessage['parts'])],
});
const call = (toolCallId: string, tool: string, rest: object = {}) => ({
  type: `tool-${tool}`,
  toolCallId,
  state: 'input-available',
  input: { n: 1 },
  ...rest,
});

function render(way: ChatWay, messages: UIMessage[] = [], policies: Parameters<typeof createHandTools>[0] = {}) {
  const hand = createHandTools(policies);
  const rendered = renderChat({ tools: hand.tools, messages, onNewMessage: 'wait' }, { way });
  const say = (text: string) => void rendered.chat().sendMessage({ text });
  /** The texts of the user's messages that each request carried last; `undefined` for a follow-up. */
  const sent = () =>
    rendered.transport.responses.map(({ messages: [...all] }) => {
      const [part] = all.at(-1)!.role === 'user' ? all.at(-1)!.parts : [];
      return part?.type === 'text' ? part.text : undefined;
    });
  return { ...hand, ...rendered, say, sent };
}

/** A conversation in which a read and a write of one answer are open, and a message waits. */
async function waiting(way: ChatWay, policies: Parameters<typeof createHandTools>[0] = {}) {
  const rendered = render(way, [], policies);
  (await rendered.ask('First')).start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
  await rendered.settle();
  rendered.say('Second');
  await rendered.settle();
  expect(rendered.sent()).toEqual(['First']);
  return rendered;
}

describe.each(CHAT_WAYS)('a message that waits (%s)', (way) => {
  it.each([
    ['in an older answer', [question('u'), answer('m', call('old', 'write')), question('v'), answer('n')]],
    ['of a tool of the server', [question('u'), answer('m', call('old', 'search'))]],
    [
      'that came in half, beside one of the server',
      [question('u'), answer('m', call('half', 'read', { state: 'input-streaming' }), call('old', 'search'))],
    ],
    [
      'that the server was to approve, in an older answer',
      [
        question('u'),
        answer('m', call('old', 'search', { state: 'approval-requested', approval: { id: '1' } })),
        question('v'),
      ],
    ],
  ])('does not wait for a loaded call %s: it is closed, and the message goes out', async (_, messages) => {
    const { say, settle, transport } = render(way, messages);
    await settle();
    say('Go on');
    const request = await transport.next();
    expect(request.messages.at(-1)).toMatchObject({ role: 'user', parts: [{ text: 'Go on' }] });
    const parts = request.messages.flatMap((message) => partStates([message]));
    expect(parts.filter((part) => part.startsWith('old'))).toEqual(['old: output-error']);
  });

  it('waits for a loaded read that runs, though it is sent before the page has looked', async () => {
    const { say, sent, settle, reads, transport } = render(way, [question('u'), answer('m', call('old', 'read'))]);
    say('Go on');
    await settle();
    expect(reads).toHaveLength(1);
    expect(sent()).toEqual([]);
    reads[0]!.resolve(1);
    (await transport.next()).start('m').text('Done').finish('stop');
    expect(partStates([(await transport.next()).messages.at(-2)!])).toEqual(['old: output-available']);
    expect(sent()).toEqual([undefined, 'Go on']);
  });

  it('waits for an interrupted write, until a person skips it', async () => {
    const rendered = render(way, [question('u'), answer('m', call('old', 'write'))]);
    const { say, sent, settle, transport, chat } = rendered;
    await settle();
    say('Go on');
    await settle();
    expect(sent()).toEqual([]);
    chat().toolCalls.skip(rendered.call('old'));
    (await transport.next()).start('m').text('Done').finish('stop');
    await settle();
    expect(sent()).toEqual([undefined, 'Go on']);
  });

  it('waits for a tool of the server while its answer streams, then for the follow-up', async () => {
    const { ask, say, sent, settle, reads, transport } = render(way);
    const response = await ask('First');
    response.start('m').call('r', 'read', { n: 1 }).call('s', 'search', {});
    await settle();
    reads[0]!.resolve(1);
    say('Second');
    await settle();
    expect(sent()).toEqual(['First']);
    response.write({ type: 'tool-output-available', toolCallId: 's', output: 'found' }).finish();
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['r: output-available', 's: output-available']);
    followUp.start('m').text('Done').finish('stop');
    await settle();
    expect(sent()).toEqual(['First', undefined, 'Second']);
  });

  it('waits for a person’s answer to the server’s question', async () => {
    const { ask, say, sent, settle, chat, transport } = render(way);
    const response = await ask('First');
    response.start('m').call('s', 'search', {});
    response.write({ type: 'tool-approval-request', toolCallId: 's', approvalId: '1' }).finish();
    await settle();
    say('Second');
    await settle();
    expect(sent()).toEqual(['First']);
    chat().toolCalls.approve('m/0/s');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['s: approval-responded']);
    followUp.write({ type: 'start', messageId: 'm' });
    followUp.write({ type: 'tool-output-available', toolCallId: 's', output: 'found' });
    followUp.write({ type: 'start-step' }).text('Done').finish('stop');
    await settle();
    expect(sent()).toEqual(['First', undefined, 'Second']);
  });

  it('waits for an answer that the page itself gives, with `unknownTool: ignore`', async () => {
    const { tools } = createHandTools();
    const { ask, chat, settle, transport } = renderChat(
      { tools, onNewMessage: 'wait', unknownTool: 'ignore' },
      { way },
    );
    (await ask('First')).start('m').call('form', 'form', {}).finish();
    await settle();
    void chat().sendMessage({ text: 'Second' });
    await settle();
    expect(transport.responses).toHaveLength(1);
    void chat().addToolOutput({ tool: 'form', toolCallId: 'form', output: 'filled in' } as never);
    const next = await transport.next();
    expect(next.messages.map((message) => partStates([message]))).toEqual([[], ['form: output-available'], []]);
  });
});

describe.each(CHAT_WAYS)('stop (%s)', (way) => {
  it.each([
    ['running calls', {}],
    ['a held failure', { read: { onFailure: 'hold' } }],
    ['calls that wait for a yes', { read: { approval: true }, write: { approval: true } }],
  ] as const)('frees a message that waits for %s: it goes out with a result for every call', async (_, policies) => {
    const { reads, chat, sent, settle, transport } = await waiting(way, policies);
    reads[0]?.reject(new Error('down'));
    await settle();
    await chat().stop();
    const next = await transport.next();
    expect(next.messages.map((message) => partStates([message]))).toEqual([
      [],
      ['r: output-error', 'w: output-error'],
      [],
    ]);
    next.start('n').text('Fine').finish('stop');
    await settle();
    expect(sent()).toEqual(['First', 'Second']);
    expect(chat().isBusy).toBe(false);
  });

  it('frees a message that waits for an interrupted call', async () => {
    const { say, sent, settle, chat, transport } = render(way, [question('u'), answer('m', call('old', 'write'))]);
    await settle();
    say('Go on');
    await settle();
    await chat().stop();
    expect(partStates((await transport.next()).messages.slice(0, 2))).toEqual(['old: output-error']);
    expect(sent()).toEqual(['Go on']);
  });

  it('frees a message that waits for a person’s answer to the server', async () => {
    const { ask, say, sent, settle, chat, transport } = render(way);
    const response = await ask('First');
    response.start('m').call('s', 'search', {});
    response.write({ type: 'tool-approval-request', toolCallId: 's', approvalId: '1' }).finish();
    await settle();
    say('Second');
    await settle();
    await chat().stop();
    expect(partStates((await transport.next()).messages.slice(0, 2))).toEqual(['s: output-error']);
    expect(sent()).toEqual(['First', 'Second']);
  });

  it('frees a message that waits while the answer streams', async () => {
    const { ask, say, sent, settle, chat, transport } = render(way);
    (await ask('First')).start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await settle();
    say('Second');
    await settle();
    await chat().stop();
    expect(partStates((await transport.next()).messages.slice(0, 2))).toEqual(['r: output-error', 'w: output-error']);
    expect(sent()).toEqual(['First', 'Second']);
  });

  it('frees a message that waits for a lost connection', async () => {
    const { ask, say, sent, settle, chat, transport } = render(way);
    const response = await ask('First');
    response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await settle();
    response.fail(new TypeError('network error'));
    await settle();
    say('Second');
    await settle();
    expect(sent()).toEqual(['First']);
    await chat().stop();
    expect(partStates((await transport.next()).messages.slice(0, 2))).toEqual(['r: output-error', 'w: output-error']);
  });

  it('frees the first of two messages that wait; the second one waits for its answer', async () => {
    const { say, chat, sent, settle, transport } = await waiting(way);
    say('Third');
    await settle();
    await chat().stop();
    const next = await transport.next();
    await settle();
    expect(sent()).toEqual(['First', 'Second']);
    next.start('n').call('s', 'write', { n: 3 });
    await settle();
    expect(sent()).toEqual(['First', 'Second']);
    next.finish();
    await settle();
    await chat().stop();
    expect(partStates((await transport.next()).messages.slice(0, -1))).toEqual(['s: output-error']);
    expect(sent()).toEqual(['First', 'Second', 'Third']);
  });
});

describe.each(CHAT_WAYS)('regenerate (%s)', (way) => {
  it('makes the answer anew first; the message that waited follows it', async () => {
    const { chat, reads, sent, settle, transport } = await waiting(way);
    void chat().regenerate();
    const again = await transport.next();
    expect(reads[0]!.options.abortSignal.aborted).toBe(true);
    await settle();
    expect(sent()).toEqual(['First', 'First']);
    again.start('n').text('Again').finish('stop');
    await settle();
    expect(sent()).toEqual(['First', 'First', 'Second']);
  });
});
