// Streams that go on after a lost connection or a page load: nothing runs twice, no step vanishes.
import type { UIMessage } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../harness/deferred.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

const question: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] };

/** An answer of earlier, with one call in one state. */
const answer = (part: object): UIMessage => ({
  id: 'message-1',
  role: 'assistant',
  parts: [{ type: 'step-start' }, { toolCallId: 'old', input: { n: 1 }, ...part } as UIMessage['parts'][number]],
});

const answered = answer({ type: 'tool-read', state: 'output-available', output: 1 });
const texts = (message: UIMessage | undefined) =>
  message?.parts.flatMap((part) => ('text' in part ? part.text : 'toolCallId' in part ? part.toolCallId : []));

// Rule 8, fact 27.
describe('a follow-up whose connection is lost', () => {
  async function loseFollowUp(
    lostAfter: 'nothing' | 'text' | 'a call' = 'text',
    options: { onFinish?: (event: { message: UIMessage; messages: UIMessage[] }) => void } = {},
  ) {
    const hand = createHandTools();
    const rendered = renderChat({ tools: hand.tools, ...options });
    const response = await rendered.ask();
    response.start('message-1').call('a', 'read', { n: 1 }).finish();
    await rendered.settle();
    hand.reads[0]!.resolve('one');
    const followUp = await rendered.transport.next();
    followUp.start('message-1');
    if (lostAfter !== 'nothing') followUp.text('More');
    if (lostAfter === 'a call') followUp.call('b', 'read', { n: 2 });
    await rendered.settle();
    followUp.fail(new TypeError('network error'));
    await rendered.settle();
    rendered.transport.offerResume();
    void rendered.chat().resumeStream();
    await rendered.settle();
    return { ...hand, ...rendered, resumed: rendered.transport.resumable! };
  }

  it.each(['nothing', 'text', 'a call'] as const)(
    'after %s keeps the steps before it when it is resumed, and its calls run once',
    async (lostAfter) => {
      const { resumed, reads, transport, chat, call, settle } = await loseFollowUp(lostAfter);
      resumed.start('message-1').text('More').call('b', 'read', { n: 2 });
      await settle();
      expect(reads).toHaveLength(2);
      expect(call('b')).toMatchObject({ status: 'running', step: 1 });
      // Cards find their calls by the step: the page never sees the message without its beginning.
      expect(texts(chat().messages.at(-1))).toEqual(['a', 'More', 'b']);
      resumed.finish();
      await settle();
      expect(texts(chat().messages.at(-1))).toEqual(['a', 'More', 'b']);
      reads[1]!.resolve('two');
      const last = await transport.next();
      expect(partStates(last.messages)).toEqual(['a: output-available', 'b: output-available']);
      expect(reads).toHaveLength(2);
      expect(call('a').status).toBe('succeeded');
    },
  );

  it("tells the page's onFinish the whole message", async () => {
    const onFinish = vi.fn();
    const { resumed, settle } = await loseFollowUp('text', { onFinish });
    onFinish.mockClear();
    resumed.start('message-1').text('More').finish('stop');
    await settle();
    const [{ message, messages }] = onFinish.mock.calls[0]!;
    expect(texts(message)).toEqual(['a', 'More']);
    expect(messages.at(-1)).toBe(message);
  });

  it('keeps a call apart that has the id of an earlier step', async () => {
    const { resumed, reads, transport, call, settle } = await loseFollowUp('nothing');
    resumed.start('message-1').call('a', 'read', { n: 1 }).finish();
    await settle();
    expect(call('a')).toMatchObject({ status: 'running', step: 1 });
    expect(reads).toHaveLength(2);
    reads[1]!.resolve('again');
    const parts = (await transport.next()).messages.at(-1)!.parts;
    expect(parts.flatMap((part) => ('output' in part ? part.output : []))).toEqual(['one', 'again']);
  });

  it('keeps the steps when the resumed stream is lost too', async () => {
    const { resumed, transport, chat, settle } = await loseFollowUp();
    resumed.start('message-1').text('Mo');
    await settle();
    resumed.fail(new TypeError('network error'));
    await settle();
    expect(texts(chat().messages.at(-1))).toEqual(['a', 'Mo']);
    transport.offerResume();
    void chat().resumeStream();
    await settle();
    transport.resumable!.start('message-1').text('More').finish('stop');
    await settle();
    expect(texts(chat().messages.at(-1))).toEqual(['a', 'More']);
    expect(transport.responses).toHaveLength(2);
  });
});

describe('a lost connection', () => {
  it('with nothing left to resume closes the calls that were never complete, and resend goes on', async () => {
    const { reads, tools } = createHandTools();
    const { ask, transport, chat, call, settle } = renderChat({ tools });
    const response = await ask();
    response.start('message-1').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await settle();
    response.fail(new TypeError('network error'));
    await settle();
    void chat().resumeStream();
    await settle();
    expect(call('w')).toMatchObject({ status: 'cancelled', error: { by: 'not-run' } });
    reads[0]!.resolve(1);
    await settle();
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.resend();
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-error']);
  });
});

