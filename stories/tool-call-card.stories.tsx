/** Owns the stories of the card: each status by what is seen, closed and opened, and how it is used by hand and by keyboard. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, within } from 'storybook/test';
import { ToolCallCard } from '../src/components/card/card.tsx';
import type { DisplayedToolCall } from '../src/core/message-batch.ts';
import { ToolCallsProvider } from '../src/react/tool-calls-context.ts';
import { renderers } from './fixtures/pick-color.tsx';
import { call, hiddenCharacters } from './fixtures/shop.ts';
import { Sheet } from './fixtures/sheet.tsx';
import { createBatch, createToolCalls, readyToRun } from './fixtures/tool-calls.ts';

interface CardStoryProps {
  /** Makes the call to show. */
  create: () => DisplayedToolCall;
  open?: boolean;
  density?: 'comfortable' | 'compact';
}

/** A card of one call, with spies for commands. */
function createCard({ create, open, density }: CardStoryProps) {
  const shown = create();
  const toolCalls = createToolCalls(createBatch(...(shown.status === 'input-streaming' ? [] : [shown])));
  return {
    toolCalls,
    element: (
      <ToolCallsProvider value={toolCalls}>
        <ToolCallCard
          callKey={shown.key}
          call={shown}
          renderers={renderers}
          {...(open !== undefined && { defaultOpen: open })}
          {...(density && { density })}
        />
      </ToolCallsProvider>
    ),
  };
}

const meta = {
  title: 'Components/ToolCallCard',
  component: ToolCallCard as never,
  args: { create: call.succeeded, open: false },
  argTypes: { create: { table: { disable: true } } },
  loaders: [({ args }) => createCard(args)],
  render: (_, { loaded }) => <Sheet>{loaded['element']}</Sheet>,
} satisfies Meta<CardStoryProps>;

export default meta;
type Story = StoryObj<CardStoryProps>;

export const Preparing: Story = { args: { create: call.preparing } };
export const WaitingForALock: Story = { args: { create: call.queued } };
export const NeedsApproval: Story = { args: { create: call.awaitingApproval, open: true } };
/** The page was not told how the answer ended: no policy asks for a yes. */
export const ReadyToRun: Story = {
  args: { create: () => readyToRun('updateAddress', { orderId: '42', street: 'Torstraße 12' }), open: true },
};
/** What a person could not see is marked before they say yes; what emoji and Persian need is not. */
export const HiddenCharacters: Story = {
  args: { create: hiddenCharacters, open: true },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.textContent).toContain('invoice<U+202E>fdp.exe');
    await expect(canvasElement.textContent).toContain('می\u200Cخواهم 👩\u200D🚀');
  },
};
export const HiddenCharactersDark: Story = { ...HiddenCharacters, globals: { theme: 'dark' } };
export const NeedsInput: Story = { args: { create: call.awaitingInput, open: true } };
export const RunningWithProgress: Story = { args: { create: call.running } };
export const Running: Story = { args: { create: call.runningUnknown } };
export const Retrying: Story = { args: { create: call.retrying } };
export const Done: Story = { args: { create: call.succeeded } };
export const Failed: Story = { args: { create: call.failed, open: true } };
export const Denied: Story = { args: { create: call.denied } };
export const Cancelled: Story = { args: { create: call.cancelled } };
export const Interrupted: Story = { args: { create: call.interrupted, open: true } };

/** A tool's title, in place of its name. */
export const WithATitle: Story = {
  args: { create: () => ({ ...call.failed(), title: 'Convert an amount' }) },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.getByRole('button', { name: 'Convert an amount' })).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'Retry Convert an amount: 49 · EUR · USD' })).toBeVisible();
  },
};

/** Every status in one line, at one height. */
export const AllStates: Story = {
  render: () => (
    <Sheet>
      {Object.entries(call).map(([name, create]) => (
        <div key={name}>{createCard({ create, open: false }).element}</div>
      ))}
    </Sheet>
  ),
  play: async ({ canvasElement }) => {
    const heads = canvasElement.querySelectorAll<HTMLElement>('[data-slot="tool-call-card-header"]');
    await expect(new Set([...heads].map((head) => head.offsetHeight)).size).toBe(1);
  },
};

/** Every status, opened. */
export const AllStatesOpened: Story = {
  render: () => (
    <Sheet isWide>
      {Object.entries(call).map(([name, create]) => (
        <div key={name}>{createCard({ create, open: true }).element}</div>
      ))}
    </Sheet>
  ),
};

/** The same in dark, checked for contrast too. */
export const AllStatesDark: Story = { ...AllStates, globals: { theme: 'dark' } };
export const AllStatesOpenedDark: Story = { ...AllStatesOpened, globals: { theme: 'dark' } };

/** 28 px a row, for logs and side panels. */
export const Compact: Story = {
  render: () => (
    <Sheet>
      {Object.entries(call).map(([name, create]) => (
        <div key={name}>{createCard({ create, open: false, density: 'compact' }).element}</div>
      ))}
    </Sheet>
  ),
};

/** The whole line is the target of the name's button, and the keyboard opens it too. */
export const OpensByKeyboard: Story = {
  args: { create: call.succeeded },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.tab();
    const trigger = canvas.getByRole('button', { name: 'getOrderStatus' });
    await expect(trigger).toHaveFocus();
    await expect(trigger).toHaveAttribute('aria-expanded', 'false');
    await userEvent.keyboard('{Enter}');
    await expect(trigger).toHaveAttribute('aria-expanded', 'true');
    await expect(canvas.getByText('Output')).toBeVisible();
    await userEvent.keyboard(' ');
    await expect(trigger).toHaveAttribute('aria-expanded', 'false');
  },
};

/** Retry disappears once the call runs again; focus stays in its card. */
export const KeepsFocusAfterRetry: Story = {
  args: { create: call.failed, open: true },
  play: async ({ canvasElement, loaded, args }) => {
    const canvas = within(canvasElement);
    const { key } = args.create();
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    const retry = canvas.getByRole('button', { name: /^Retry convertCurrency/ });
    retry.focus();
    await userEvent.keyboard('{Enter}');
    await expect(toolCalls.retry).toHaveBeenCalledWith(key);
    toolCalls.dispatch({ type: 'call-retried', batchKey: 'message/0', key, at: Date.now() });
    await expect(await canvas.findByText('Queued')).toBeVisible();
    await expect(canvas.getByRole('button', { name: 'convertCurrency' })).toHaveFocus();
  },
};

/** Cancel stands in the place of word and time while its line has focus. */
export const ShowsCancelOnFocus: Story = {
  args: { create: call.running },
  play: async ({ canvasElement, loaded }) => {
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    await userEvent.tab();
    await userEvent.tab();
    const cancel = within(canvasElement).getByRole('button', { name: /^Cancel checkInventory/ });
    await expect(cancel).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect(toolCalls.cancel).toHaveBeenCalledOnce();
  },
};

/** A person answers a tool without `execute`; the form is the app's own. */
export const AnswersAQuestion: Story = {
  args: { create: call.awaitingInput, open: true },
  play: async ({ canvasElement, loaded, args }) => {
    const canvas = within(canvasElement);
    const toolCalls = loaded['toolCalls'] as ReturnType<typeof createToolCalls>; // SAFETY: made by the loader.
    await userEvent.click(canvas.getByRole('radio', { name: 'Forest' }));
    await userEvent.click(canvas.getByRole('button', { name: /^Send pickColor/ }));
    await expect(toolCalls.respond).toHaveBeenCalledWith(args.create().key, 'Forest');
  },
};
