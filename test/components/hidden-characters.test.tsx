// Specifies: nothing that a person reads before they say yes holds characters that they cannot see.
import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { markHidden, renderText } from '../../src/components/words/hidden-characters.tsx';
import { ToolCallCard } from '../../src/components/card/card.tsx';
import { ToolCallTimeline } from '../../src/components/timeline/timeline.tsx';
import { ToolCallValue } from '../../src/components/value/value.tsx';
import { ToolCallError } from '../../src/core/errors.ts';
import type { ToolCall } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import * as make from '../../stories/fixtures/tool-calls.ts';

const text = (...codes: number[]) => String.fromCodePoint(...codes);

describe('a text', () => {
  it.each<[string, string, string]>([
    ['a zero-width space', 'pay\u200Bpal', 'pay<U+200B>pal'],
    ['a turn of direction', 'invoice\u202Efdp.exe', 'invoice<U+202E>fdp.exe'],
    ['isolates', '\u2066a\u2069', '<U+2066>a<U+2069>'],
    ['a direction mark in Arabic', 'مرحبا\u200F', 'مرحبا<U+200F>'],
    ['tags that spell a word', `a${text(0xe0068, 0xe0069)}`, 'a<U+E0068><U+E0069>'],
    ['tags after a flag that has none', `🏴${text(0xe0068, 0xe0069, 0xe007f)}`, '🏴<U+E0068><U+E0069><U+E007F>'],
    ['variation selectors after a letter', 'a\uFE00\u{E0100}', 'a<U+FE00><U+E0100>'],
    ['a second selector after an emoji', '❤\uFE0F\uFE0F', '❤\uFE0F<U+FE0F>'],
    ['a selector after a digit', '1\uFE0F', '1<U+FE0F>'],
    ['a joiner between Latin letters', 'a\u200Db', 'a<U+200D>b'],
    ['two joiners between Persian letters', 'می\u200C\u200Cخواهم', 'می<U+200C><U+200C>خواهم'],
    ['a joiner that follows a hidden mark', 'م\u061C\u200Cخ', 'م<U+061C><U+200C>خ'],
    ['a joiner after an emoji with nothing to join', '👩\u200D', '👩<U+200D>'],
    ['a byte order mark', '\uFEFFa', '<U+FEFF>a'],
    ['a soft hyphen', 'a\u00ADb', 'a<U+00AD>b'],
    ['a filler', 'a\u3164\u115Fb', 'a<U+3164><U+115F>b'],
    ['separators', 'a\u2028b\u2029', 'a<U+2028>b<U+2029>'],
    ['controls', '\0\u001B[31m\u007F\u009B\v', '<U+0000><U+001B>[31m<U+007F><U+009B><U+000B>'],
    ['a line break of old', 'a\rb', 'a<U+000D>b'],
  ])('shows %s', (_, value, shown) => {
    expect(markHidden(value)).toBe(shown);
  });

  it.each<[string, string]>([
    ['tabs and line breaks', 'a\tb\nc\r\nd'],
    ['emoji that are joined', '👩‍❤️‍💋‍👨 👩🏽‍🚀 🏳️‍🌈 🏴‍☠️ 🐈‍⬛ 😮‍💨'],
    ['emoji with a selector, keycaps and flags', '❤️ ☎︎ 1️⃣ #️⃣ 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿'],
    ['a non-joiner in Persian, after a vowel sign too', 'می\u200Cخواهم کتابِ\u200Cها'],
    ['joiners in Hindi and Bengali', 'क्\u200Dष क्\u200Cष র\u200D্য'],
    ['accents and any script', 'é ñ ö 日本語 한국어 עברית ไทย'],
  ])('leaves %s as they are', (_, value) => {
    expect(markHidden(value)).toBe(value);
    expect(render(<p>{renderText(value)}</p>).container.firstElementChild?.innerHTML).toBe(value);
  });

  it('tells a mark from the same characters written out', () => {
    const { container } = render(<p>{renderText('<U+202E> \u202E')}</p>);
    expect(container.textContent).toBe('<U+202E> <U+202E>');
    expect(container.querySelectorAll('[data-slot="tool-call-hidden"]')).toHaveLength(1);
  });

  it('costs a page no more elements than it bears, however much is hidden', () => {
    const long = 'مرحبا 👩‍🚀 \u200B'.repeat(20_000);
    const { container } = render(<p>{renderText(long)}</p>);
    expect(container.textContent).toBe(long.replaceAll('\u200B', '<U+200B>'));
    expect(container.querySelectorAll('span').length).toBeLessThanOrEqual(1001);
  });
});

