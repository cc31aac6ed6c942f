import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { createRef } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { ToolCallCard, type ToolCallCardProps } from '../../src/components/card/card.tsx';
import * as Card from '../../src/components/card/card.parts.ts';
import { ToolCallLabelsProvider } from '../../src/components/words/labels-provider.tsx';
import { ToolCallError } from '../../src/core/errors.ts';
import type { ToolCall, ToolCallEvent } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { call, timedOut } from '../../stories/fixtures/shop.ts';
import {
  createBatch,
  createToolCalls,
  failed,
  readyToRun,
  running,
  streaming,
  succeeded,
} from '../../stories/fixtures/tool-calls.ts';
import { expectConsole } from '../setup/console.ts';
import { readText } from './read-text.ts';

/** A card of one call that the store has. */
function setUp(shown: ToolCall, props: Partial<ToolCallCardProps> = {}) {
  const toolCalls = createToolCalls(createBatch(shown));
  const { key } = shown;
  const view = render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallCard {...props} callKey={key} />
      <button type="button">Elsewhere</button>
    </ToolCallsProvider>,
  );
  const card = view.container.querySelector('[data-slot="tool-call-card"]') as HTMLElement; // SAFETY: it was just rendered.
  const dispatch = (...events: Omit<Extract<ToolCallEvent, { key: string }>, 'key'>[]) =>
    // SAFETY: an event of a call is its key and the rest.
    act(() => toolCalls.dispatch(...events.map((event) => ({ ...event, key, batchKey: 'message/0' }) as never)));
  return { ...view, toolCalls, card, dispatch, trigger: within(card).getByRole('button', { name: shown.toolName }) };
}

const isOpen = (trigger: HTMLElement) => trigger.getAttribute('aria-expanded') === 'true';

describe('what a card shows', () => {
  it('shows a call of the store: name, input in short, status and exact time', () => {
    const { card } = setUp(call.succeeded());
    expect(readText(card)).toBe('getOrderStatus 42 Done 340\u00A0ms');
    expect(card.querySelector('[data-slot="tool-call-card-detail"]')?.getAttribute('data-repeats')).toBe('input');
  });

  it.each([
    ['queued', call.queued(), 'Waiting for order:42, held by refundOrder'],
    ['retrying', call.retrying(), '49 · EUR · USD – Attempt 1 of 3: 429 Too Many Requests'],
    ['failed', call.failed(), '49 · EUR · USD – Timed out after 10\u00A0s'],
    ['denied', call.denied(), '42 · 49 · EUR – “Ask the customer first”'],
    ['cancelled', call.cancelled(), 'runner-2 · 43 – By you'],
    ['interrupted', call.interrupted(), '42 · 49.00 EUR – The page was reloaded'],
  ])('says why a call is %s', (_, shown, text) => {
    const { card } = setUp(shown, { open: false });
    const detail = card.querySelector('[data-slot="tool-call-card-detail"]');
    expect(detail?.textContent).toBe(text);
    expect(detail?.hasAttribute('data-repeats')).toBe(false);
    expect(detail?.getAttribute('title')).toBe(text);
  });

  it('shows a call that only its message part knows, without times and without commands that do nothing', () => {
    const part = { ...running('search', { query: 'shoes' }), startedAt: 0, attempts: [] } as ToolCall; // SAFETY: as message-parts.ts makes it.
    const { container } = render(
      <ToolCallsProvider value={createToolCalls(createBatch())}>
        <ToolCallCard call={part} />
      </ToolCallsProvider>,
    );
    expect(readText(container)).toBe('search shoes Running');
    expect(screen.queryByRole('button', { name: /^Cancel/ })).toBeNull();
  });

  it('offers to run a call of which only the end of the answer is not known, and asks for no approval', () => {
    const { card, toolCalls } = setUp(readyToRun('updateAddress', { city: 'Oslo' }));
    expect(readText(card)).toContain('updateAddress Oslo Ready to run');
    expect(readText(card)).toContain('This page was not told whether the answer is complete');
    expect(card.textContent).not.toMatch(/appro|deny/i);
    fireEvent.click(screen.getByRole('button', { name: /^Run updateAddress/ }));
    expect(toolCalls.approve).toHaveBeenCalledOnce();
    fireEvent.click(screen.getByRole('button', { name: /^Skip updateAddress/ }));
    expect(toolCalls.deny).toHaveBeenCalledOnce();
  });

  it('prefers the record of the store to the message part', () => {
    const shown = call.succeeded();
    render(
      <ToolCallsProvider value={createToolCalls(createBatch(shown))}>
        <ToolCallCard callKey={shown.key} call={streaming('getOrderStatus', {})} />
      </ToolCallsProvider>,
    );
    expect(screen.getByText('Done')).toBeDefined();
  });

  it('renders nothing for a call that nobody knows', () => {
    const { container } = render(
      <ToolCallsProvider value={createToolCalls(createBatch())}>
        <ToolCallCard callKey="gone/0/gone" />
      </ToolCallsProvider>,
    );
    expect(container.innerHTML).toBe('');
  });

  it.each([0, false, '', null, undefined])('shows the output %o', (output) => {
    setUp(succeeded('tool', {}, output), { defaultOpen: true });
    const value = screen.getByLabelText('Output');
    expect(value.textContent).toBe(output === '' ? '""' : String(output));
  });

  it('counts whole seconds from the first one on, and shows the exact time at the end', () => {
    vi.useFakeTimers();
    const { card, dispatch } = setUp(running('tool', {}));
    const time = card.querySelector('[data-slot="tool-call-card-time"]') as HTMLElement; // SAFETY: each card has one.
    act(() => void vi.advanceTimersByTime(900));
    expect(time.textContent).toBe('');
    act(() => void vi.advanceTimersByTime(300));
    expect(time.textContent).toBe('1\u00A0s');
    act(() => void vi.advanceTimersByTime(1000));
    expect(time.textContent).toBe('2\u00A0s');
    dispatch({ type: 'call-succeeded', output: 1, at: Date.now() } as never);
    expect(time.textContent).toBe('2.2\u00A0s');
    vi.useRealTimers();
  });
});

