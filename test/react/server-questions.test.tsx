// The server's own questions and denials, where something comes between: a stop, a lost connection, a call that has failed already.
import type { ToolSet, UIMessage } from 'ai';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { denied, drainFrames, openAll, refused, requested } from '../harness/final-words.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

describe.each(CHAT_WAYS)('what the server says of a call (%s)', (way) => {
  function open(tools?: ToolSet) {
    const hand = openAll();
    return { ...hand, ...renderChat<ToolSet>({ tools: tools ?? hand.tools }, { way }) };
  }

  it('a yes to a call of its own is not sent after a stop', async () => {
    const { ask, chat, transport } = open();
    (await ask()).start('m').call('s', 'serverTool', {}).write(requested('s', false));
    await drain();
    chat().toolCalls.approve('m/0/s');
    await drain();
    await chat().stop();
    await drainFrames();
    expect(transport.responses).toHaveLength(1);
    expect(partStates(chat().messages)).toEqual(['s: approval-requested']);
    chat().toolCalls.approve('m/0/s');
    expect(partStates((await transport.next()).messages)).toEqual(['s: approval-responded']);
  });

  it('a question holds up resend until it is answered', async () => {
    const { ask, chat, transport, reads } = open();
    const answer = await ask();
    answer.start('m').call('s', 'serverTool', {}).call('r', 'read', { n: 1 });
    answer.write(requested('s', false)).finish('length');
    await drain();
    reads[0]!.resolve('mine');
    await drainFrames();
    chat().toolCalls.resend();
    await drainFrames();
    expect(transport.responses).toHaveLength(1);
    chat().toolCalls.approve('m/0/s');
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['s: approval-responded', 'r: output-available']);
  });

  // AI SDK 6 has no `tool-approval-response`.
  it.skipIf(isAiSdk6)('a denial counts as its own though the connection is lost at once', async () => {
    const { ask, chat, transport, reads, calls } = open();
    const answer = await ask();
    answer.start('m').call('r', 'read', { n: 1 });
    await drain();
    reads[0]!.resolve('mine');
    await drain();
    answer.write(requested('r'), refused('r'), denied('r'));
    await drain();
    answer.fail(new TypeError('network error'));
    await drainFrames();
    expect(calls()).toMatchObject([{ status: 'denied', answeredBy: 'server' }]);
    transport.offerResume();
    void chat().resumeStream();
    transport.resumable!.start('m').call('r', 'read', { n: 1 }).write(requested('r'), refused('r'), denied('r'));
    transport.resumable!.text('I may not read it').finish('stop');
    await drainFrames();
    expect([reads.length, transport.responses.length]).toEqual([1, 1]);
  });

  it.skipIf(isAiSdk6)('a denial of its own tool that is replayed is nothing to go on from', async () => {
    const { ask, chat, transport } = open();
    const answer = await ask();
    answer.start('m').call('s', 'serverTool', {}).write(requested('s'));
    await drain();
    answer.fail(new TypeError('network error'));
    await drainFrames();
    transport.offerResume();
    void chat().resumeStream();
    transport.resumable!.start('m').call('s', 'serverTool', {}).write(requested('s'), refused('s'), denied('s'));
    transport.resumable!.text('I may not').finish('stop');
    await drainFrames();
    expect(partStates(chat().messages)).toEqual(['s: output-denied']);
    expect(transport.responses).toHaveLength(1);
  });

  it.skipIf(isAiSdk6)('a denial that is replayed holds for a tool that has come since', async () => {
    const { view, ask, chat, transport, tools, reads } = open({});
    const answer = await ask();
    answer.start('m').call('r', 'read', { n: 1 }).write(requested('r'), refused('r'), denied('r'));
    await drain();
    answer.fail(new TypeError('network error'));
    view.rerender({ tools });
    await drain();
    transport.offerResume();
    void chat().resumeStream();
    transport.resumable!.start('m').call('r', 'read', { n: 1 }).write(requested('r'), refused('r'), denied('r'));
    transport.resumable!.text('I may not read it').finish('stop');
    await drainFrames();
    expect([reads.length, transport.responses.length]).toEqual([0, 1]);
  });

  it('a result counts as its own though the page has answered before', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { ask, chat, transport, calls } = open();
    const answer = await ask();
    answer.start('m').call('w', 'write', { n: 1 });
    await drain();
    void chat().addToolOutput({ tool: 'write', toolCallId: 'w', output: 'the page’s' });
    await drain();
    answer
      .write({ type: 'tool-output-available', toolCallId: 'w', output: 'the server’s' })
      .text('Done')
      .finish('stop');
    await drainFrames();
    expect(calls()).toMatchObject([{ status: 'succeeded', output: 'the server’s', answeredBy: 'server' }]);
    expect(transport.responses).toHaveLength(1);
  });

  it('a result counts as its own though the page has answered in the same moment', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { ask, chat, transport, calls } = open();
    const answer = await ask();
    answer.start('m').call('w', 'write', { n: 1 });
    await drain();
    answer.write({ type: 'tool-output-available', toolCallId: 'w', output: 'the server’s' });
    void chat().addToolOutput({ tool: 'write', toolCallId: 'w', output: 'the page’s' });
    await drain();
    answer.text('Done').finish('stop');
    await drainFrames();
    expect(calls()).toMatchObject([{ status: 'succeeded', output: 'the server’s', answeredBy: 'server' }]);
    expect(transport.responses).toHaveLength(1);
  });

  it.skipIf(isAiSdk6)('a denial goes out without what the page had answered', async () => {
    const { ask, chat, transport } = open();
    const answer = await ask();
    answer.start('m').call('w', 'write', { n: 1 });
    await drain();
    void chat().addToolOutput({ tool: 'write', toolCallId: 'w', state: 'output-error', errorText: 'the page’s' });
    await drain();
    answer.write(requested('w'), refused('w'), denied('w')).text('I may not').finish('stop');
    await drainFrames();
    const [part] = (await ask()).messages[1]!.parts.filter(({ type }) => type === 'tool-write');
    expect(part).toMatchObject({ state: 'output-denied', approval: { approved: false } });
    expect(transport.problems).toEqual([]);
  });

  it('a question that was denied while the answer streams holds up no message', async () => {
    const hand = openAll();
    const { ask, chat, transport, calls } = renderChat({ tools: hand.tools, onNewMessage: 'wait' }, { way });
    const answer = await ask();
    answer.start('m').call('w', 'write', { n: 1 }).write(requested('w', false));
    await drain();
    chat().toolCalls.deny(calls()[0]!);
    answer.finish();
    const followUp = await transport.next();
    followUp.start('m').write(denied('w')).text('Then not').finish('stop');
    await drain();
    expect((await ask()).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('a question about a call that was cancelled is heard when it is retried', async () => {
    const { ask, chat, reads, calls } = open();
    const answer = await ask();
    answer.start('m').call('r', 'read', { n: 1 });
    await drain();
    chat().toolCalls.cancelAll();
    answer.write(requested('r', false));
    await drain();
    chat().toolCalls.retry(calls()[0]!);
    await drain();
    expect([reads.length, calls()[0]!.status]).toEqual([1, 'awaiting-approval']);
  });

  it('a question that the page has answered while the answer streams is told, once', async () => {
    const { ask, chat, transport, reads } = open();
    const answer = await ask();
    answer.start('m').call('s', 'serverTool', {}).call('r', 'read', { n: 1 }).write(requested('s', false));
    await drain();
    void chat().addToolApprovalResponse({ id: 'approval-s', approved: true });
    reads[0]!.resolve('mine');
    await drain();
    answer.finish();
    const followUp = await transport.next();
    expect(partStates(followUp.messages)).toEqual(['s: approval-responded', 'r: output-available']);
    followUp.start('m').write({ type: 'tool-output-available', toolCallId: 's', output: 'its own' }).finish('stop');
    await drainFrames();
    expect(transport.responses).toHaveLength(2);
  });

  it('a question about a call that failed before it began is not answered with a yes', async () => {
    const { ask, transport, reads } = open();
    const answer = await ask();
    answer.start('m').call('r', 'read', { n: 'one' }).write(requested('r', false)).finish();
    const [part] = (await transport.next()).messages.at(-1)!.parts.filter(({ type }) => type === 'tool-read');
    expect(part).toMatchObject({ state: 'output-error' });
    expect(part).not.toHaveProperty('approval');
    expect(reads).toHaveLength(0);
  });

  it.skipIf(isAiSdk6)('a yes to a question that the server then answers itself is nothing to go on from', async () => {
    const { ask, chat, transport } = open();
    const answer = await ask();
    answer.start('m').call('s', 'serverTool', {}).write(requested('s'));
    await drain();
    chat().toolCalls.approve('m/0/s');
    answer.write(refused('s'), denied('s')).text('I may not').finish('stop');
    await drainFrames();
    expect(partStates(chat().messages)).toEqual(['s: output-denied']);
    expect(transport.responses).toHaveLength(1);
  });

  it('a no at the card after a yes of the page’s own is told, and nothing runs', async () => {
    const { ask, chat, call, transport, writes } = open();
    const answer = await ask();
    answer.start('m').call('w', 'write', { n: 1 }).write(requested('w', false));
    await drain();
    const before = call('w');
    void chat().addToolApprovalResponse({ id: 'approval-w', approved: true });
    chat().toolCalls.deny(before, 'Rather not');
    await drain();
    answer.finish();
    const [part] = (await transport.next()).messages.at(-1)!.parts.filter(({ type }) => type === 'tool-write');
    expect(part).toMatchObject({ state: 'output-error', errorText: 'Rather not' });
    expect(writes).toHaveLength(0);
  });

  it('a yes of the page’s own is heard while the answer streams', async () => {
    const { ask, chat, call } = open();
    const answer = await ask();
    answer.start('m').call('r', 'read', { n: 1 }).write(requested('r', false));
    await drain();
    void chat().addToolApprovalResponse({ id: 'approval-r', approved: true });
    await drain();
    expect(call('r').status).toBe('running');
  });

  it('a message that waits goes out without the yes that a call beside it kept back', async () => {
    const hand = openAll();
    const parts = [
      { type: 'step-start' },
      { type: 'tool-mine', toolCallId: 'm', state: 'input-available', input: {} },
      { type: 'tool-serverTool', toolCallId: 's', state: 'approval-requested', input: {}, approval: { id: 'p' } },
    ] as UIMessage['parts'];
    const messages: UIMessage[] = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: 'a', role: 'assistant', parts },
    ];
    const { ask, chat, transport } = renderChat({ tools: hand.tools, onNewMessage: 'wait', messages }, { way });
    await drain();
    chat().toolCalls.approve('a/0/s');
    await drain();
    expect((await ask('And now?')).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    await drainFrames();
    expect(transport.responses).toHaveLength(1);
  });

  it('a yes that an earlier page load was given goes out with the result beside it', async () => {
    const hand = openAll();
    const approval = { id: 'p', approved: true };
    const parts = [
      { type: 'step-start' },
      { type: 'tool-serverTool', toolCallId: 's', state: 'approval-responded', input: {}, approval },
      { type: 'tool-read', toolCallId: 'r', state: 'input-available', input: { n: 1 } },
    ] as UIMessage['parts'];
    const messages: UIMessage[] = [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: 'a', role: 'assistant', parts },
    ];
    const { transport } = renderChat({ tools: hand.tools, messages }, { way });
    await drain();
    hand.reads[0]!.resolve('mine');
    expect(partStates((await transport.next()).messages)).toEqual(['s: approval-responded', 'r: output-available']);
  });
});
