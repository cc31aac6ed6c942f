'use client';
/** Owns the list of calls beside the time axis of their turn, and its filters. */
import type { ReactNode } from 'react';
import { drawingAttributes, StatusDrawing } from '../../components/part/icons.tsx';
import { renderBars, spanStyle } from '../../components/spans/bars.tsx';
import { listTicks, toFraction } from '../../components/spans/scale.ts';
import { renderText } from '../../components/words/hidden-characters.tsx';
import { listCalls, measureCall, measureCalls } from '../../core/selectors.ts';
import type { ToolCall } from '../../core/tool-call.ts';
import { readSimulated } from '../faults.ts';
import { listRows, type Filter, type Row, type RowSpan, type StatusFilter } from './rows.ts';
import type { View } from './view.ts';
import { VirtualList } from './virtual-list.tsx';
import { writeDuration, writeStatus, writeWait } from './words.ts';

export interface CallListProps {
  view: View;
  filter: Filter;
  onFilter: (filter: Filter) => void;
  selectedKey: string | undefined;
  onSelect: (key: string) => void;
}

const ROW_HEIGHT = 28;

const STATUS_FILTERS: Record<StatusFilter, string> = {
  all: 'All',
  active: 'Active',
  person: 'Needs a person',
  failed: 'Failed',
  done: 'Done',
};

const DURATIONS: readonly [ms: number, words: string][] = [
  [0, 'Any duration'],
  [100, '≥ 100 ms'],
  [1000, '≥ 1 s'],
  [10_000, '≥ 10 s'],
];

export function CallList({ view, filter, onFilter, selectedKey, onSelect }: CallListProps): ReactNode {
  const rows = listRows(view, filter);
  return (
    <div className="calls">
      <Filters filter={filter} onFilter={onFilter} />
      {rows.length === 0 ? (
        <p className="empty">
          {view.calls.length === 0
            ? 'No tool calls yet. They appear here as soon as the model makes the first.'
            : 'No call passes the filter.'}
        </p>
      ) : (
        <VirtualList
          label="Tool calls"
          items={rows}
          rowHeight={ROW_HEIGHT}
          keyOf={(row) => row.key}
          selectedKey={selectedKey}
          onSelect={(row) => onSelect(row.key)}
        >
          {(row) => <RowContent row={row} now={view.now} />}
        </VirtualList>
      )}
      <Legend />
    </div>
  );
}

function Filters({ filter, onFilter }: Pick<CallListProps, 'filter' | 'onFilter'>): ReactNode {
  // SAFETY: the keys of the record above.
  const statuses = Object.keys(STATUS_FILTERS) as StatusFilter[];
  return (
    <div className="bar">
      <input
        className="search"
        type="search"
        aria-label="Search calls"
        placeholder="Tool, id or input"
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
      />
      <div className="segments" role="group" aria-label="Status">
        {statuses.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={filter.status === status}
            onClick={() => onFilter({ ...filter, status })}
          >
            {STATUS_FILTERS[status]}
          </button>
        ))}
      </div>
      <select
        aria-label="Duration"
        value={filter.longerThan}
        onChange={(event) => onFilter({ ...filter, longerThan: Number(event.target.value) })}
      >
        {DURATIONS.map(([ms, words]) => (
          <option key={ms} value={ms}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

function RowContent({ row, now }: { row: Row; now: number }): ReactNode {
  switch (row.type) {
    case 'turn':
      return <TurnContent row={row} />;
    case 'batch':
      return <BatchContent row={row} now={now} />;
    case 'call':
      return <CallContent row={row} now={now} />;
    default:
      return row satisfies never;
  }
}

function TurnContent({ row }: { row: Extract<Row, { type: 'turn' }> }): ReactNode {
  const { turn, spans, scale, count } = row;
  const { unit, ticks } = listTicks(scale);
  const sent = turn.requests.length;
  return (
    <div className="row" data-type="turn">
      <span className="name">
        <span className="question">
          {turn.question === undefined ? 'Before the devtools' : renderText(turn.question || 'A message')}
        </span>
      </span>
      <span className="note">
        {count} {count === 1 ? 'call' : 'calls'} · {sent} {sent === 1 ? 'request' : 'requests'}
      </span>
      <span className="track" data-axis="">
        {ticks.slice(1).map(({ at, value }, index) => (
          <span key={at} className="tick" style={spanStyle(at, at)} data-last={index === ticks.length - 2 || undefined}>
            {Number(value.toPrecision(3))} {index === ticks.length - 2 && UNITS[unit]}
          </span>
        ))}
        {drawSpans(spans, row)}
      </span>
    </div>
  );
}

const UNITS = { millisecond: 'ms', second: 's', minute: 'min' };

function BatchContent({ row, now }: { row: Extract<Row, { type: 'batch' }>; now: number }): ReactNode {
  const { batch, place } = row;
  const calls = listCalls(batch);
  const { wall, saved } = measureCalls(calls, now);
  const state = batch.halt ?? (batch.streaming ? 'streaming' : batch.told === undefined ? 'not sent' : 'sent');
  return (
    <div className="row" data-type="batch">
      <span className="name">Step {place}</span>
      <span className="note">
        {calls.length} {calls.length === 1 ? 'call' : 'calls'} · {state}
      </span>
      <span className="track note">
        {wall > 0 && `${writeDuration(wall)} together`}
        {saved >= 50 && `, ${writeDuration(wall + saved)} one by one`}
      </span>
    </div>
  );
}

function CallContent({ row, now }: { row: Extract<Row, { type: 'call' }>; now: number }): ReactNode {
  const { call, input, spans } = row;
  const simulated = readSimulated(call);
  return (
    <div className="row" data-type="call" data-status={call.status}>
      <span className="name">
        <StatusIcon call={call} />
        <span className="tool">{call.toolName}</span>
        <span className="input">{renderText(input)}</span>
        {simulated !== undefined && <span className="simulated">simulated</span>}
      </span>
      <span className="note">
        {call.status === 'queued' && call.waitingFor !== undefined ? (
          <span className="waits" title={`Waits for ${writeWait(call.waitingFor, now)}`}>
            {writeWait(call.waitingFor, now)}
          </span>
        ) : (
          <>
            <span className="status">{writeStatus(call)}</span>
            {writeTime(call, now)}
          </>
        )}
      </span>
      <span className="track">{drawSpans(spans, row)}</span>
    </div>
  );
}

export function StatusIcon({ call }: { call: ToolCall }): ReactNode {
  return (
    <svg {...drawingAttributes} className="icon" data-status={call.status}>
      <StatusDrawing status={call.status} />
    </svg>
  );
}

function writeTime(call: ToolCall, now: number): ReactNode {
  const time = measureCall(call, now);
  return time === undefined ? null : <span className="time">{writeDuration(time)}</span>;
}

function drawSpans(spans: readonly RowSpan[], { scale }: Pick<Row, 'scale'>): ReactNode {
  return renderBars(spans, (at) => toFraction(scale, at));
}

const LEGEND = [
  ['asked', 'model asked'],
  ['answering', 'model answers'],
  ['queued', 'waits'],
  ['person', 'waits for a person'],
  ['running', 'runs'],
  ['backoff', 'backs off'],
] as const;

function Legend(): ReactNode {
  return (
    <div className="legend">
      {LEGEND.map(([phase, words]) => (
        <span key={phase} className="key" data-phase={phase}>
          {words}
        </span>
      ))}
    </div>
  );
}
