/** Owns the stories of answers that are remembered: the choice on a card, what it does to the calls that wait, and the list with *Forget*. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { useEffect, useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import { clientTool, groupMessageParts, MessageToolCalls, ToolCallsProvider, useToolCalls } from 'use-parallel-tools';
import {
  RememberApproval,
  RememberedApprovals,
  rememberedApprovals,
  type ApprovalMemoryLabelsOverride,
  type RememberedApprovalsOptions,
} from 'use-parallel-tools/approvals';
import { calls, createTestChat, says, type TestChat } from 'use-parallel-tools/testing';
import { Sheet } from './fixtures/sheet.tsx';
import { arabicApprovals, germanApprovals, japaneseApprovals } from './labels/approvals.ts';

const tools = {
  refund: clientTool({
    title: 'Refund',
    inputSchema: z.object({ customer: z.string(), amount: z.string() }),
    approval: true,
    approvalKey: ({ customer }) => `customer ${customer}`,
    execute: ({ amount }) => ({ refunded: amount }),
  }),
  writeNote: clientTool({
    title: 'Write a note',
    inputSchema: z.object({ text: z.string() }),
    approval: true,
    execute: () => 'written',
  }),
};

const words: Record<string, ApprovalMemoryLabelsOverride> = {
  de: germanApprovals,
  ja: japaneseApprovals,
  ar: arabicApprovals,
};

const asked = calls(
  ['refund', { customer: '42', amount: '49 €' }],
  ['refund', { customer: '42', amount: '12 €' }],
  ['refund', { customer: '7', amount: '30 €' }],
  ['writeNote', { text: 'Called back' }],
);

/** A chat on a scripted model, with what it remembers. */
function createStory(options: RememberedApprovalsOptions) {
  const approvals = rememberedApprovals(options);
  const script = [asked, asked, says('Done.')];
  return { approvals, chat: createTestChat({ tools, plugins: [approvals], script }) };
}

function Chat({ language, ...options }: RememberedApprovalsOptions & { language: string }) {
  const [{ chat, approvals }] = useState(() => createStory(options));
  useEffect(() => {
    chat.send('Refund them');
    return () => chat.unmount();
  }, [chat]);
  const labels = words[language];
  return (
    <Sheet>
      <ToolCallsProvider value={chat.toolCalls}>
        <Answer chat={chat} labels={labels} />
      </ToolCallsProvider>
      <RememberedApprovals approvals={approvals} labels={labels} />
    </Sheet>
  );
}

function Answer({ chat, labels }: { chat: TestChat; labels: ApprovalMemoryLabelsOverride | undefined }) {
  // A page has its messages from `useParallelTools`; the test kit's chat is read when something has happened.
  useToolCalls((state) => state);
  const [Footer] = useState(() => () => <RememberApproval labels={labels} />);
  const answer = chat.messages.at(-1);
  return answer && <MessageToolCalls groups={groupMessageParts(answer)} cardFooter={Footer} defaultOpen />;
}

const meta = {
  title: 'Components/Remembered approvals',
  component: Chat,
  args: { language: 'en', ttl: 30 * 86_400_000 },
  argTypes: { language: { table: { disable: true } } },
  render: (args, { globals }) => (
    <Chat key={String(globals['language'])} {...args} language={String(globals['language'])} />
  ),
} satisfies Meta<typeof Chat>;

export default meta;
type Story = StoryObj<typeof meta>;

type Canvas = ReturnType<typeof within>;

/** Opens the choice on a card: what is in it. */
async function openChoice(canvas: Canvas, label: string, index: number): Promise<Canvas> {
  const trigger = (await canvas.findAllByText(label))[index]!;
  await userEvent.click(trigger);
  return within(trigger.closest('details')!);
}

/** What an answer would cover is shown before it is given, and belongs to the name of each button. */
export const TheChoice: Story = {
  play: async ({ canvasElement }) => {
    const choice = await openChoice(within(canvasElement), 'Remember your answer', 0);
    const group = within(choice.getByRole('group', { name: 'Remember your answer to Refund' }));
    await expect(group.getByText('customer 42')).toBeVisible();
    await expect(group.getByText('Also answers 1 call waiting in this chat.')).toBeVisible();
    await expect(group.getByText('Remembered for at most 30 days.')).toBeVisible();
    await expect(group.getByText('Forgotten when you leave this page.')).toBeVisible();
    for (const _ of ['where', 'approve']) await userEvent.tab();
    const approve = group.getByRole('button', { name: 'Approve and remember' });
    await expect(approve).toHaveFocus();
    await expect(approve).toHaveAccessibleDescription(/customer 42/);
  },
};

/** One answer settles the calls that it covers, their cards say so, and the list has it. Focus goes to the line of the card. */
export const OneAnswerForTwo: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const choice = await openChoice(canvas, 'Remember your answer', 0);
    await userEvent.selectOptions(choice.getByRole('combobox', { name: 'Where' }), 'In every chat');
    choice.getByRole('button', { name: 'Approve and remember' }).focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(canvas.getAllByText('Remember your answer')).toHaveLength(2));
    const list = within(canvas.getByRole('group', { name: 'Remembered answers' }));
    await expect(list.getByText('customer 42')).toBeVisible();
    await expect(list.getByText('In every chat')).toBeVisible();
    await expect(canvasElement.ownerDocument.activeElement).toHaveAttribute('data-slot', 'tool-call-card-trigger');
    const second = canvasElement.querySelectorAll('[data-slot="tool-call-card-trigger"]')[1]!;
    await userEvent.click(second);
    await expect(await canvas.findByText(/^Approved by the answer you gave on/)).toBeVisible();
  },
};

/** A remembered answer is forgotten: focus stays in the list. */
export const Forgotten: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const list = within(canvas.getByRole('group', { name: 'Remembered answers' }));
    await expect(list.getByText('No answers are remembered.')).toBeVisible();
    const choice = await openChoice(canvas, 'Remember your answer', 3);
    await expect(choice.getByText('Covers only calls of Write a note with exactly this input.')).toBeVisible();
    await userEvent.click(choice.getByRole('button', { name: 'Deny and remember' }));
    await expect(await list.findByText('Denied')).toBeVisible();
    list.getByRole('button', { name: /^Forget the answer to Write a note/ }).focus();
    await userEvent.keyboard('{Enter}');
    await expect(await list.findByText('No answers are remembered.')).toBeVisible();
    await expect(canvas.getByRole('group', { name: 'Remembered answers' })).toHaveFocus();
  },
};

/** The same in another language. */
function inLanguage(language: string): Story {
  const labels = words[language]!;
  return {
    args: { maxUses: 5 },
    globals: { language },
    play: async ({ canvasElement }) => {
      const canvas = within(canvasElement);
      const choice = await openChoice(canvas, labels.remember!, 0);
      await expect(choice.getByText(labels.covers!('Refund'), { exact: false })).toBeVisible();
      // By keyboard: the pointer would come to stand on another card, whose line is lit then.
      choice.getByRole('button', { name: labels.approve! }).focus();
      await userEvent.keyboard('{Enter}');
      const list = within(canvas.getByRole('group', { name: labels.list! }));
      await expect(await list.findByText(labels.answers!.approve)).toBeVisible();
      await openChoice(canvas, labels.remember!, 1);
      // Away from the cards: the line of one that the pointer is on is lit.
      await userEvent.hover(canvas.getByRole('group', { name: labels.list! }));
    },
  };
}

export const InGerman: Story = inLanguage('de');
export const InJapanese: Story = inLanguage('ja');
export const InArabic: Story = inLanguage('ar');
