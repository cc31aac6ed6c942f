/** Owns the lines of the list: turns, their steps and the calls in them, those that the filter lets through, each with what is drawn of its time. Pure. */
import { createSpanScale, type TimelineScale } from '../../components/spans/scale.ts';
import { isAtWork, listSpans, type TimelineSpan } from '../../components/spans/spans.ts';
import { summarizeInput } from '../../components/value/summarize-input.ts';
import { listCalls, measureCall } from '../../core/selectors.ts';
import { isAwaitingPerson, type ToolBatch, type ToolCall } from '../../core/tool-call.ts';
import type { Turn } from '../turns.ts';
import type { View } from './view.ts';

export type StatusFilter = 'all' | 'active' | 'person' | 'failed' | 'done';

export interface Filter {
  /** Found in the tool's name, the call's id or the input. */
  readonly text: string;
  readonly status: StatusFilter;
  /** Calls that took at least so long (ms). */
  readonly longerThan: number;
}

export const NO_FILTER: Filter = { text: '', status: 'all', longerThan: 0 };

/** A stretch that is drawn: of a call, or of the model. */
export interface RowSpan extends Omit<TimelineSpan, 'phase'> {
  readonly phase: TimelineSpan['phase'] | 'person' | 'asked' | 'answering';
}

interface RowBase {
  readonly key: string;
  readonly spans: readonly RowSpan[];
  readonly scale: TimelineScale;
}
export type TurnRow = RowBase & { readonly type: 'turn'; readonly turn: Turn; readonly count: number };
export type BatchRow = RowBase & { readonly type: 'batch'; readonly batch: ToolBatch; readonly place: number };
export type CallRow = RowBase & { readonly type: 'call'; readonly call: ToolCall; readonly input: string };
export type Row = TurnRow | BatchRow | CallRow;

/** The lines, the latest turn first. */
export function listRows(view: View, filter: Filter): Row[] {
  return view.reading.turns.toReversed().flatMap((turn) => listTurn(view, turn, filter));
}

function listTurn(view: View, turn: Turn, filter: Filter): Row[] {
  const { state, now, isPast } = view;
  const batches = turn.batchKeys.flatMap((key) => state.batches[key] ?? []);
  const shown = batches.map((batch) => listCalls(batch).filter((call) => isMeant(call, filter, now)));
  const isFiltered = filter.text !== '' || filter.status !== 'all' || filter.longerThan > 0;
  if (isFiltered && shown.every((calls) => calls.length === 0)) return [];
  const model = turn.model.map(({ phase, from, to }): RowSpan => ({
    phase,
    from,
    to: to ?? now,
    ...(to === undefined && !isPast && { isLive: true }),
  }));
  const all = batches.flatMap(listCalls);
  const work = [...model, ...all.flatMap((call) => listSpans(call, now))];
  const scale = createSpanScale(work);
  const rows: Row[] = [{ type: 'turn', key: turn.key, turn, spans: model, scale, count: all.length }];
  batches.forEach((batch, index) => {
    const calls = shown[index] ?? [];
    if (calls.length === 0) return;
    rows.push({ type: 'batch', key: `batch:${batch.key}`, batch, place: index + 1, spans: [], scale });
    for (const call of calls) {
      rows.push({
        type: 'call',
        key: call.key,
        call,
        input: summarizeInput(call.input, 60),
        spans: [...listPersonSpans(view, call), ...listSpans(call, now)],
        scale,
      });
    }
  });
  return rows;
}

function listPersonSpans({ reading, now }: View, call: ToolCall): RowSpan[] {
  return (reading.waits.get(call.key) ?? [])
    .filter(({ wait }) => wait.type === 'person')
    .map(({ from, to }) => ({ phase: 'person', from, to: to ?? now, ...(to === undefined && { isLive: true }) }));
}

function isMeant(call: ToolCall, { text, status, longerThan }: Filter, now: number): boolean {
  if (longerThan > 0 && (measureCall(call, now) ?? 0) < longerThan) return false;
  if (!STATUSES[status](call)) return false;
  const needle = text.trim().toLowerCase();
  if (needle === '') return true;
  const words = [call.toolName, call.title ?? '', call.toolCallId, summarizeInput(call.input)];
  return words.some((word) => word.toLowerCase().includes(needle));
}

const STATUSES: Record<StatusFilter, (call: ToolCall) => boolean> = {
  all: () => true,
  active: isAtWork,
  person: isAwaitingPerson,
  failed: ({ status }) => status === 'failed' || status === 'cancelled' || status === 'denied',
  done: ({ status }) => status === 'succeeded',
};
