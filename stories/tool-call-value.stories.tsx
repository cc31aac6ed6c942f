/** Owns the stories of values: what is usual, odd and huge, each shown without a throw. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, within } from 'storybook/test';
import { ToolCallImages } from '../src/components/value/images.tsx';
import { ToolCallValue } from '../src/components/value/value.tsx';
import { Sheet } from './fixtures/sheet.tsx';
import { order } from './fixtures/shop.ts';

const meta = {
  title: 'Components/ToolCallValue',
  component: ToolCallValue,
  args: { value: order },
  decorators: [(Story) => <Sheet>{<Story />}</Sheet>],
} satisfies Meta<typeof ToolCallValue>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AnObject: Story = {};
export const AText: Story = { args: { value: 'Dear customer,\n\nyour order <b>42</b> is on its way.' } };
export const StillBeingWritten: Story = { args: { value: { orderId: '4' }, isStreaming: true } };

const circular: Record<string, unknown> = { name: 'loop' };
circular['self'] = circular;

/** `0`, `false`, `''` and `null` are values too. */
export const OddValues: Story = {
  render: () => {
    const values = [
      0,
      false,
      '',
      null,
      undefined,
      Number.NaN,
      10n,
      circular,
      () => 1,
      new Map([['a', 1]]),
      new Error('no'),
    ];
    return (
      <>
        {values.map((value, index) => (
          <ToolCallValue key={index} value={value} />
        ))}
      </>
    );
  },
};

/** What is too large is shown in part, says so, and scrolls by keyboard. */
export const Huge: Story = {
  args: { value: Array.from({ length: 10_000 }, (_, id) => ({ id, sku: `runner-${id}` })), 'aria-label': 'Output' },
  play: async ({ canvasElement }) => {
    await userEvent.tab();
    await expect(canvasElement.querySelector('pre')).toHaveFocus();
    await expect(canvasElement.textContent).toContain('9,900 more');
  },
};

/** Nested objects fold; arrows go from one to the next. What a person copies is always all of it. */
export const Folds: Story = {
  args: {
    value: {
      orders: Array.from({ length: 4 }, (_, id) => ({
        id,
        customer: { name: 'Ada', city: 'Berlin' },
        items: [
          { sku: 'runner-2', size: 43, price: { amount: 49, currency: 'EUR' } },
          { sku: 'runner-3', size: 44, price: { amount: 59, currency: 'EUR' } },
        ],
      })),
      next: null,
    },
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const folds = canvas.getAllByRole('button', { name: 'Collapse' });
    folds[0]?.focus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await expect(canvas.getByRole('button', { name: 'Expand' })).toHaveFocus();
  },
};

/** What a shell or a page gave back is text, whatever it would like to be. */
export const AnsiAndHtml: Story = {
  args: {
    value: '\u001b[31mError\u001b[0m: <script>alert(1)</script>\n<img src=x onerror=alert(1)>\n\u202Etxt.exe',
  },
};

const shoe = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60"><rect width="120" height="60" fill="#e9e4d8"/><path d="M14 40h20l16-16 14 8 34 6a8 8 0 0 1 8 8H14z" fill="#2f5d47"/></svg>`;

/** An image is decoded once a person asks for it. */
export const WithAnImage: Story = {
  args: { value: { sku: 'runner-2', photo: `data:image/svg+xml,${encodeURIComponent(shoe)}` } },
  render: ({ value }) => (
    <div>
      <ToolCallValue value={value} />
      <ToolCallImages value={value} />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await expect(canvas.queryByRole('img')).not.toBeInTheDocument();
    await userEvent.click(canvas.getByRole('button', { name: 'Show image 1' }));
    await expect(canvas.getByRole('img', { name: 'Image 1 of the output' })).toBeVisible();
  },
};
