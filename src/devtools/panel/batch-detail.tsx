'use client';
/** Owns what is shown of one step: its times, what it waited for from its first call to its last, and advice. */
import type { ReactNode } from 'react';
import { isBatchSettled, listCalls, measureCalls, selectRetryBlock } from '../../core/selectors.ts';
import type { ToolBatch } from '../../core/tool-call.ts';
import { listAdvice } from '../advice.ts';
import { findCriticalPath } from '../critical-path.ts';
import { Facts, Section } from './section.tsx';
import type { View } from './view.ts';
import { writeDuration, writePiece } from './words.ts';

export function BatchDetail({ view, batch }: { view: View; batch: ToolBatch }): ReactNode {
  const { record, reading, now, isPast } = view;
  const { host, details } = record.chat;
  const calls = listCalls(batch);
  const { wall, sequential, saved } = measureCalls(calls, now);
  const path = findCriticalPath(batch, reading.waits);
  const turn = reading.turns.find(({ batchKeys }) => batchKeys.includes(batch.key));
  const place = turn?.batchKeys.indexOf(batch.key) ?? 0;
  const answers = turn?.model.filter(({ phase }) => phase === 'answering') ?? [];
  const advice = listAdvice({
    batch,
    waits: reading.waits,
    policyOf: host.policyOf,
    concurrency: details?.getOptions().concurrency ?? (details === undefined ? undefined : 10),
    answeredAt: answers[place]?.to,
  });
  const length = path.length === 0 ? 0 : path.at(-1)!.to - path[0]!.from;
  return (
    <article className="detail" aria-label={`Step ${place + 1}`}>
      <header className="detail-head">
        <h2>Step {place + 1}</h2>
        <span className="badge">{calls.length === 1 ? '1 call' : `${calls.length} calls`}</span>
      </header>
      {!isPast && (
        <div className="acts" role="group" aria-label="Acts">
          <button
            type="button"
            disabled={calls.every((call) => selectRetryBlock(batch, call) !== undefined)}
            onClick={() => host.commands.retryFailed(batch)}
          >
            Retry failed
          </button>
          <button type="button" disabled={isBatchSettled(batch)} onClick={() => host.commands.cancelAll(batch)}>
            Cancel all
          </button>
        </div>
      )}
      <Section title="Advice">
        {advice.length === 0 ? (
          <p className="hint">Nothing: no call waited for long, and none failed.</p>
        ) : (
          <ul className="advice">
            {advice.map((words) => (
              <li key={words}>{renderCode(words)}</li>
            ))}
          </ul>
        )}
      </Section>
      {path.length > 0 && (
        <Section title="Critical path">
          <ol className="path">
            {path.map((piece) => (
              <li key={`${piece.call.key} ${piece.from}`} data-kind={piece.kind}>
                <span className="path-share" style={{ inlineSize: `${share(piece.to - piece.from, length)}%` }} />
                <span className="path-name">{piece.call.toolName}</span> {writePiece(piece)}{' '}
                <span className="time">
                  {writeDuration(piece.to - piece.from)} · {share(piece.to - piece.from, length)} %
                </span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      <Section title="Times">
        <Facts
          facts={[
            ['Together', writeDuration(wall)],
            ['One by one', writeDuration(sequential)],
            ['Saved', writeDuration(saved)],
            ['Sent to the model', batch.told === undefined ? (batch.halt ?? 'not yet') : 'yes'],
            ...(batch.heldBy === undefined ? [] : [['Held by', batch.heldBy.join(', ')] as const]),
            ['Message', batch.messageId],
          ]}
        />
      </Section>
    </article>
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.round((part / whole) * 100);
}

/** Names in backticks are code. */
function renderCode(words: string): ReactNode[] {
  return words.split('`').map((piece, index) => (index % 2 === 0 ? piece : <code key={index}>{piece}</code>));
}
