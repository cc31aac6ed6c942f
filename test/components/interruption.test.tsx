// What a card says of a call after a reload, and of one that runs in another tab: in each language, and in the registry's source.
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ToolCallCard as RegistryCard } from '../../registry/tool-call-card.tsx';
import { ToolCallCard } from '../../src/components/card/card.tsx';
import { ToolCallGroup } from '../../src/components/group/group.tsx';
import { englishLabels, type ToolCallLabelsOverride } from '../../src/components/words/labels.ts';
import { ToolCallLabelsProvider } from '../../src/components/words/labels-provider.tsx';
import type { ToolCallInterruption } from '../../src/core/errors.ts';
import type { PluginFacts, ToolCall } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { order, timedOut } from '../../stories/fixtures/shop.ts';
import {
  createBatch,
  createToolCalls,
  failed,
  interrupted,
  queued,
  restored,
  running,
  succeeded,
} from '../../stories/fixtures/tool-calls.ts';
import { arabic } from '../../stories/labels/arabic.ts';
import { german } from '../../stories/labels/german.ts';
import { japanese } from '../../stories/labels/japanese.ts';

const languages: [string, ToolCallLabelsOverride][] = [
  ['English', {}],
  ['German', german],
  ['Arabic', arabic],
  ['Japanese', japanese],
];

const at = Date.UTC(2025, 10, 20, 12);
const interruptions: [string, ToolCallInterruption | undefined][] = [
  ['of which nothing is known', undefined],
  ['that had started', { type: 'started', at }],
  ['that had ended, with a result that was not kept', { type: 'ended', at }],
  ['that had not started', { type: 'never-started' }],
];

/** What the card of a call says in each of its slots. */
function show(
  call: ToolCall,
  { labels = {} as ToolCallLabelsOverride, plugins = {} as PluginFacts, Card = ToolCallCard } = {},
) {
  const { container } = render(
    <ToolCallLabelsProvider labels={labels}>
      <ToolCallsProvider value={createToolCalls(createBatch(call), { plugins })}>
        <Card callKey={call.key} />
      </ToolCallsProvider>
    </ToolCallLabelsProvider>,
  );
  return (slot: string) => container.querySelector(`[data-slot="tool-call-card-${slot}"]`)?.textContent;
}

/** The words that a language has for what is known. Every language has its own. */
function wordsFor(labels: ToolCallLabelsOverride, interruption: ToolCallInterruption | undefined): string {
  if (interruption === undefined) return String(labels.interruptedNote);
  return String(labels.interruptionNote?.[interruption.type]?.(new Date(at)));
}

describe.each(languages)('in %s', (_, labels) => {
  it.each(interruptions)('the card of a call %s says so', (_name, interruption) => {
    const own = labels.interruptedNote === undefined ? englishLabels : labels;
    const words = wordsFor(own, interruption);
    const call = interrupted('refund', { orderId: '42' }, interruption);
    expect(show(call, { labels })('note')).toBe(words);
    expect(show(call, { labels, Card: RegistryCard as typeof ToolCallCard })('note')).toBe(words);
  });

  it('the time of a start is written as people write it there', () => {
    const note = show(interrupted('refund', {}, { type: 'started', at }), { labels })('note');
    expect(note).toMatch(/2025|٢٠٢٥/);
  });
});

it('has words of its own in each language', () => {
  const all = languages.flatMap(([, labels]) => {
    const own = { ...englishLabels, ...labels };
    return [own.restored, own.runningElsewhere, ...interruptions.map(([, each]) => wordsFor(own, each))];
  });
  expect(new Set(all).size).toBe(all.length);
});

describe('a result that came back', () => {
  it('says so in its line', () => {
    expect(show(restored('getOrder', { orderId: '42' }, order))('detail')).toBe('42 – Restored after the reload');
  });

  it.each<[string, ToolCall]>([
    ['ran here', succeeded('getOrder', { orderId: '42' }, order)],
    ['had started before the reload, and ran again', { ...succeeded('getOrder', { orderId: '42' }, order), plugins: { journal: { restored: 'started' } } }],
    ['was restored, and ran again since', { ...succeeded('getOrder', { orderId: '42' }, order), plugins: { journal: { restored: 'settled' } } }],
  ])('is not said of one that %s', (_, call) => {
    expect(show(call)('detail')).toBe('42');
  }); // prettier-ignore
});

describe('calls that run in another tab', () => {
  const plugins = { tabs: { role: 'following' } };

  it('are said to by the card that stands alone', () => {
    expect(show(running('pay', { orderId: '42' }), { plugins })('detail')).toBe('42 – Running in another tab');
    expect(show(running('pay', { orderId: '42' }))('detail')).toBe('42');
  });

  it('say what they report themselves instead', () => {
    const call = running('pay', { orderId: '42' }, { message: 'Sending' });
    expect(show(call, { plugins })('detail')).toBe('42 – Sending');
  });

  it.each<[string, ToolCall[], number]>([
    ['one is at work', [running('pay', {}), queued('mail', {})], 1],
    ['none is', [succeeded('pay', {}, 1), failed('mail', {}, timedOut())], 0],
  ])('are said to once by their group, while %s', (_, calls, count) => {
    const shown = createBatch(...calls);
    render(
      <ToolCallsProvider value={createToolCalls(shown, { plugins })}>
        <ToolCallGroup batch={shown} defaultOpen />
      </ToolCallsProvider>,
    );
    expect(screen.queryAllByText('Running in another tab')).toHaveLength(count);
  });
});
