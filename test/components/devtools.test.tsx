// Proves: the panel shows the calls of the page's chats, finds them, does to them what it offers, and shows the past without touching the page.
import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { clientTool } from 'use-parallel-tools';
import { resultCache } from 'use-parallel-tools/cache';
import { ToolCallsDevtools } from 'use-parallel-tools/devtools';
import { z } from 'zod';
import { renderChat } from '../harness/render-chat.tsx';

const tools = {
  lookup: clientTool({
    inputSchema: z.object({ id: z.string() }),
    execute: ({ id }) => ({ id }),
    readOnly: true,
    locks: ({ id }) => ({ read: [`order:${id}`] }),
  }),
  refund: clientTool({
    inputSchema: z.object({ id: z.string() }),
    execute: () => 'refunded',
    approval: true,
    timeout: 5000,
  }),
  rates: clientTool({
    inputSchema: z.object({}),
    execute: () => {
      throw new Error('out of order');
    },
    readOnly: true,
    retry: 0,
  }),
};

const cachedTools = { ...tools, lookup: { ...tools.lookup, staleTime: 60_000 } };

afterEach(() => localStorage.clear());

/** A chat whose model called all three tools, and the open panel. */
async function openPanel({ isCached = false } = {}) {
  const page = renderChat(isCached ? { tools: cachedTools, plugins: [resultCache()] } : { tools });
  render(<ToolCallsDevtools initialIsOpen />);
  const response = await page.ask('Where is my order?');
  response.start().call('a', 'lookup', { id: '42' }).call('b', 'refund', { id: '42' }).call('c', 'rates');
  response.finish();
  await page.settle();
  const host = document.querySelector('[data-tool-calls-devtools]');
  // SAFETY: Testing Library takes any node that can be searched.
  const panel = within(host?.shadowRoot as unknown as HTMLElement);
  await panel.findByRole('heading', { name: 'Tool calls' });
  await panel.findByRole('option', { name: /refund/ });
  return { ...page, panel, user: userEvent.setup({ document }) };
}

const names = (rows: HTMLElement[]) => rows.map((row) => row.querySelector('.tool')?.textContent).filter(Boolean);

