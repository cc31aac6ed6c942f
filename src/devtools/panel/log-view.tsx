'use client';
/** Owns the log on screen: each event on a line, and the way to the moment at which it happened. */
import { useState, type ReactNode } from 'react';
import type { ToolCallKey } from '../../core/tool-call.ts';
import type { LogEntry } from '../event-log.ts';
import { VirtualList } from './virtual-list.tsx';
import { writeDuration, writeEntry } from './words.ts';

export interface LogViewProps {
  entries: readonly LogEntry[];
  nameOf: (key: ToolCallKey) => string | undefined;
  /** How many of them are over at the moment that is shown. */
  count: number;
  isPast: boolean;
  onTravel: (entry: LogEntry) => void;
  /** What can be done with the log as a whole. */
  session: ReactNode;
}

const ROW_HEIGHT = 24;

export function LogView({ entries, nameOf, count, isPast, onTravel, session }: LogViewProps): ReactNode {
  const [text, setText] = useState('');
  const needle = text.trim().toLowerCase();
  const shown = needle === '' ? [...entries] : entries.filter((entry) => isFound(entry, needle, nameOf));
  const first = entries[0]?.at ?? 0;
  const current = entries[count - 1];
  return (
    <div className="calls">
      <div className="bar">
        <input
          className="search"
          type="search"
          aria-label="Search events"
          placeholder="Event, tool or id"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="note">
          {shown.length} of {entries.length} events
        </span>
        <span className="space" />
        {session}
      </div>
      {shown.length === 0 ? (
        <p className="empty">No event {entries.length === 0 ? 'yet' : 'passes the search'}.</p>
      ) : (
        <VirtualList
          label="Events"
          items={shown}
          rowHeight={ROW_HEIGHT}
          keyOf={(entry) => String(entry.number)}
          selectedKey={isPast && current !== undefined ? String(current.number) : undefined}
          onSelect={onTravel}
          followsEnd={!isPast}
        >
          {(entry) => (
            <Line
              entry={entry}
              nameOf={nameOf}
              first={first}
              isAhead={current !== undefined && entry.number > current.number}
            />
          )}
        </VirtualList>
      )}
    </div>
  );
}

function isFound(entry: LogEntry, needle: string, nameOf: LogViewProps['nameOf']): boolean {
  const { kind, detail } = writeEntry(entry, nameOf);
  return `${kind} ${detail}`.toLowerCase().includes(needle);
}

interface LineProps extends Pick<LogViewProps, 'nameOf'> {
  entry: LogEntry;
  first: number;
  /** It has yet to happen at the moment that is shown. */
  isAhead: boolean;
}

function Line({ entry, nameOf, first, isAhead }: LineProps): ReactNode {
  const { kind, detail } = writeEntry(entry, nameOf);
  return (
    <div className="event" data-type={entry.type} data-ahead={isAhead || undefined}>
      <span className="time">+{writeDuration(entry.at - first)}</span>
      <span className="event-kind">{kind}</span>
      <span className="event-detail">{detail}</span>
    </div>
  );
}
