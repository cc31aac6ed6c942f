// Owns the side panel that shows the store live: each batch as a timeline, what its calls wait for, and the events as they come.
import { useEffect, useState } from 'react';
import { ToolCallTimeline, useToolCalls, type ToolBatch } from 'use-parallel-tools';
import { selectToolCall } from 'use-parallel-tools/core';
import { CloseIcon } from './icons.tsx';
import { changeSettings } from './settings.ts';
import './inspector.css';

/** How many events are kept; older ones scroll away. */
const keptEvents = 60;

export function Inspector() {
  const batches = useToolCalls((state) => state.batches);
  const events = useEvents();
  const latestFirst = Object.values(batches).toReversed();
  return (
    <aside className="inspector" aria-label="Tool calls, live">
      <header>
        <h2>Tool calls, live</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close"
          title="Close"
          onClick={() => changeSettings({ inspector: false })}
        >
          <CloseIcon />
        </button>
      </header>
      {latestFirst.length === 0 && <p className="hint">Ask something: every call shows up here as it happens.</p>}
      {latestFirst.map((batch) => (
        <BatchState key={batch.key} batch={batch} />
      ))}
      {events.length > 0 && (
        <section>
          <h3>Events</h3>
          {/* Not a log to assistive technology: the groups announce what matters. What scrolls is reached by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <ol className="events" tabIndex={0} aria-label="Events, the latest first">
            {events.map(({ number, type, about }) => (
              <li key={number}>
                <code>{type}</code> <span>{about}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </aside>
  );
}

function BatchState({ batch }: { batch: ToolBatch }) {
  return (
    <section>
      <h3>
        Step {batch.step + 1} <span>{batch.halt ?? (batch.streaming ? 'the model writes' : '')}</span>
      </h3>
      <ToolCallTimeline batch={batch} density="compact" />
    </section>
  );
}

interface ShownEvent {
  number: number;
  type: string;
  /** The tool whose call the event is about. */
  about: string;
}

function useEvents(): ShownEvent[] {
  const { store, subscribe } = useToolCalls();
  const [events, setEvents] = useState<ShownEvent[]>([]);
  useEffect(
    () =>
      subscribe((event) => {
        const key = event.type === 'call-added' ? event.call.key : 'key' in event ? event.key : '';
        const about = selectToolCall(store.getState(), key)?.toolName ?? '';
        setEvents((shown) =>
          [{ number: (shown[0]?.number ?? 0) + 1, type: event.type, about }, ...shown].slice(0, keptEvents),
        );
      }),
    [store, subscribe],
  );
  return events;
}
