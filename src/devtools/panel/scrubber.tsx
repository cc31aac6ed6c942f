'use client';
/** Owns the way through the log: a slider over its entries, steps, and the way back to now. It moves the panel and never the page. */
import type { ReactNode } from 'react';
import type { ToolCallKey } from '../../core/tool-call.ts';
import type { LogEntry } from '../event-log.ts';
import { writeDuration, writeEntry } from './words.ts';

export interface ScrubberProps {
  nameOf: (key: ToolCallKey) => string | undefined;
  entries: readonly LogEntry[];
  /** The number of the entry that is shown, `undefined` for now. */
  position: number | undefined;
  onTravel: (position: number | undefined) => void;
}

export function Scrubber({ nameOf, entries, position, onTravel }: ScrubberProps): ReactNode {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return null;
  const at = Math.max(first.number, Math.min(last.number, position ?? last.number));
  const entry = entries[at - first.number];
  const travel = (to: number) => onTravel(Math.max(first.number, Math.min(last.number, to)));
  const { kind, detail } = entry === undefined ? { kind: '', detail: '' } : writeEntry(entry, nameOf);
  return (
    <footer className="scrubber" data-past={position !== undefined || undefined}>
      <button type="button" className="icon-button" aria-label="One event back" onClick={() => travel(at - 1)}>
        ‹
      </button>
      <button type="button" className="icon-button" aria-label="One event on" onClick={() => travel(at + 1)}>
        ›
      </button>
      <input
        type="range"
        aria-label="Time travel"
        aria-valuetext={`Event ${at - first.number + 1} of ${entries.length}: ${kind}`}
        min={first.number}
        max={last.number}
        value={at}
        onChange={(event) => travel(Number(event.target.value))}
      />
      <span className="moment">
        {position === undefined ? (
          <>now, {entries.length} events</>
        ) : (
          <>
            {at - first.number + 1} of {entries.length} · +{writeDuration((entry?.at ?? first.at) - first.at)} · {kind}{' '}
            {detail}
          </>
        )}
      </span>
      <button type="button" className="live" disabled={position === undefined} onClick={() => onTravel(undefined)}>
        Now
      </button>
    </footer>
  );
}