// Fact 19, rule 8.
describe('a page load while a stream runs', () => {
  function load(messages: UIMessage[], { gate }: { gate?: Promise<unknown> } = {}) {
    const hand = createHandTools();
    const transport = new ScriptedTransport();
    transport.offerResume();
    transport.resumeGate = gate;
    return {
      ...hand,
      ...renderChat({ tools: hand.tools, messages, resume: true }, { transport }),
      resumed: transport.resumable!,
    };
  }

  it('runs the reads of the resumed stream and asks for the writes: they may have run before', async () => {
    const { resumed, reads, writes, transport, call, chat, settle } = load([question]);
    await settle();
    resumed.start('message-1').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    await settle();
    expect(reads).toHaveLength(1);
    expect(writes).toHaveLength(0);
    expect(call('w').status).toBe('interrupted');
    reads[0]!.resolve(1);
    chat().toolCalls.run(call('w'));
    await settle();
    writes[0]!.resolve(2);
    expect(partStates((await transport.next()).messages)).toEqual(['r: output-available', 'w: output-available']);
  });

  it('runs a loaded pending call once, though the replay brings it again', async () => {
    const pending = answer({ type: 'tool-read', state: 'input-available' });
    const { resumed, reads, transport, settle } = load([question, pending]);
    await settle();
    resumed.start('message-1').call('old', 'read', { n: 1 });
    await settle();
    reads[0]?.resolve('one');
    resumed.finish();
    expect(partStates((await transport.next()).messages)).toEqual(['old: output-available']);
    expect(reads).toHaveLength(1);
  });

  it('sends nothing before it knows whether there is a stream to resume', async () => {
    const gate = createDeferred();
    const pending = answer({ type: 'tool-read', state: 'input-available' });
    const { resumed, reads, transport, settle } = load([question, pending], { gate: gate.promise });
    await settle();
    reads[0]?.resolve('one');
    await settle();
    expect(transport.responses).toHaveLength(0);
    gate.resolve(undefined);
    await settle();
    resumed.start('message-1').call('old', 'read', { n: 1 }).finish();
    await settle();
    reads[0]!.resolve('one');
    expect(partStates((await transport.next()).messages)).toEqual(['old: output-available']);
    expect(reads).toHaveLength(1);
  });

  it('goes on with the loaded calls when there is none', async () => {
    const gate = createDeferred();
    const pending = answer({ type: 'tool-read', state: 'input-available' });
    const { reads, transport, settle } = load([question, pending], { gate: gate.promise });
    transport.resumable = undefined;
    gate.resolve(undefined);
    await settle();
    reads[0]!.resolve('one');
    expect(partStates((await transport.next()).messages)).toEqual(['old: output-available']);
  });

  it('keeps the loaded steps when the stream is their follow-up', async () => {
    const { resumed, reads, transport, chat, call, settle } = load([question, answered]);
    await settle();
    resumed.start('message-1').text('More').call('b', 'read', { n: 2 }).finish();
    await settle();
    expect(texts(chat().messages.at(-1))).toEqual(['old', 'More', 'b']);
    expect(call('b').step).toBe(1);
    reads[0]!.resolve('two');
    expect(partStates((await transport.next()).messages)).toEqual(['old: output-available', 'b: output-available']);
  });

  it('keeps them when the page is loaded again in the middle of it', async () => {
    const first = load([question, answered]);
    await first.settle();
    first.resumed.start('message-1').call('b', 'read', { n: 2 });
    await first.settle();
    const saved = structuredClone(first.chat().messages);
    expect(texts(saved.at(-1))).toEqual(['old', 'b']);
    first.view.unmount();

    const { resumed, reads, transport, call, settle } = load(saved);
    await settle();
    resumed.start('message-1').call('b', 'read', { n: 2 });
    await settle();
    expect(call('b')).toMatchObject({ status: 'running', step: 1 });
    reads[0]!.resolve('two');
    resumed.finish();
    expect(partStates((await transport.next()).messages)).toEqual(['old: output-available', 'b: output-available']);
    expect(reads).toHaveLength(1);
    await settle();
    expect(transport.responses).toHaveLength(1);
  });

  it('keeps them when one of their calls never came whole', async () => {
    const cut = { type: 'tool-read', toolCallId: 'cut', state: 'input-streaming', input: undefined } as const;
    const { resumed, chat, call, settle } = load([question, { ...answered, parts: [...answered.parts, cut] }]);
    await settle();
    resumed.start('message-1').call('b', 'read', { n: 2 });
    await settle();
    expect(texts(chat().messages.at(-1))).toEqual(['old', 'cut', 'b']);
    expect(call('b').step).toBe(1);
  });

  it('keeps the result of an answered call that the replay resets, and sends it', async () => {
    const done = answer({ type: 'tool-write', state: 'output-available', output: 1 });
    const { resumed, writes, call, transport, settle } = load([question, done]);
    await settle();
    resumed.start('message-1').call('old', 'write', { n: 1 }).finish();
    await settle();
    expect(writes).toHaveLength(0);
    expect(call('old')).toMatchObject({ status: 'succeeded', output: 1, step: 0 });
    expect(partStates((await transport.next()).messages)).toEqual(['old: output-available']);
  });
});
