// What a page shows, and its author is told, where a chat was joined without a link: nobody says how an answer ended.
import { Chat } from '@ai-sdk/react';
import { fireEvent, render, screen } from '@testing-library/react';
import type { ToolSet, UIMessage } from 'ai';
import { afterEach, expect, it, vi } from 'vitest';
import { createChatLink, groupMessageParts, ToolCallGroup, ToolCallsProvider, useChatTools } from 'use-parallel-tools';
import { createHandTools } from '../harness/hand-tools.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { ScriptedTransport } from '../harness/scripted-transport.ts';

afterEach(() => vi.unstubAllEnvs());

/** What the author of the page was told. */
const warnings = () =>
  vi.mocked(console.warn).mock.calls.map(String).filter((line) => line.includes('did not say how')); // prettier-ignore

/** A page that shows the cards of a joined chat. */
async function openPage(isLinked: boolean) {
  const transport = new ScriptedTransport();
  const hand = createHandTools();
  const link = createChatLink();
  const chat = new Chat<UIMessage>(isLinked ? link.chatOptions({ transport }) : { transport });
  function Page() {
    const { toolCalls } = useChatTools(chat, { tools: hand.tools as ToolSet, link });
    return (
      <ToolCallsProvider value={toolCalls}>
        {chat.messages
          .flatMap(groupMessageParts)
          .map((group) => group.type === 'tool-calls' && <ToolCallGroup key={group.key} batch={group.batch} />)}
      </ToolCallsProvider>
    );
  }
  const view = render(<Page />);
  const settle = async () => {
    await drain();
    view.rerender(<Page />);
    await drain();
  };
  void chat.sendMessage({ text: 'Hi' });
  return { ...hand, transport, settle, response: (await transport.next()).start() };
}

// The warning comes once for each page: what says nothing has to come first.
it('says nothing of a chat that is linked, nor of an answer whose calls need nobody', async () => {
  const linked = await openPage(true);
  linked.response.call('w', 'write', { n: 1 }).finish();
  await linked.settle();
  expect(linked.writes).toHaveLength(1);
  const bare = await openPage(false);
  bare.response.call('r', 'read', { n: 1 }).finish();
  await bare.settle();
  expect(bare.reads).toHaveLength(1);
  expect(warnings()).toEqual([]);
});

it('says nothing in production', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const { response, settle } = await openPage(false);
  response.call('w', 'write', { n: 1 }).finish();
  await settle();
  expect(warnings()).toEqual([]);
});

it('offers to run what waits for the end of the answer, and tells the author once what to add', async () => {
  const { response, settle, transport, writes } = await openPage(false);
  response.call('w', 'write', { n: 1 }).call('v', 'write', { n: 2 }).finish();
  await settle();
  expect(document.body.textContent).not.toMatch(/approv/i);
  fireEvent.click(screen.getByRole('button', { name: 'Run all (2)' }));
  await settle();
  for (const write of writes) write.resolve(1);
  expect(partStates((await transport.next()).messages)).toEqual(['w: output-available', 'v: output-available']);
  expect(warnings()).toEqual([
    'use-parallel-tools: an answer ended, and the chat did not say how, so the calls of write wait for a click on Run. ' +
      'To let them start by themselves, write `const [link] = useState(createChatLink)`, create the chat with `link.chatOptions({ transport, … })`, ' +
      'and call `useChatTools(chat, { tools, link })`.',
  ]);
});
