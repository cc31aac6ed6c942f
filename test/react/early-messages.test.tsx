// Messages that a page sends before the hook's own effect has run, over a transport that needs no network and answers at once.
import type { UIMessage } from 'ai';
import { StrictMode, Suspense, useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { clientTool, type UseParallelToolsResult } from 'use-parallel-tools';
import { listCalls } from 'use-parallel-tools/core';
import { findProblems } from '../harness/check-request.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { CHAT_WAYS, chatHooks, drain, partStates, type ChatWay } from '../harness/render-chat.tsx';
import { isReact18 } from '../harness/sdk-version.ts';
import { ScriptedResponse, ScriptedTransport } from '../harness/scripted-transport.ts';

type AnyChat = UseParallelToolsResult<UIMessage>;
type Answer = (response: ScriptedResponse) => unknown;

/** Gives the answers that it was told, whole and in the same task; further requests wait for the test to write. */
class InstantTransport extends ScriptedTransport {
  answers: Answer[];

  constructor(...answers: Answer[]) {
    super();
    this.answers = answers;
  }

  override async sendMessages(options: Parameters<ScriptedTransport['sendMessages']>[0]) {
    const answer = this.answers.shift();
    if (answer === undefined) return super.sendMessages(options);
    const response = new ScriptedResponse({ ...options, messages: structuredClone(options.messages) });
    this.responses.push(response);
    answer(response);
    return response.stream;
  }
}

/** A page that acts in an effect of its own, in the order of a browser: React runs passive effects in a later task. */
function open(
  way: ChatWay,
  transport: ScriptedTransport,
  act: (chat: AnyChat) => void,
  { messages = [] as UIMessage[], strict = false, inChild = false, never = false, isRefused = false } = {},
) {
  const hand = createHandTools();
  const ask = clientTool({ inputSchema: z.object({}), approval: true, execute: () => 'asked' });
  const log: string[] = [];
  const seen: { chat?: AnyChat } = {};
  const useAnyChat = chatHooks[way];
  const see = (chat: AnyChat) => void (seen.chat ??= chat);
  const show = (chat: AnyChat) => void (seen.chat = chat);
  const useOnce = (chat: AnyChat) => {
    const acted = useRef(false);
    return () => {
      if (acted.current) return;
      acted.current = true;
      act(chat);
    };
  };
  function Child({ chat }: { chat: AnyChat }) {
    const once = useOnce(chat);
    useEffect(once);
    return null;
  }
  function Page() {
    const chat = useAnyChat({
      tools: { ...hand.tools, ask },
      transport,
      messages,
      onFinish: () => void log.push('answered'),
    });
    see(chat);
    const once = useOnce(chat);
    // oxlint-disable-next-line react/rules-of-hooks -- the same for the whole life of a page
    if (!inChild) useLayoutEffect(once);
    useEffect(() => {
      log.push('mounted');
      show(chat);
    });
    if (never) throw new Promise(() => {});
    return inChild ? <Child chat={chat} /> : null;
  }
  const root = createRoot(document.createElement('div'));
  const wrap = (page: ReactNode) => (strict ? <StrictMode>{page}</StrictMode> : page);
  root.render(wrap(never ? <Suspense fallback={null}>{<Page />}</Suspense> : <Page />));
  onTestFinished(async () => {
    root.unmount();
    await drain(2);
    for (const { messages } of transport.responses)
      expect(await findProblems(messages)).toHaveLength(isRefused ? 1 : 0);
  });
  const calls = () => Object.values(seen.chat!.toolCalls.store.getState().batches).flatMap(listCalls);
  return {
    ...hand,
    log,
    chat: () => seen.chat!,
    statuses: () => calls().map(({ toolCallId, status }) => `${toolCallId}: ${status}`),
    call: (id: string) => calls().find(({ toolCallId }) => toolCallId === id)!,
    batch: () => Object.values(seen.chat!.toolCalls.store.getState().batches).at(-1)!,
  };
}

/** The whole answer came first. (Where the chat changes in a layout effect, React 18 runs the passive ones at once.) */
function expectEarly(log: readonly string[], answers = 1): void {
  if (!isReact18) expect(log.indexOf('mounted')).toBe(answers);
}

const say = (chat: AnyChat, text = 'Hi') => void chat.sendMessage({ text });
const threeCalls: Answer = (response) =>
  response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).call('a', 'ask').finish();
const pending = (toolCallId: string, tool: string): UIMessage['parts'][number] =>
  ({ type: `tool-${tool}`, toolCallId, state: 'input-available', input: { n: 1 } }) as UIMessage['parts'][number];
