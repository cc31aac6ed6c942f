import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { expect, it } from 'vitest';
import * as Timeline from '../../src/components/tool-call-timeline.parts.ts';
import type { ToolBatch } from '../../src/core/tool-call.ts';
import { ToolCallsProvider } from '../../src/react/tool-calls-context.ts';
import { finished } from '../../stories/fixtures/timed-calls.ts';
import { createToolCalls } from '../../stories/fixtures/tool-calls.ts';
import { describeConformance } from './conformance.tsx';

const parts = { ...Timeline };
const shown: ToolBatch = finished();
const first = shown.calls[shown.order[0] ?? ''];

const inTimeline = (part: ReactElement) => (
  <ToolCallsProvider value={createToolCalls(shown)}>
    <Timeline.Root batch={shown}>{part}</Timeline.Root>
  </ToolCallsProvider>
);
const inRow = (part: ReactElement) => {
  if (first === undefined) throw new Error('The batch is empty.');
  return inTimeline(<Timeline.Row call={first}>{part}</Timeline.Row>);
};

const part = (
  name: keyof typeof parts,
  slot: string,
  wrap: (part: ReactElement) => ReactElement = inTimeline,
  more: object = {},
) =>
  describeConformance(`ToolCallTimeline${name}`, {
    part: parts[name] as never,
    slot,
    status: 'succeeded',
    folds: false,
    wrap,
    ...more,
  });

part('Axis', 'tool-call-timeline-axis');
part('List', 'tool-call-timeline-list', inTimeline, { takesChild: false });
part('Row', 'tool-call-timeline-row', inTimeline, { props: { call: first } });
part('Label', 'tool-call-timeline-label', inRow);
part('Track', 'tool-call-timeline-track', inRow);
part('Time', 'tool-call-timeline-time', inRow);
part('Summary', 'tool-call-timeline-summary');
part('Legend', 'tool-call-timeline-legend');
part('Root', 'tool-call-timeline', (root) => (
  <ToolCallsProvider value={createToolCalls(shown)}>{root}</ToolCallsProvider>
), { props: { batch: shown } }); // prettier-ignore

it('says what to do when a part stands outside its timeline or its line', () => {
  expect(() => render(<Timeline.Axis />)).toThrow('Put it inside <ToolCallTimelineRoot batch={batch}>');
  expect(() => render(<Timeline.Track />)).toThrow('Put it inside <ToolCallTimelineRow call={call}>');
});
