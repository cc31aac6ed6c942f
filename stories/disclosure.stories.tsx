/** Owns the stories of what the model was given: the question before results are sent, and the sources of an answer. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, within } from 'storybook/test';
import { AnswerSources, ConsentRequest, type DisclosureLabelsOverride } from 'use-parallel-tools/disclosure';
import type { ToolBatch } from '../src/core/tool-call.ts';
import { ToolCallGroup } from '../src/components/group/group.tsx';
import { ToolCallsProvider } from '../src/react/tool-calls-context.ts';
import { Sheet } from './fixtures/sheet.tsx';
import { createBatch, createToolCalls, succeeded } from './fixtures/tool-calls.ts';
import { arabicDisclosure, germanDisclosure, japaneseDisclosure } from './labels/disclosure.ts';

const words: Record<string, DisclosureLabelsOverride> = {
  de: germanDisclosure,
  ja: japaneseDisclosure,
  ar: arabicDisclosure,
};

/** A batch of which the plugin has noted what its results carry. */
function createDisclosed(awaiting: readonly string[]): ToolBatch {
  const facts = {
    address: { labels: ['personal:address'], untrusted: false, bytes: 312 },
    ticket: { labels: [], untrusted: true, bytes: 4210, changed: 'shortened' },
    photo: { labels: [], untrusted: false, withheld: 'too-large', bytes: 0 },
  };
  const calls = Object.entries(facts).map(([id, disclosed]) => ({
    ...succeeded(id, { orderId: '1001' }, { found: true }),
    plugins: { disclosure: { disclosed } },
  }));
  return { ...createBatch(...calls), told: {}, plugins: { disclosure: { awaiting } } };
}

const meta = {
  title: 'Components/Disclosure',
  args: { awaiting: [] },
  argTypes: { awaiting: { table: { disable: true } } },
  render: ({ awaiting }, { globals }) => {
    const batch = createDisclosed(awaiting);
    const labels = words[globals['language'] as string];
    return (
      <Sheet>
        <ToolCallsProvider value={createToolCalls(batch)}>
          <ToolCallGroup batch={batch} />
          <ConsentRequest batch={batch} labels={labels} />
          <AnswerSources messageId={batch.messageId} labels={labels} />
        </ToolCallsProvider>
      </Sheet>
    );
  },
} satisfies Meta<{ awaiting: readonly string[] }>;

export default meta;
type Story = StoryObj<typeof meta>;

/** An answer was made of three calls, of which one was withheld. */
export const Sources: Story = {
  play: async ({ canvasElement }) => {
    const trigger = within(canvasElement).getByText('From 2 calls · 1 with personal data');
    await userEvent.click(trigger);
    await expect(within(canvasElement).getByText('personal:address')).toBeVisible();
    await expect(within(canvasElement).getByText('Withheld: too large')).toBeVisible();
  },
};

/** A person is asked before results are sent: the group’s line says so, and the keyboard answers. */
export const Consent: Story = {
  args: { awaiting: ['address', 'ticket'] },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByText('asks before sending 2 results')).toBeVisible();
    const group = within(within(canvasElement).getByRole('group', { name: /^Send the results of 2 calls/ }));
    group.getByRole('checkbox', { name: 'Send the result of address' }).focus();
    await expect(group.getByRole('checkbox', { name: 'Send the result of address' })).toHaveFocus();
    await userEvent.keyboard(' ');
    await expect(group.getByRole('checkbox', { name: 'Send the result of address' })).not.toBeChecked();
    for (const _ of ['the next call', 'remember']) await userEvent.tab();
    await userEvent.tab();
    await expect(group.getByRole('button', { name: 'Send' })).toHaveFocus();
    await userEvent.tab();
    await expect(group.getByRole('button', { name: 'Send nothing' })).toHaveFocus();
  },
};

/** A card says what of its output the model reads. */
export const WithheldCards: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const group = canvas.getByRole('group', { name: 'Tool calls' });
    const trigger = within(group).getAllByRole('button')[0]!;
    if (trigger.getAttribute('aria-expanded') === 'false') await userEvent.click(trigger);
    await expect(await canvas.findByText(/Withheld from the model/)).toBeVisible();
    await expect(canvas.getByText(/Shortened for the model/)).toBeVisible();
  },
};

/** The same question in another language; and its sources. */
function inLanguage(language: string, question: RegExp, line: string, sources: RegExp): Story {
  return {
    args: { awaiting: ['address', 'ticket'] },
    globals: { language },
    play: async ({ canvasElement }) => {
      const canvas = within(canvasElement);
      await expect(canvas.getByRole('group', { name: question })).toBeVisible();
      await expect(canvas.getByText(line)).toBeVisible();
      await userEvent.click(canvas.getByText(sources));
      await expect(canvas.getAllByText('personal:address').at(-1)).toBeVisible();
    },
  };
}

export const InGerman: Story = inLanguage('de', /^Ergebnisse von 2 Aufrufen/, 'fragt vor dem Senden von 2 Ergebnissen', /^Aus 2 Aufrufen/); // prettier-ignore
export const InJapanese: Story = inLanguage('ja', /^2 件の結果を/, '2 件の結果の送信前に確認', /^2 件の呼び出し/);
export const InArabic: Story = inLanguage('ar', /^هل تُرسل النتائج/, 'يسأل قبل الإرسال، عدد النتائج: ٢', /^عدد الاستدعاءات/); // prettier-ignore
