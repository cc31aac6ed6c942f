'use client';
/** Owns the state of the scheduler on screen: slots, locks with their lines, rate limits, results that are used again, and why the next call does not start. */
import type { ReactNode } from 'react';
import { summarizeInput } from '../../components/value/summarize-input.ts';
import { renderText } from '../../components/words/hidden-characters.tsx';
import type { ToolCall } from '../../core/tool-call.ts';
import { listFreshResults, type FreshResult } from '../fresh-results.ts';
import { buildWaitGraph, type LockLine, type RateWindow, type SlotUse, type WaitGraph } from '../wait-graph.ts';
import { StatusIcon } from './call-list.tsx';
import type { View } from './view.ts';
import { writeCause, writeDuration, writeStatus } from './words.ts';

export interface WaitsViewProps {
  view: View;
  onSelect: (key: string) => void;
}

export function WaitsView({ view, onSelect }: WaitsViewProps): ReactNode {
  const { record, state, now } = view;
  const { host, details } = record.chat;
  const concurrency = details === undefined ? undefined : (details.getOptions().concurrency ?? 10);
  const graph = buildWaitGraph({ state, policyOf: host.policyOf, concurrency, now });
  return (
    <div className="waits-view">
      <Next graph={graph} now={now} onSelect={onSelect} />
      <section className="panel-box" aria-label="Slots">
        <h2>Slots</h2>
        <Meter name="All tools" use={graph.slots} onSelect={onSelect} />
        {graph.tools.map((use) => (
          <Meter key={use.toolName} name={use.toolName} use={use} onSelect={onSelect} />
        ))}
        {graph.groups.map(({ toolName, calls }) => (
          <p key={calls[0]?.key} className="hint">
            {calls.length} calls of {toolName} run as one request.
          </p>
        ))}
      </section>
      <section className="panel-box" aria-label="Locks">
        <h2>Locks</h2>
        {graph.locks.length === 0 ? <p className="hint">No key is locked.</p> : null}
        {graph.locks.map((lock) => (
          <Lock key={lock.key} lock={lock} onSelect={onSelect} />
        ))}
      </section>
      <section className="panel-box" aria-label="Rate limits">
        <h2>Rate limits</h2>
        {graph.rates.length === 0 ? <p className="hint">No tool that was called has one.</p> : null}
        {graph.rates.map((rate) => (
          <Rate key={rate.key} rate={rate} now={now} onSelect={onSelect} />
        ))}
      </section>
      <FreshResults view={view} />
      {graph.people.length > 0 && (
        <section className="panel-box" aria-label="Waiting for a person">
          <h2>Waiting for a person</h2>
          <Calls calls={graph.people} onSelect={onSelect} />
        </section>
      )}
    </div>
  );
}

function Next({ graph, now, onSelect }: { graph: WaitGraph; now: number; onSelect: (key: string) => void }): ReactNode {
  const { next } = graph;
  return (
    <section className="panel-box next" aria-label="Next call">
      <h2>Why the next call does not start</h2>
      {next === undefined ? (
        <p className="hint">No call waits to start.</p>
      ) : (
        <>
          <Calls calls={[next.call]} onSelect={onSelect} />
          <ol className="causes">
            {next.causes.map((cause, index) => (
              <li key={index}>
                {writeCause(cause, index, now)}
                {cause.by !== undefined && <Calls calls={[cause.by]} onSelect={onSelect} />}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Calls({ calls, onSelect }: { calls: readonly ToolCall[]; onSelect: (key: string) => void }): ReactNode {
  return (
    <span className="chips">
      {calls.map((call) => (
        <button key={call.key} type="button" className="chip" onClick={() => onSelect(call.key)}>
          <StatusIcon call={call} /> {call.toolName} <span className="input">{call.toolCallId}</span>
          <span className="spoken"> {writeStatus(call)}</span>
        </button>
      ))}
    </span>
  );
}

/** More places than this are a bar. */
const MOST_CELLS = 24;

function Meter({ name, use, onSelect }: { name: string; use: SlotUse; onSelect: (key: string) => void }): ReactNode {
  const { used, limit, waiting } = use;
  const isDrawn = limit !== undefined && limit <= MOST_CELLS;
  return (
    <div className="meter">
      <span className="meter-name">{name}</span>
      {isDrawn && (
        <span className="cells" aria-hidden="true">
          {Array.from({ length: limit }, (_, index) => (
            <span key={index} className="cell" data-used={index < used || undefined} />
          ))}
        </span>
      )}
      <span className="note">
        {used} of {limit === undefined ? 'an unknown limit' : limit === Infinity ? 'no limit' : limit}
        {waiting.length > 0 && `, ${waiting.length} waiting`}
      </span>
      <Calls calls={waiting} onSelect={onSelect} />
    </div>
  );
}

function Lock({ lock, onSelect }: { lock: LockLine; onSelect: (key: string) => void }): ReactNode {
  const isWritten = lock.holders.some(({ mode }) => mode === 'write');
  return (
    <div className="lock">
      <code className="lock-key">{lock.key}</code>
      <span className="note">{lock.holders.length === 0 ? 'free' : isWritten ? 'written by' : 'read by'}</span>
      <Calls calls={lock.holders.map(({ call }) => call)} onSelect={onSelect} />
      {lock.line.length > 0 && (
        <>
          <span className="note">then</span>
          <Calls calls={lock.line.map(({ call }) => call)} onSelect={onSelect} />
        </>
      )}
    </div>
  );
}

function Rate({ rate, now, onSelect }: { rate: RateWindow; now: number; onSelect: (key: string) => void }): ReactNode {
  const { key, limit, interval, used, opensAt, waiting } = rate;
  return (
    <div className="lock">
      <code className="lock-key">{key}</code>
      <span className="note">
        {used} of {limit} in {writeDuration(interval)}
        {opensAt !== undefined && opensAt > now && `, opens in ${writeDuration(opensAt - now)}`}
      </span>
      <Calls calls={waiting} onSelect={onSelect} />
    </div>
  );
}

/** More than these are counted. */
const MOST_RESULTS = 50;

function FreshResults({ view: { record, isPast, now } }: { view: View }): ReactNode {
  const { host, details } = record.chat;
  // What was kept in the past is not recorded.
  if (details === undefined || isPast) return null;
  const results = listFreshResults({ results: details.listResults(), policyOf: host.policyOf, now });
  if (results.length === 0) return null;
  return (
    <section className="panel-box" aria-label="Kept results">
      <h2>Kept results</h2>
      <ul className="results">
        {results.slice(0, MOST_RESULTS).map((result, index) => (
          <li key={index} className="lock">
            <strong>{result.toolName}</strong>
            <span className="input">{renderText(summarizeInput(result.input, 60))}</span>
            <span className="note">{writeFreshness(result)}</span>
          </li>
        ))}
      </ul>
      {results.length > MOST_RESULTS && <p className="hint">And {results.length - MOST_RESULTS} older ones.</p>}
    </section>
  );
}

function writeFreshness({ age, freshFor, keys }: FreshResult): string {
  const old = `${writeDuration(age)} old`;
  if (freshFor === 0) return `${old}: stale, so the next call runs`;
  const ends = [
    ...(freshFor === Infinity ? [] : [`in ${writeDuration(freshFor)}`]),
    ...keys.map((key) => `when ${key} is written`),
  ];
  return ends.length === 0 ? `${old}, never stale` : `${old}, stale ${ends.join(' or ')}`;
}