/** What is on the page, in titles and in names for assistive technology. */
function readAll(container: HTMLElement): string {
  const attributes = [...container.querySelectorAll('*')].flatMap((element) =>
    ['title', 'aria-label'].map((name) => element.getAttribute(name) ?? ''),
  );
  return [container.textContent, ...attributes].join('\n');
}

function renderCard(call: ToolCall) {
  const batch = make.createBatch(call);
  return render(
    <ToolCallsProvider value={make.createToolCalls(batch)}>
      <ToolCallCard callKey={call.key} defaultOpen />
      <ToolCallTimeline batch={batch} />
    </ToolCallsProvider>,
  );
}

const HIDDEN = /[\u200B\u202E\u{E0061}\uFEFF]/u;
const bad = `1\u200B\u202E${text(0xe0061)}\uFEFF`;

describe('a card', () => {
  it.each<[string, ToolCall]>([
    ['a question with fields', make.awaitingApproval(`pay${bad}`, { [`to${bad}`]: `Ada${bad}`, empty: '' })],
    ['a question with nested input', make.awaitingApproval(`pay${bad}`, { [`to${bad}`]: { [`a${bad}`]: [bad] } })],
    ['a call of an earlier page', make.interrupted(`pay${bad}`, { to: bad })],
    ['a question that a person answers', make.awaitingInput(`ask${bad}`, { question: bad })],
    ['an output', make.succeeded(`pay${bad}`, bad, { [bad]: new Error(bad), when: new Map([[bad, bad]]) })],
    ['a failure', make.failed(`pay${bad}`, {}, new ToolCallError('execution', bad), [1, 1])],
    ['a denial', make.denied(`pay${bad}`, {}, bad)],
    ['progress', make.running(`pay${bad}`, {}, { message: bad, fraction: 0.5 })],
    [
      'a wait',
      make.queued(`pay${bad}`, { to: bad }, { type: 'lock', key: bad, heldBy: 'message/0/x', heldByToolName: bad }),
    ],
    ['an order', make.queued(`pay${bad}`, {}, { type: 'order', call: 'message/0/x', toolName: bad })],
  ])('shows what is hidden in %s', (_, call) => {
    const { container } = renderCard(call);
    const read = readAll(container);
    expect(read).toContain('<U+200B><U+202E><U+E0061><U+FEFF>');
    expect(read).not.toMatch(HIDDEN);
  });

  it('copies the value itself, not the marks', async () => {
    const user = userEvent.setup();
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    renderCard(make.succeeded('read', {}, `pay${bad}pal`));
    const output = screen.getByText('Output').closest<HTMLElement>('[data-section="output"]');
    await user.click(within(output as HTMLElement).getByRole('button', { name: 'Copy' }));
    expect(write).toHaveBeenCalledWith(`pay${bad}pal`);
  });

  it('keeps the values of its line apart, so that none turns its neighbours', () => {
    const { container } = renderCard(make.awaitingApproval('pay', { to: 'אבג', amount: 12, from: 'דהו' }));
    const detail = container.querySelector('[data-slot="tool-call-card-detail"]');
    expect([...(detail?.querySelectorAll('bdi') ?? [])].map((element) => element.textContent)).toEqual([
      'אבג',
      '12',
      'דהו',
    ]);
    expect(detail?.textContent).toBe('אבג · 12 · דהו');
  });

  it('keeps a line that goes one way in one piece', () => {
    const { container } = renderCard(make.awaitingApproval('pay', { to: 'Zoë', street: 'Torstraße 12' }));
    const detail = container.querySelector('[data-slot="tool-call-card-detail"]');
    expect(detail?.innerHTML).toBe('Zoë · Torstraße 12');
  });
});

it('shows what a whole text holds, and tells it from an escape that is written out', () => {
  const { container } = render(<ToolCallValue value={'\\u202e \u202Etxt.exe\n\u001B[31m'} />);
  expect(container.textContent).toBe('"\\u202e <U+202E>txt.exe\n<U+001B>[31m"');
});