describe('opening', () => {
  it('opens and closes by keyboard', async () => {
    const user = userEvent.setup();
    const { trigger } = setUp(call.succeeded());
    await user.tab();
    expect(document.activeElement).toBe(trigger);
    await user.keyboard('{Enter}');
    expect(isOpen(trigger)).toBe(true);
    await user.keyboard(' ');
    expect(isOpen(trigger)).toBe(false);
  });

  it('opens by itself when the call fails, and not again in spite of a person who closed it', () => {
    const { trigger, dispatch } = setUp(running('tool', {}));
    expect(isOpen(trigger)).toBe(false);
    dispatch({ type: 'call-failed', error: timedOut(), at: 1 } as never);
    expect(isOpen(trigger)).toBe(true);
    fireEvent.click(trigger);
    dispatch({ type: 'call-retried', at: 2 } as never, { type: 'call-failed', error: timedOut(), at: 3 } as never);
    expect(isOpen(trigger)).toBe(false);
  });

  it('is open from the start for a question', () => {
    expect(isOpen(setUp(call.awaitingApproval()).trigger)).toBe(true);
  });

  it.each([
    [
      'Approve refundOrder: 42 · 49.00 EUR · Visa ending 4242 · Wrong size',
      call.awaitingApproval(),
      { type: 'approval-granted', at: 1 },
    ],
    [
      'Deny refundOrder: 42 · 49.00 EUR · Visa ending 4242 · Wrong size',
      call.awaitingApproval(),
      { type: 'approval-denied', error: timedOut(), at: 1 },
    ],
    ['Run refundOrder: 42 · 49.00 EUR', call.interrupted(), { type: 'call-resumed', at: 1 }],
  ])('folds a question that was answered with %s, and keeps focus on its line', (name, shown, event) => {
    const { trigger, dispatch } = setUp(shown);
    screen.getByRole('button', { name }).focus();
    dispatch(event as never);
    expect(isOpen(trigger)).toBe(false);
    expect(document.activeElement).toBe(trigger);
  });

  it('leaves an answered question open if a person opened it, or reads on in it', () => {
    const first = setUp(call.awaitingApproval());
    fireEvent.click(first.trigger);
    fireEvent.click(first.trigger);
    first.dispatch({ type: 'approval-granted', at: 1 } as never);
    expect(isOpen(first.trigger)).toBe(true);
    first.unmount();

    const shown = call.awaitingApproval();
    const toolCalls = createToolCalls(createBatch(shown));
    const { container } = render(
      <ToolCallsProvider value={toolCalls}>
        <Card.Root callKey={shown.key}>
          <Card.Trigger />
          <Card.Content>
            <a href="/42">Order</a>
          </Card.Content>
        </Card.Root>
      </ToolCallsProvider>,
    );
    screen.getByRole('link', { name: 'Order' }).focus();
    act(() => toolCalls.dispatch({ type: 'approval-granted', batchKey: 'message/0', key: shown.key, at: 1 }));
    expect(container.querySelector('[data-slot="tool-call-card"]')?.getAttribute('data-state')).toBe('open');
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Order' }));
  });

  it('leaves a failure open that is run again by a person who is at it', () => {
    const { trigger, dispatch } = setUp(call.failed());
    screen.getByRole('button', { name: 'Retry convertCurrency: 49 · EUR · USD' }).focus();
    dispatch({ type: 'call-retried', at: 1 } as never);
    expect(isOpen(trigger)).toBe(true);
  });

  it('does not close what a person opened', () => {
    const { trigger, dispatch } = setUp(running('tool', {}));
    fireEvent.click(trigger);
    dispatch({ type: 'call-failed', error: timedOut(), at: 1 } as never, { type: 'call-retried', at: 2 } as never);
    expect(isOpen(trigger)).toBe(true);
  });

  it('is controlled by `open`, and says what it would do', () => {
    const onOpenChange = vi.fn<(open: boolean) => void>();
    const { trigger, dispatch } = setUp(running('tool', {}), { open: false, onOpenChange });
    fireEvent.click(trigger);
    expect(onOpenChange).toHaveBeenLastCalledWith(true);
    expect(isOpen(trigger)).toBe(false);
    onOpenChange.mockClear();
    dispatch({ type: 'call-failed', error: timedOut(), at: 1 } as never);
    expect(onOpenChange).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('leaves a failure in old history closed', () => {
    const { container } = render(
      <ToolCallsProvider value={createToolCalls(createBatch())}>
        <ToolCallCard call={call.failed()} />
      </ToolCallsProvider>,
    );
    expect(container.querySelector('[data-slot="tool-call-card"]')?.getAttribute('data-state')).toBe('closed');
  });
});

describe('focus', () => {
  it.each([
    ['Retry convertCurrency: 49 · EUR · USD', call.failed(), { type: 'call-retried', at: 1 }],
    [
      'Approve refundOrder: 42 · 49.00 EUR · Visa ending 4242 · Wrong size',
      call.awaitingApproval(),
      { type: 'approval-granted', at: 1 },
    ],
    ['Run refundOrder: 42 · 49.00 EUR', call.interrupted(), { type: 'call-resumed', at: 1 }],
  ])('stays in the card when %s disappears', (name, shown, event) => {
    const { trigger, dispatch } = setUp(shown);
    screen.getByRole('button', { name }).focus();
    dispatch(event as never);
    expect(screen.queryByRole('button', { name })).toBeNull();
    expect(document.activeElement).toBe(trigger);
  });

  it('does nothing with the second click of a double click: the button under it may be another one by then', async () => {
    const { toolCalls } = setUp(call.awaitingApproval());
    await userEvent.dblClick(
      screen.getByRole('button', { name: 'Approve refundOrder: 42 · 49.00 EUR · Visa ending 4242 · Wrong size' }),
    );
    expect(toolCalls.approve).toHaveBeenCalledOnce();
  });

  it('is not taken from elsewhere', () => {
    const { dispatch } = setUp(call.failed());
    const elsewhere = screen.getByRole('button', { name: 'Elsewhere' });
    elsewhere.focus();
    dispatch({ type: 'call-retried', at: 1 } as never);
    expect(document.activeElement).toBe(elsewhere);
  });
});

describe('answers', () => {
  it('answers with text where the app has no form of its own', async () => {
    const user = userEvent.setup();
    const { toolCalls } = setUp(call.awaitingInput());
    await user.type(screen.getByRole('textbox', { name: 'Answer' }), 'Slate{Enter}');
    expect(toolCalls.respond).toHaveBeenCalledExactlyOnceWith(call.awaitingInput().key, 'Slate');
  });

  it('shows a form of the app, and gives it what it needs', () => {
    const respond = ({
      input,
      respond: answer,
    }: {
      input: { question: string };
      respond: (output: unknown) => void;
    }) => (
      <button type="button" onClick={() => answer({ color: 'Rust' })}>
        {input.question}
      </button>
    );
    const { toolCalls } = setUp(call.awaitingInput(), { renderers: { pickColor: { respond } } });
    fireEvent.click(screen.getByRole('button', { name: /^Which colour/ }));
    expect(toolCalls.respond).toHaveBeenCalledWith(call.awaitingInput().key, { color: 'Rust' });
  });
});

/** React 18 prints where it was thrown, and leaves what was thrown to the browser. */
const thrown = (message: string) => new RegExp(`${message}|^The above error occurred`);

describe('renderers', () => {
  it('show input and output of their tool', () => {
    const output = ({ output: order }: { output: { status: string } }) => <b>It is {order.status}</b>;
    setUp(call.succeeded(), { defaultOpen: true, renderers: { getOrderStatus: { output }, other: {} } });
    expect(screen.getByText('It is delivered')).toBeDefined();
    expect(screen.queryByLabelText('Output')).toBeNull();
  });

  it('that throw show their error and the plain value, in their card only', () => {
    expectConsole('error', thrown('no such field'));
    const output = () => {
      throw new Error('no such field');
    };
    setUp(call.succeeded(), { defaultOpen: true, renderers: { getOrderStatus: { output } } });
    expect(screen.getByRole('alert').textContent).toBe('This could not be shown: no such field');
    expect(screen.getByLabelText('Output').textContent).toContain('delivered');
    expect(screen.getByText('Done')).toBeDefined();
  });

  it('a card that cannot be shown at all says so in its own line', () => {
    expectConsole('error', thrown('Objects are not valid as a React child'));
    const message = {} as string; // SAFETY: not a string, as an untyped tool may report.
    const { container } = render(
      <ToolCallsProvider value={createToolCalls(createBatch(running('bad', {}, { message })))}>
        <ToolCallCard callKey="message/0/bad" />
        <p>The rest of the page</p>
      </ToolCallsProvider>,
    );
    expect(container.textContent).toMatch(/^badThis could not be shown: .*The rest of the page$/);
  });
});

describe('words', () => {
  it('come from the labels, which may be replaced in part', () => {
    const labels = { status: { failed: 'Gescheitert' }, actions: { retry: 'Wiederholen' } };
    const shown = failed('tool', {}, new ToolCallError('execution', 'Aus'));
    render(
      <ToolCallLabelsProvider labels={labels}>
        <ToolCallsProvider value={createToolCalls(createBatch(shown))}>
          <ToolCallCard callKey={shown.key} />
        </ToolCallsProvider>
      </ToolCallLabelsProvider>,
    );
    expect(screen.getByText('Gescheitert')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Wiederholen tool' }).textContent).toBe('Wiederholen');
    expect(screen.getByText('Error')).toBeDefined();
  });
});

it('gives its ref to the frame and says what to do without a provider', () => {
  const ref = createRef<HTMLDivElement>();
  const shown = call.succeeded();
  render(
    <ToolCallsProvider value={createToolCalls(createBatch(shown))}>
      <ToolCallCard ref={ref} callKey={shown.key} className="mine" />
    </ToolCallsProvider>,
  );
  expect(ref.current?.className).toBe('mine');
  expect(() => render(<ToolCallCard call={shown} />)).toThrow('Wrap your messages: <ToolCallsProvider');
});
