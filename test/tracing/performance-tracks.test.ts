// The phases of a call's time, as rows, and what of them the panel is told.
import { expect, it } from 'vitest';
import { listPhases } from '../../src/tracing/performance-tracks.ts';
import { readTraceparent, writeTraceparent } from '../../src/tracing/spans.ts';

type Row = [name: string, events: [string, number, string?][], phases: string[]];

it.each<Row>([
  ['a call that never ran', [], ['queued 0-100']],
  ['a call that waited and ran', [['attempt.started', 20]], ['queued 0-20', 'running 20-100']],
  ['a call that ran at once', [['attempt.started', 0]], ['running 0-100']],
  ['a call that was tried twice', [['attempt.started', 10], ['attempt.failed', 30], ['attempt.started', 60]], ['queued 0-10', 'running 10-30', 'backoff 30-60', 'running 60-100']],
  ['a call that ended while it waited for its next attempt', [['attempt.started', 10], ['attempt.failed', 30]], ['queued 0-10', 'running 10-30', 'backoff 30-100']],
  ['a call that waited for a lock', [['waiting', 5, 'slot'], ['waiting', 10, 'lock'], ['attempt.started', 50]], ['queued 0-10', 'locked 10-50', 'running 50-100']],
  ['a call with other events', [['waiting', 5], ['approval.required', 6], ['attempt.started', 50]], ['queued 0-50', 'running 50-100']],
])('%s has its phases', (_, events, phases) => {
  const trace = { name: '', traceId: '', spanId: '', startTime: 0, endTime: 100, isError: false, attributes: {} };
  const found = listPhases({ ...trace, events: events.map(([name, at, wait]) => ({ name, at, attributes: { 'wait.type': wait ?? '' } })) });
  expect(found.map(({ phase, from, to }) => `${phase} ${from}-${to}`)).toEqual(phases);
}); // prettier-ignore

const TRACE = 'a'.repeat(32);
const SPAN = 'b'.repeat(16);
it.each<[string, unknown, boolean]>([
  ['as it should be', `00-${TRACE}-${SPAN}-01`, true],
  ['of a later version', `01-${TRACE}-${SPAN}-01-more`, true],
  ['of the version that is none', `ff-${TRACE}-${SPAN}-01`, false],
  ['without a trace', `00-${'0'.repeat(32)}-${SPAN}-01`, false],
  ['without a span', `00-${TRACE}-${'0'.repeat(16)}-01`, false],
  ['in capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`, false],
  ['that is no text', { traceId: TRACE }, false],
  ['that is not there', undefined, false],
])('a traceparent %s', (_, text, isRead) => {
  const context = readTraceparent(text)?.spanContext();
  expect(context !== undefined).toBe(isRead);
  if (context !== undefined) expect(writeTraceparent(context)).toBe(`00-${TRACE}-${SPAN}-01`);
});