const history = (...parts: UIMessage['parts']): UIMessage[] => [
  { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
  { id: 'm', role: 'assistant', parts: [{ type: 'step-start' }, ...parts] },
];

// Rule 12, fact 37.
describe.each(CHAT_WAYS)('a message that a page with %s sends in a layout effect', (way) => {
  it('has its calls run, asked for and followed up once, though the whole answer came before the hook was mounted', async () => {
    const transport = new InstantTransport(threeCalls);
    const { log, reads, writes, statuses, call, chat } = open(way, transport, say);
    await drain();
    expectEarly(log);
    expect(statuses()).toEqual(['r: running', 'w: running', 'a: awaiting-approval']);
    chat().toolCalls.approve(call('a'));
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    await drain();
    expect(transport.responses).toHaveLength(2);
    expect(partStates(transport.responses[1]!.messages)).toEqual(
      ['r', 'w', 'a'].map((id) => `${id}: output-available`),
    );
    expect([reads.length, writes.length]).toEqual([1, 1]);
  });

  it('whose answer was cut starts no write and sends nothing', async () => {
    const transport = new InstantTransport((response) => {
      response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).close();
    });
    const { reads, writes, statuses, batch } = open(way, transport, say);
    await drain();
    reads[0]?.resolve(1);
    await drain();
    expect(statuses()).toContain('w: cancelled');
    expect(batch().halt).toBe('cut');
    expect([writes.length, transport.responses.length]).toEqual([0, 1]);
  });

  it('whose answer asks about a read and streams on under another id has the read wait for the yes', async () => {
    const transport = new InstantTransport((response) => {
      response.start('m').call('r', 'read', { n: 1 });
      response.write({ type: 'tool-approval-request', toolCallId: 'r', approvalId: 'approval-1' });
      response.write({ type: 'start', messageId: 'm2' }).write({ type: 'start-step' }).call('w', 'write', { n: 2 });
    });
    const { reads, statuses } = open(way, transport, say);
    await drain();
    expect(statuses()).toEqual(['r: awaiting-approval', 'w: queued']);
    // Where the page is mounted sooner, the read has begun, and was stopped.
    if (!isReact18) expect(reads).toHaveLength(0);
  });

  it('whose answer streams on has the write wait for its end', async () => {
    const transport = new InstantTransport((response) => {
      response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    });
    const { reads, writes, statuses } = open(way, transport, say);
    await drain();
    expect(statuses()).toEqual(['r: running', 'w: queued']);
    transport.responses[0]!.finish();
    await drain();
    expect(statuses()).toEqual(['r: running', 'w: running']);
    reads[0]!.resolve(1);
    writes[0]!.resolve(2);
    await drain();
    expect(transport.responses).toHaveLength(2);
  });

  it.each([
    ['at once, stops the first one', (chat: AnyChat) => [say(chat, 'One'), say(chat, 'Two')]],
    [
      'when it is answered, closes its calls',
      (chat: AnyChat) => void chat.sendMessage({ text: 'One' }).then(() => say(chat, 'Two')),
    ],
  ])('and another one %s, and has its own run', async (_, act) => {
    const transport = new InstantTransport(threeCalls, (response) => {
      response.start('n').call('s', 'write', { n: 3 }).finish();
    });
    const { log, reads, writes, chat } = open(way, transport, act);
    await drain();
    expectEarly(log, 2);
    expect(transport.responses).toHaveLength(2);
    expect(transport.responses[1]!.messages.at(-1)).toMatchObject({ parts: [{ text: 'Two' }] });
    expect(partStates(chat().messages)).toEqual(['s: input-available']);
    expect(writes.at(-1)!.input).toEqual({ n: 3 });
    expect([...reads, ...writes.slice(0, -1)].every(({ options }) => options.abortSignal.aborted)).toBe(true);
  });

  // With React 18 the helpers of `useChat` stop their chat in the first of StrictMode's cleanups.
  it.skipIf(isReact18 && way.endsWith('useChat'))('under StrictMode has its calls run once', async () => {
    const transport = new InstantTransport(threeCalls);
    const { reads, writes, statuses } = open(way, transport, say, { strict: true });
    await drain();
    expect(statuses()).toEqual(['r: running', 'w: running', 'a: awaiting-approval']);
    expect([reads.length, writes.length]).toEqual([1, 1]);
  });

  it('from a child’s effect is as any other', async () => {
    const transport = new InstantTransport(threeCalls);
    const { statuses } = open(way, transport, say, { inChild: true });
    await drain();
    expect(statuses()).toEqual(['r: running', 'w: running', 'a: awaiting-approval']);
  });

  it('that continues loaded messages runs nothing of theirs that may have run', async () => {
    const transport = new InstantTransport((response) => response.start('m').call('new', 'write', { n: 3 }).finish());
    const { writes, statuses } = open(way, transport, (chat) => void chat.sendMessage(), {
      messages: history(pending('old', 'write')),
      isRefused: true,
    });
    await drain();
    expect(statuses()).toEqual(['old: interrupted', 'new: running']);
    expect(writes.map(({ input }) => input)).toEqual([{ n: 3 }]);
  });
});

describe.each(CHAT_WAYS)('a stream that a page with %s resumes in a layout effect', (way) => {
  it('has its reads run; its writes ask, for another page load may have run them', async () => {
    const transport = new ScriptedTransport();
    transport.offerResume();
    transport.resumable!.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 }).finish();
    const { log, reads, writes, statuses } = open(way, transport, (chat) => void chat.resumeStream(), {
      messages: history(pending('r', 'read')),
    });
    await drain();
    expectEarly(log);
    expect(statuses()).toEqual(['r: running', 'w: interrupted']);
    expect([reads.length, writes.length]).toEqual([1, 0]);
  });
});

describe('a hook that is never mounted', () => {
  it.each(CHAT_WAYS)('starts no tool of an answer that streams through it (%s)', async (way) => {
    const transport = new InstantTransport(threeCalls);
    const { log, reads, writes, statuses, chat } = open(way, transport, () => {}, { never: true });
    await drain();
    say(chat());
    await drain();
    expect(log).toEqual(['answered']);
    // A joined chat's hook hears of nothing before its effects run.
    const known = way === 'useParallelTools' ? ['r: queued', 'w: queued', 'a: awaiting-approval'] : [];
    expect(statuses()).toEqual(known);
    expect([reads.length, writes.length, transport.responses.length]).toEqual([0, 0, 1]);
  });
});