describe('the button', () => {
  it('is there alone until it is pressed, and again after the panel was closed', async () => {
    render(<ToolCallsDevtools />);
    const host = document.querySelector('[data-tool-calls-devtools]');
    const shadow = within(host?.shadowRoot as unknown as HTMLElement);
    const open = await shadow.findByRole('button', { name: 'Open the tool calls devtools' });
    expect(shadow.queryByRole('heading')).toBeNull();
    open.click();
    (await shadow.findByRole('button', { name: 'Close the devtools' })).click();
    await shadow.findByRole('button', { name: 'Open the tool calls devtools' });
    expect(JSON.parse(localStorage.getItem('use-parallel-tools:devtools') ?? '{}')).toMatchObject({ isOpen: false });
    // The page's own queries do not see what is in the shadow root.
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('the list', () => {
  it('has the question, the step and its calls', async () => {
    const { panel } = await openPanel();
    const rows = within(panel.getByRole('listbox')).getAllByRole('option');
    expect(rows[0]?.textContent).toContain('Where is my order?');
    expect(rows[1]?.textContent).toContain('Step 1');
    expect(names(rows)).toEqual(['lookup', 'refund', 'rates']);
  });

  it('finds calls by tool, id and input, and by status', async () => {
    const { panel, user } = await openPanel();
    const search = panel.getByRole('searchbox', { name: 'Search calls' });
    await user.type(search, '42');
    expect(names(panel.getAllByRole('option'))).toEqual(['lookup', 'refund']);
    await user.type(search, '{Backspace}{Backspace}');
    await user.click(panel.getByRole('button', { name: 'Failed' }));
    expect(names(panel.getAllByRole('option'))).toEqual(['rates']);
    await user.type(search, 'nothing');
    expect(panel.getByText('No call passes the filter.')).toBeTruthy();
  });

  it('is moved through by arrow keys', async () => {
    const { panel, user } = await openPanel();
    panel.getByRole('listbox', { name: 'Tool calls' }).focus();
    await user.keyboard('{End}');
    expect(panel.getByRole('article', { name: 'rates' }).textContent).toContain('out of order');
    await user.keyboard('{ArrowUp}');
    expect(panel.getByRole('article', { name: 'refund' })).toBeTruthy();
  });
});

describe('a call', () => {
  it('shows its policy, and who set each field', async () => {
    const { panel, user } = await openPanel();
    await user.click(panel.getByRole('option', { name: /refund/ }));
    const policy = panel.getByRole('table', { hidden: true });
    const row = (field: string) => within(policy).getByRole('row', { name: new RegExp(`^${field} `), hidden: true });
    expect(row('timeout').textContent).toContain('the tool');
    expect(row('retry').textContent).toContain('default');
  });

  it('is approved from the panel, and its result goes to the model', async () => {
    const { panel, user, call, transport } = await openPanel();
    await user.click(panel.getByRole('option', { name: /refund/ }));
    expect(panel.getByText(/^It waits for a person/)).toBeTruthy();
    await user.click(panel.getByRole('button', { name: 'Approve' }));
    await expect.poll(() => call('b').status).toBe('succeeded');
    await expect.poll(() => transport.responses.length).toBe(2);
  });
});

describe('the waits', () => {
  it('list the results that are kept, and what makes them stale', async () => {
    const { panel, user, chat } = await openPanel({ isCached: true });
    await user.click(panel.getByRole('button', { name: 'Waits' }));
    const kept = panel.getByRole('region', { name: 'Kept results' });
    expect(kept.textContent).toMatch(/lookup.*42.* old, stale in .* or when order:42 is written/);
    chat().toolCalls.invalidate();
    await expect.poll(() => panel.queryByRole('region', { name: 'Kept results' })).toBeNull();
  });
});

describe('time travel', () => {
  it('shows the past in the panel and not on the page, and comes back', async () => {
    const { panel, user, call } = await openPanel();
    await user.click(panel.getByRole('button', { name: 'Events' }));
    await user.click(panel.getAllByRole('option', { name: /attempt-started/ })[0]!);
    await user.click(panel.getByRole('button', { name: 'Calls' }));
    await user.click(panel.getByRole('option', { name: /lookup/ }));
    expect(panel.getByRole('article', { name: 'lookup' }).textContent).toContain('Running');
    expect(panel.getByText(/^This is the past/)).toBeTruthy();
    expect(panel.queryByRole('button', { name: 'Cancel' })).toBeNull();
    expect(call('a').status).toBe('succeeded');
    await user.click(panel.getByRole('button', { name: 'Now' }));
    expect(panel.getByRole('article', { name: 'lookup' }).textContent).toContain('Done');
  });
});

describe('faults', () => {
  it('are added, said everywhere, and cleared', async () => {
    const { panel, user } = await openPanel();
    await user.click(panel.getByRole('button', { name: 'Simulate' }));
    await user.selectOptions(panel.getByRole('combobox', { name: 'Tool' }), 'lookup');
    await user.selectOptions(panel.getByRole('combobox', { name: 'Fault' }), 'Fail: HTTP 503');
    await user.click(panel.getByRole('button', { name: 'Add fault' }));
    await panel.findByText('the next call gets HTTP 503', { exact: false });
    expect((await panel.findByRole('status')).textContent).toContain('Faults are simulated');
    await user.click(panel.getByRole('button', { name: 'Clear everything' }));
    await expect.poll(() => panel.queryByRole('status')).toBeNull();
  });
});

describe('the size', () => {
  it('is changed by arrow keys at the edge, and kept', async () => {
    const { panel, user } = await openPanel();
    const edge = panel.getByRole('separator', { name: 'Size of the devtools' });
    const before = Number(edge.getAttribute('aria-valuenow'));
    edge.focus();
    await user.keyboard('{ArrowUp}');
    expect(Number(edge.getAttribute('aria-valuenow'))).toBe(before + 24);
    expect(JSON.parse(localStorage.getItem('use-parallel-tools:devtools') ?? '{}')).toMatchObject({
      height: before + 24,
    });
  });
});
