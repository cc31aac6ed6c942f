import { fireEvent, render, screen } from '@testing-library/react';
import { jsonSchema } from 'ai';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ToolCallGroup } from '../../registry/tool-call-group.tsx';
import { ToolCallTimeline } from '../../registry/tool-call-timeline.tsx';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import type { ToolCall } from '../../src/core/tool-call.ts';
import { batch, call } from '../../stories/fixtures/shop.ts';
import { finished } from '../../stories/fixtures/timed-calls.ts';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';

interface RegistryItem {
  name: string;
  dependencies: string[];
  registryDependencies?: string[];
  files: { path: string; target: string }[];
}

const { items } = JSON.parse(readFileSync('registry.json', 'utf8')) as { items: RegistryItem[] };

it('renders the source that it installs, with the buttons of the app', () => {
  const shown = batch.oneFailed();
  const toolCalls = createToolCalls(shown);
  render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  expect(screen.getByText('4 of 5 done')).toBeTruthy();
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
  const retry = screen.getByRole('button', { name: 'Retry convertCurrency: 49 · EUR · USD' });
  expect(retry.getAttribute('data-button')).toBe('outline sm');
  expect(retry.textContent).toBe('Retry');
  expect(screen.getByText('3 attempts · 10 s, 10 s, 10 s')).toBeTruthy();
  fireEvent.click(retry);
  expect(toolCalls.retry).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole('button', { name: 'Retry failed' }));
  expect(toolCalls.retryFailed).toHaveBeenCalledWith('message/0');
});

it('asks what the components of the package ask, and says what cannot be undone', () => {
  const shown = batch.needsAPerson();
  const toolCalls = createToolCalls(shown);
  render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  expect(
    screen
      .getByRole('button', { name: 'Approve refundOrder: 42 · 49.00 EUR · Visa ending 4242 · Wrong size' })
      .getAttribute('data-button'),
  ).toBe('outline sm');
  expect(
    screen
      .getByRole('button', { name: 'Approve updateAddress: 42 · Torstraße 12 · 10119 Berlin' })
      .getAttribute('data-button'),
  ).toBe('default sm');
  expect(screen.getAllByText('Destructive: changes may be permanent')).toHaveLength(1);
  fireEvent.change(screen.getByRole('textbox', { name: 'Answer' }), { target: { value: 'Rust' } });
  fireEvent.submit(screen.getByRole('textbox', { name: 'Answer' }));
  expect(toolCalls.respond).toHaveBeenCalledWith('message/0/pickColor', 'Rust');
});

it('lets a person change an input, and says why a plugin asks', () => {
  const waiting = { ...call.awaitingApproval(), reasons: ['It sends data out.', 'To\u202Emoc'] } as ToolCall;
  const shown = createBatch(waiting);
  const toolCalls = createToolCalls(shown, { tools: { [waiting.toolName]: { inputSchema: jsonSchema({}) } } });
  const { container } = render(
    <ToolCallsProvider value={toolCalls}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  expect(container.querySelector('[data-slot="tool-call-card-note"]')?.textContent).toBe(
    'It sends data out. To<U+202E>moc',
  );
  fireEvent.click(screen.getByRole('button', { name: /^Edit / }));
  fireEvent.submit(container.querySelector('form')!);
  expect(toolCalls.approve).toHaveBeenCalledOnce();
});

it.each([
  ['running', batch.running(), ['Cancel checkAddress: 42 · Torstraße 12 · Berlin', 'Cancel refundOrder: 42']],
  ['cancelled', batch.cancelled(), ['Retry checkInventory: runner-2 · 43']],
])('offers in an opened card what can be done: %s', (_, shown, names) => {
  const { container } = render(
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallGroup batch={shown} />
    </ToolCallsProvider>,
  );
  const folded = container.querySelector('[data-slot="tool-call-group-trigger"][aria-expanded="false"]');
  if (folded !== null) fireEvent.click(folded);
  for (const card of screen.getAllByRole('listitem')) fireEvent.click(card.querySelector('button') as Element);
  for (const name of names) expect(screen.getByRole('button', { name })).toBeTruthy();
});

it('renders a timeline with a line for each call', () => {
  const shown = finished();
  render(
    <ToolCallsProvider value={createToolCalls(shown)}>
      <ToolCallTimeline batch={shown} />
    </ToolCallsProvider>,
  );
  expect(screen.getByRole('group', { name: 'Timeline of 5 tools' })).toBeTruthy();
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
  expect(screen.getByText('In parallel')).toBeTruthy();
});

it('offers all of its source', () => {
  const offered = items.flatMap((item) => item.files.map((file) => file.path));
  const source = readdirSync('registry').filter((name) => /\.(tsx|css)$/.test(name));
  expect([...new Set(offered)].sort()).toEqual(source.map((name) => `registry/${name}`).sort());
});

it.each(items)('brings with $name every file and package that it imports', ({ files, ...item }) => {
  const targets = files.map(({ target }) => target.replace(/\.tsx$/, ''));
  const imports = files.flatMap(({ path }) =>
    [...readFileSync(path, 'utf8').matchAll(/^(?:import|\} from) .*?'([^']+)';/gm)].map((match) => match[1] ?? ''),
  );
  const wanted = imports
    .filter((name) => name.startsWith('@/components/') || name.startsWith('./'))
    .map((name) => name.replace(/^@\/|^\.\//, (prefix) => (prefix === './' ? 'components/' : '')));
  const isShadcn = (name: string) => name.startsWith('components/ui/');
  expect(wanted.filter((name) => !isShadcn(name) && !targets.includes(name))).toEqual([]);
  expect(wanted.filter(isShadcn).map((name) => name.slice('components/ui/'.length))).toEqual(
    wanted.some(isShadcn) ? wanted.filter(isShadcn).map(() => item.registryDependencies?.[0]) : [],
  );
  const packages = imports.filter((name) => !/^[@.]\//.test(name) && name !== 'react');
  expect(packages.filter((name) => !item.dependencies.includes(name))).toEqual([]);
});
