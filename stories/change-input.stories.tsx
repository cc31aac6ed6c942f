/** Owns the stories of a person who changes what the model asked for, and who answers a question: forms made of a tool's schema, on a real runner. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import type { ToolSet } from 'ai';
import { useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import {
  clientTool,
  englishLabels,
  ToolCallCard,
  ToolCallsProvider,
  type ToolCallAction,
  type ToolCallLabelsOverride,
} from 'use-parallel-tools';
import { createToolRunner } from 'use-parallel-tools/core';
import { Sheet } from './fixtures/sheet.tsx';
import { arabic } from './labels/arabic.ts';
import { german } from './labels/german.ts';
import { japanese } from './labels/japanese.ts';

interface AskingCardProps {
  toolName: string;
  input: unknown;
}

const tools: ToolSet = {
  refund: clientTool({
    inputSchema: z
      .object({
        orderId: z.string(),
        amount: z.number().min(0).max(500).meta({ description: 'At most 500 €' }),
        reason: z.enum(['late', 'broken', 'other']),
        notify: z.boolean(),
        note: z.string().optional(),
      })
      .refine(({ amount, notify }) => notify || amount < 100, { message: 'Tell the customer', path: ['notify'] }),
    approval: true,
    execute: ({ amount }) => ({ refunded: amount }),
  }),
  splitOrder: clientTool({
    inputSchema: z.object({ lines: z.array(z.object({ sku: z.string(), count: z.number() })) }),
    approval: true,
    execute: ({ lines }) => ({ orders: lines.length }),
  }),
  pickDelivery: clientTool({
    inputSchema: z.object({ orderId: z.string() }),
    outputSchema: z
      .object({ date: z.iso.date(), time: z.enum(['morning', 'evening']), ring: z.boolean() })
      .refine(({ date }) => date !== '2026-12-25', { message: 'Nobody delivers at Christmas', path: ['date'] }),
  }),
};

function AskingCard({ toolName, input }: AskingCardProps) {
  const [{ runner, key }] = useState(() => {
    const runner = createToolRunner({ tools });
    const batchKey = runner.openBatch('message', 0);
    const key = runner.addCall(batchKey, { toolCallId: 'call', toolName, input });
    runner.endStep(batchKey);
    return { runner, key };
  });
  return (
    <ToolCallsProvider value={runner}>
      <ToolCallCard callKey={key} />
    </ToolCallsProvider>
  );
}

const refund = { toolName: 'refund', input: { orderId: '42', amount: 500, reason: 'late', notify: true } };

const meta = {
  title: 'Change an input',
  component: AskingCard,
  args: refund,
  render: (args) => (
    <Sheet>
      <AskingCard {...args} />
    </Sheet>
  ),
} satisfies Meta<typeof AskingCard>;

export default meta;
type Story = StoryObj<typeof meta>;

/** By keyboard: the amount is corrected before the yes, and the card says what was changed. */
export const TheAmountIsCorrected: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    canvas.getByRole('button', { name: /^Edit refund/ }).focus();
    await userEvent.keyboard('{Enter}');
    await expect(canvas.getByLabelText('orderId')).toHaveFocus();
    await userEvent.tab();
    await expect(canvas.getByLabelText('amount')).toHaveFocus();
    await userEvent.clear(canvas.getByLabelText('amount'));
    await userEvent.type(canvas.getByLabelText('amount'), '50{Enter}');
    const trigger = await canvas.findByRole('button', { name: 'refund' });
    await waitFor(() => expect(canvas.getByText('Done')).toBeVisible());
    await userEvent.click(trigger);
    await expect(canvas.getByText('Changed by you')).toBeVisible();
    await expect(canvas.getByText('500').tagName).toBe('DEL');
  },
};

const edit = async (canvasElement: HTMLElement, name: RegExp) => {
  await userEvent.click(within(canvasElement).getByRole('button', { name }));
  await expect(within(canvasElement).getByLabelText('orderId')).toHaveFocus();
};

export const Fields: Story = { play: ({ canvasElement }) => edit(canvasElement, /^Edit/) };
export const FieldsDark: Story = { ...Fields, globals: { theme: 'dark' } };
export const FieldsInGerman: Story = {
  globals: { language: 'de' },
  play: ({ canvasElement }) => edit(canvasElement, /Ändern/i),
};
export const FieldsInJapanese: Story = {
  globals: { language: 'ja' },
  play: ({ canvasElement }) => edit(canvasElement, /編集/),
};
export const FieldsInArabic: Story = {
  globals: { language: 'ar' },
  play: ({ canvasElement }) => edit(canvasElement, /تعديل/),
};

/** A schema that is too deep for fields. */
export const AsJson: Story = {
  args: { toolName: 'splitOrder', input: { lines: [{ sku: 'runner-2', count: 1 }] } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: /^Edit/ }));
    const text = canvas.getByLabelText('Input as JSON');
    await userEvent.clear(text);
    await userEvent.type(text, 'two lines');
    await userEvent.click(canvas.getByRole('button', { name: /^Approve/ }));
    await expect(canvas.getByRole('alert')).toHaveTextContent('This is not JSON');
    await expect(text).toHaveAttribute('aria-invalid', 'true');
  },
};

