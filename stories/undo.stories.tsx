/** Owns the stories of a call that a person takes back: how its card stands, and the whole way in a chat, with no network. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import {
  clientTool,
  groupMessageParts,
  ToolCallError,
  ToolCallGroup,
  ToolCallsProvider,
  useParallelTools,
} from 'use-parallel-tools';
import { undo, type CallUndo } from 'use-parallel-tools/undo';
import { calls, says, ScriptedTransport } from 'use-parallel-tools/testing';
import { Sheet } from './fixtures/sheet.tsx';
import { createBatch, createToolCalls, succeeded } from './fixtures/tool-calls.ts';
import './fixtures/live-batch.css';

const states: CallUndo[] = [
  { status: 'offered', until: Infinity },
  { status: 'undoing' },
  { status: 'undone', at: 0 },
  { status: 'failed', error: new ToolCallError('execution', 'The parcel has left already'), until: Infinity },
];

/** A folded group: what can be undone, and what became of it. */
function States() {
  const [{ batch, toolCalls }] = useState(() => {
    const read = succeeded('getOrder', { orderId: '42' }, { status: 'open' }, 300);
    const writes = states.map((facts, index) => {
      const call = succeeded('setStreet', { orderId: '42', street: `Torstraße ${index + 1}` }, { ok: true }, 800);
      const key = `${call.key}${index}`;
      return { ...call, key, toolCallId: `setStreet${index}`, plugins: { undo: facts } };
    });
    const batch = createBatch(read, ...writes);
    return { batch, toolCalls: createToolCalls(batch) };
  });
  return (
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={batch} defaultOpen={false} />
    </ToolCallsProvider>
  );
}

const street = z.object({ orderId: z.string(), street: z.string() });

/** A shop whose order goes to one street. */
function createTools(setStreet: (street: string) => void, getStreet: () => string) {
  return {
    setStreet: clientTool({
      title: 'Change the street',
      inputSchema: street,
      locks: ({ orderId }) => ({ write: [`order:${orderId}`] }),
      execute: async (input) => {
        const before = getStreet();
        setStreet(input.street);
        return { before, now: input.street };
      },
      undo: (_, output) => setStreet(output.before),
    }),
  };
}

/** A model that changes the street, and tells what it reads of that when it is asked again. */
function createModel(): ScriptedTransport {
  return new ScriptedTransport({
    script: ({ messages }) => {
      if (messages.length === 1) return calls(['setStreet', { orderId: '42', street: 'Torstraße 12' }, 'call-1']);
      const isUndone = JSON.stringify(messages).includes('The user has undone this call');
      return says(isUndone ? 'You have taken it back, so it goes to the old street.' : 'It goes to Torstraße 12.');
    },
  });
}

function Page() {
  const [transport] = useState(createModel);
  const [now, setNow] = useState('Linienstraße 7');
  const [order] = useState(() => ({ street: 'Linienstraße 7' }));
  const [tools] = useState(() =>
    createTools(
      (next) => {
        order.street = next;
        setNow(next);
      },
      () => order.street,
    ),
  );
  const [plugins] = useState(() => [undo()]);
  const chat = useParallelTools({ tools, transport, plugins });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <div className="live-batch">
        <p>{`Order 42 goes to ${now}.`}</p>
        {chat.messages.map((message) =>
          groupMessageParts(message).map((group) => {
            if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
            return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
          }),
        )}
        <div className="live-batch-bar">
          <button
            type="button"
            className="live-batch-run"
            disabled={chat.isBusy}
            onClick={() => void chat.sendMessage({ text: 'Where does it go?' })}
          >
            Ask
          </button>
        </div>
      </div>
    </ToolCallsProvider>
  );
}

const meta = {
  title: 'Undo',
  component: States,
  render: () => (
    <Sheet>
      <States />
    </Sheet>
  ),
} satisfies Meta<typeof States>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A folded group shows what can be undone. */
export const Stands: Story = {
  play: async ({ canvasElement }) => {
    const cards = [...canvasElement.querySelectorAll<HTMLElement>('[data-slot="tool-call-card"]')];
    await expect(cards.filter((card) => card.checkVisibility()).length).toBe(states.length);
    const heads = cards.map((card) => card.querySelector<HTMLElement>('[data-slot="tool-call-card-header"]'));
    await expect(new Set(heads.map((head) => head?.offsetHeight)).size).toBe(1);
  },
};
export const StandsDark: Story = { globals: { theme: 'dark' } };
export const StandsInGerman: Story = { globals: { language: 'de' } };
export const StandsInJapanese: Story = { globals: { language: 'ja' } };
export const StandsInArabic: Story = { globals: { language: 'ar' } };

/** By keyboard: a call is taken back, and the model reads it with the next message. */
export const TakenBack: Story = {
  render: () => (
    <Sheet>
      <Page />
    </Sheet>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask' }));
    await canvas.findByText('It goes to Torstraße 12.');
    await expect(canvas.getByText('Order 42 goes to Torstraße 12.')).toBeVisible();
    const button = await canvas.findByRole('button', { name: /^Undo Change the street/ });
    button.focus();
    await userEvent.keyboard('{Enter}');
    await expect(await canvas.findByText('Undone')).toBeVisible();
    await expect(canvas.getByText('Order 42 goes to Linienstraße 7.')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Change the street' })).toHaveFocus();
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('1 of 1 done, 1 undone'));
    await userEvent.click(canvas.getByRole('button', { name: 'Ask' }));
    await expect(await canvas.findByText('You have taken it back, so it goes to the old street.')).toBeVisible();
  },
};
