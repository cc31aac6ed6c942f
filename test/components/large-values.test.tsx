import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findImages } from '../../src/components/value/find-images.ts';
import { ToolCallCard } from '../../src/components/card/card.tsx';
import { ToolCallImages } from '../../src/components/value/images.tsx';
import { ToolCallValue } from '../../src/components/value/value.tsx';
import { writeValue } from '../../src/components/value/write-value.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { call } from '../../stories/fixtures/shop.ts';
import { createBatch, createToolCalls } from '../../stories/fixtures/tool-calls.ts';

const orders = {
  orders: Array.from({ length: 5 }, (_, id) => ({ id, items: [{ sku: 'runner-2' }, { sku: 'runner-3' }] })),
  next: null,
};
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

describe('folding', () => {
  const draw = () => {
    const { container } = render(<ToolCallValue value={orders} />);
    const lines = () => (container.textContent ?? '').trim().split('\n');
    return { lines, folds: () => screen.getAllByRole('button') };
  };

  it('folds a nested object into the line that opens it, and back', () => {
    const { lines, folds } = draw();
    const all = lines().length;
    fireEvent.click(folds()[0] as HTMLElement);
    expect(lines()).toEqual(['{', '"orders": [\u00A0…\u00A0],', '"next": null', '}']);
    expect(folds()[0]?.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(folds()[0] as HTMLElement);
    expect(lines()).toHaveLength(all);
  });

  it('is one stop for Tab, with arrows between the folds', () => {
    const { folds } = draw();
    expect(folds().filter((fold) => fold.tabIndex === 0)).toEqual([folds()[0]]);
    folds()[0]?.focus();
    fireEvent.keyDown(folds()[0] as HTMLElement, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(folds()[1]);
    fireEvent.keyDown(folds()[1] as HTMLElement, { key: 'ArrowUp' });
    expect(document.activeElement).toBe(folds()[0]);
  });

  it('is not offered where there is nothing to gain', () => {
    render(<ToolCallValue value={{ order: { id: 1, items: [{ sku: 'a' }] } }} />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});

it('shows more of what is huge on request, until nothing is left out', () => {
  const { container } = render(<ToolCallValue value={Array.from({ length: 1500 }, (_, index) => index)} />);
  expect(container.textContent).toContain('1,400 more');
  fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(container.textContent).toContain('500 more');
  fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(container.textContent).not.toContain('more');
});

describe('copying', () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('navigator', { clipboard: { writeText } });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    writeText.mockClear();
  });

  it('copies the whole value, and says so for a while', async () => {
    const shown = call.succeeded();
    render(
      <ToolCallsProvider value={createToolCalls(createBatch())}>
        <ToolCallCard call={shown} defaultOpen />
      </ToolCallsProvider>,
    );
    const copies = screen.getAllByRole('button', { name: 'Copy' });
    expect(copies).toHaveLength(2);
    await act(async () => fireEvent.click(copies[1] as HTMLElement));
    expect(writeText).toHaveBeenCalledExactlyOnceWith(JSON.stringify(shown.output, null, 2));
    expect(screen.getByRole('button', { name: 'Copied' })).toBe(copies[1]);
    act(() => vi.advanceTimersByTime(2000));
    expect(screen.queryByRole('button', { name: 'Copied' })).toBeNull();
  });

  it.each([
    ['a string as it is', 'two\nlines', 'two\nlines'],
    ['an object as JSON', { a: [1n] }, '{\n  "a": [\n    "1"\n  ]\n}'],
    ['undefined', undefined, 'undefined'],
    ['a function', Math.max, String(Math.max)],
  ])('writes %s', (_, value, text) => {
    expect(writeValue(value)).toBe(text);
  });

  it('never throws', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(writeValue(circular)).toBe('[object Object]');
    expect(writeValue(Object.assign(Object.create(null) as object, circular))).toBe('');
  });
});

describe('images', () => {
  it('are found as data URLs and as the content of MCP, never as addresses on the web', () => {
    const url = `data:image/png;base64,${pixel}`;
    expect(findImages(url)).toEqual([url]);
    expect(findImages({ content: [{ type: 'image', data: pixel, mimeType: 'image/png' }] })).toEqual([url]);
    const resource = { uri: 'file:///a.png', mimeType: 'image/png', blob: pixel };
    expect(findImages({ content: [{ type: 'resource', resource }] })).toEqual([url]);
    expect(findImages({ value: [{ type: 'media', data: pixel, mediaType: 'image/png' }] })).toEqual([url]);
    expect(findImages({ url: 'https://example.com/a.png', html: '<img src="data:image/png;base64,AA">' })).toEqual([]);
    expect(findImages({ type: 'file', data: pixel, mimeType: 'text/html' })).toEqual([]);
  });

  it('are decoded only once a person asks', () => {
    render(<ToolCallImages value={[`data:image/png;base64,${pixel}`]} />);
    expect(screen.queryByRole('img')).toBeNull();
    const button = screen.getByRole('button', { name: 'Show image 1' });
    fireEvent.click(button);
    expect(screen.getByRole('img', { name: 'Image 1 of the output' }).getAttribute('src')).toContain(pixel);
    fireEvent.click(screen.getByRole('button', { name: 'Hide image 1' }));
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('are sought without a throw in cycles, proxies and megabytes', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const hostile = new Proxy({}, { ownKeys: () => { throw new Error('no'); }, get: () => { throw new Error('no'); } }); // prettier-ignore
    expect(findImages([circular, hostile, 'x'.repeat(5_000_000)])).toEqual([]);
  });
});