/** A tool without `execute`, and without a form of the app: the fields are those of its `outputSchema`. */
export const AQuestion: Story = {
  args: { toolName: 'pickDelivery', input: { orderId: '42' } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.type(canvas.getByLabelText('date'), '2026-12-24');
    await userEvent.selectOptions(canvas.getByLabelText('time'), 'evening');
    await userEvent.click(canvas.getByLabelText('ring'));
    await userEvent.click(canvas.getByRole('button', { name: /^Send/ }));
    await waitFor(() => expect(canvas.getByText('Done')).toBeVisible());
  },
};

// ── The forms by keyboard alone, in four languages: each story ends where a person is told what is wrong, and is looked at there ──

const LANGUAGES = { en: englishLabels, de: german, ja: japanese, ar: arabic };

/** What a person without a mouse does: moves on, and learns where they are. */
async function tabTo(element: HTMLElement): Promise<void> {
  await userEvent.tab();
  await expect(element).toHaveFocus();
}

/** Every control of the form in its order, and its two buttons behind them. */
async function tabThrough(form: HTMLElement): Promise<void> {
  const [first, ...rest] = form.querySelectorAll<HTMLElement>('input, select, textarea, button');
  await expect(first).toHaveFocus();
  for (const control of rest) await tabTo(control);
  for (const _ of rest) await userEvent.tab({ shift: true });
  await expect(first).toHaveFocus();
}

const formOf = (canvasElement: HTMLElement) =>
  waitFor(() => {
    const form = canvasElement.querySelector<HTMLElement>('[data-slot="tool-call-card-form"]');
    if (form === null) throw new Error('There is no form yet.');
    return form;
  });

/** The name of a button has its word somewhere, which is for the language to say. */
const nameOf = (words: ToolCallLabelsOverride, action: ToolCallAction) => new RegExp(words.actions![action]!, 'i');

function fieldsByKeyboard(language: keyof typeof LANGUAGES): Story {
  const words = LANGUAGES[language];
  return {
    globals: { language },
    play: async ({ canvasElement }) => {
      const canvas = within(canvasElement);
      const edit = () => canvas.getByRole('button', { name: nameOf(words, 'edit') });
      edit().focus();
      await userEvent.keyboard('{Enter}');
      const form = await formOf(canvasElement);
      await tabThrough(form);
      await userEvent.keyboard('{Escape}');
      await expect(edit()).toHaveFocus();
      await userEvent.keyboard('{Enter}');
      const fields = within(await formOf(canvasElement));
      await expect(fields.getByText(words.optional!, { exact: false })).toBeVisible();
      await expect(fields.getByRole('button', { name: nameOf(words, 'back') })).toBeVisible();
      await tabTo(fields.getByLabelText('amount'));
      await expect(fields.getByLabelText('amount')).toHaveAccessibleDescription('At most 500 €');
      fields.getByLabelText('notify').focus();
      await userEvent.keyboard(' {Enter}');
      await expect(await fields.findByRole('alert')).toHaveTextContent('Tell the customer');
      await expect(fields.getByLabelText('notify')).not.toBeChecked();
    },
  };
}

function jsonByKeyboard(language: keyof typeof LANGUAGES): Story {
  const words = LANGUAGES[language];
  return {
    args: { toolName: 'splitOrder', input: { lines: [{ sku: 'runner-2', count: 1 }] } },
    globals: { language },
    play: async ({ canvasElement }) => {
      const canvas = within(canvasElement);
      canvas.getByRole('button', { name: nameOf(words, 'edit') }).focus();
      await userEvent.keyboard('{Enter}');
      await tabThrough(await formOf(canvasElement));
      const text = canvas.getByLabelText(words.asJson!(words.input!));
      await userEvent.type(text, 'and one more');
      await userEvent.tab();
      await userEvent.keyboard('{Enter}');
      const problem = await canvas.findByRole('alert');
      await expect(problem).toHaveTextContent(words.invalidJson!('').trim());
      await expect(text).toHaveAccessibleDescription(problem.textContent!);
    },
  };
}

function questionByKeyboard(language: keyof typeof LANGUAGES): Story {
  const words = LANGUAGES[language];
  return {
    args: { toolName: 'pickDelivery', input: { orderId: '42' } },
    globals: { language },
    play: async ({ canvasElement }) => {
      const form = await formOf(canvasElement);
      const fields = within(form);
      form.querySelector<HTMLElement>('input')!.focus();
      await tabThrough(form);
      await userEvent.keyboard('2026-12-25');
      await userEvent.selectOptions(fields.getByLabelText('time'), 'evening');
      fields.getByLabelText('ring').focus();
      await userEvent.keyboard(' {Enter}');
      await expect(await fields.findByRole('alert')).toHaveTextContent('Nobody delivers at Christmas');
      await expect(fields.getByRole('button', { name: nameOf(words, 'send') })).toBeVisible();
    },
  };
}

export const FieldsByKeyboard = fieldsByKeyboard('en');
export const FieldsByKeyboardInGerman = fieldsByKeyboard('de');
export const FieldsByKeyboardInJapanese = fieldsByKeyboard('ja');
export const FieldsByKeyboardInArabic = fieldsByKeyboard('ar');
export const JsonByKeyboard = jsonByKeyboard('en');
export const JsonByKeyboardInGerman = jsonByKeyboard('de');
export const JsonByKeyboardInJapanese = jsonByKeyboard('ja');
export const JsonByKeyboardInArabic = jsonByKeyboard('ar');
export const QuestionByKeyboard = questionByKeyboard('en');
export const QuestionByKeyboardInGerman = questionByKeyboard('de');
export const QuestionByKeyboardInJapanese = questionByKeyboard('ja');
export const QuestionByKeyboardInArabic = questionByKeyboard('ar');
