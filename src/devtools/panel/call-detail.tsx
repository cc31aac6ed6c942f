'use client';
/** Owns what is shown of one call, and what can be done to it. */
import { useEffect, useState, type ReactNode } from 'react';
import { useIsBefore } from '../../components/part/use-now.ts';
import { ToolCallValue } from '../../components/value/value.tsx';
import { renderText } from '../../components/words/hidden-characters.tsx';
import { checkInput } from '../../core/schema.ts';
import { selectRetryBlock } from '../../core/selectors.ts';
import { isAwaitingPerson, isSettled, type ToolCall } from '../../core/tool-call.ts';
import type { ToolCalls } from '../../core/tool-calls.ts';
import { readToolParts, type ToolPart } from '../../messages/message-parts.ts';
import { readUndoEnd, selectUndo } from '../../core/undo-facts.ts';
import { isSameJson } from '../../core/identical-calls.ts';
import { readSimulated } from '../faults.ts';
import { listCauses } from '../wait-graph.ts';
import { StatusIcon } from './call-list.tsx';
import { PolicyTable } from './policy-table.tsx';
import { Facts, Section } from './section.tsx';
import type { View } from './view.ts';
import { writeCause, writeDuration, writeStatus, writeWait } from './words.ts';

export interface CallDetailProps {
  view: View;
  call: ToolCall;
}

export function CallDetail({ view, call }: CallDetailProps): ReactNode {
  const { host } = view.record.chat;
  const simulated = readSimulated(call);
  const part = findPart(view, call);
  return (
    <article className="detail" aria-label={call.toolName}>
      <header className="detail-head">
        <h2>
          <StatusIcon call={call} /> {call.toolName}
        </h2>
        <span className="badge" data-status={call.status}>
          {writeStatus(call)}
        </span>
        {simulated !== undefined && <span className="simulated">simulated: {simulated}</span>}
      </header>
      <Acts view={view} call={call} commands={host.commands} />
      <Waits view={view} call={call} />
      {call.error !== undefined && <Failure call={call} />}
      <Section title="Input">
        <ToolCallValue value={call.input} />
        <ParsedInput view={view} call={call} />
      </Section>
      {call.output !== undefined && (
        <Section title={isSettled(call) ? 'Output' : 'Output so far'}>
          <ToolCallValue value={call.output} />
        </Section>
      )}
      <SentResult call={call} part={part} />
      <Attempts call={call} now={view.now} />
      <PolicyTable view={view} call={call} />
      <Section title="Identity" isFolded>
        <Facts
          facts={[
            ['Tool call id', call.toolCallId],
            ['Key', call.key],
            ['Message', call.messageId],
            ['Step', String(call.step)],
            ['Generation', String(call.generation)],
            ['Idempotency key', host.idempotencyKeyOf(call) ?? 'none'],
            ...(call.answeredBy === undefined ? [] : [['Answered by', call.answeredBy] as const]),
          ]}
        />
      </Section>
      <Requests view={view} call={call} />
      {part !== undefined && (
        <Section title="Message part" isFolded>
          <ToolCallValue value={part} />
        </Section>
      )}
      {call.plugins !== undefined && (
        <Section title="Noted by plugins" isFolded>
          <ToolCallValue value={call.plugins} />
        </Section>
      )}
    </article>
  );
}

/** What the chat's messages say of the call now: the past of messages is not kept. */
function findPart({ record, isPast }: View, call: ToolCall): ToolPart | undefined {
  if (isPast) return undefined;
  const message = record.chat.host.getMessages().find(({ id }) => id === call.messageId);
  return message && readToolParts(message).find(({ key }) => key === call.key)?.part;
}

function Acts({ view, call, commands }: CallDetailProps & { commands: ToolCalls }): ReactNode {
  const canUndo = useIsBefore(readUndoEnd(call));
  if (view.isPast) return <p className="hint">This is the past. Go back to now to do something with the call.</p>;
  const block = selectRetryBlock(view.state.batches[call.batchKey], call);
  const acts: [name: string, act: () => void, isOffered: boolean][] = [
    ['Approve', () => commands.approve(call), call.status === 'awaiting-approval'],
    ['Deny', () => commands.deny(call, 'Denied in the devtools'), call.status === 'awaiting-approval'],
    ['Run', () => commands.run(call), call.status === 'interrupted'],
    ['Retry', () => commands.retry(call), block === undefined],
    ['Skip', () => commands.skip(call), isAwaitingPerson(call) && call.status !== 'awaiting-approval'],
    ['Undo', () => commands.undo(call), canUndo],
    ['Cancel', () => commands.cancel(call), !isSettled(call) || selectUndo(call)?.status === 'undoing'],
  ];
  const offered = acts.filter(([, , isOffered]) => isOffered);
  if (offered.length === 0) return null;
  return (
    <div className="acts" role="group" aria-label="Acts">
      {offered.map(([name, act]) => (
        <button key={name} type="button" onClick={act}>
          {name}
        </button>
      ))}
      {call.status === 'awaiting-input' && <Answer call={call} commands={commands} />}
    </div>
  );
}

/** Answers a call of a tool without `execute`, by JSON or by words. */
function Answer({ call, commands }: { call: ToolCall; commands: ToolCalls }): ReactNode {
  const [text, setText] = useState('');
  return (
    <form
      className="answer"
      onSubmit={(event) => {
        event.preventDefault();
        commands.respond(call, readJson(text));
      }}
    >
      <input
        aria-label="Answer"
        placeholder="Answer, as JSON"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">Answer</button>
    </form>
  );
}

/** A value that a person wrote: JSON, or a text. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function Waits({ view, call }: CallDetailProps): ReactNode {
  const spans = view.reading.waits.get(call.key) ?? [];
  const isWaiting = call.status === 'queued' || isAwaitingPerson(call);
  if (spans.length === 0 && !isWaiting) return null;
  const causes = isWaiting ? listCauses(view.state, call) : [];
  return (
    <Section title={isWaiting ? 'Why it waits' : 'Waited'}>
      {causes.length > 0 && (
        <ol className="causes">
          {causes.map((cause, index) => (
            <li key={index}>
              {writeCause(cause, index, view.now)}
              {cause.by !== undefined && ` (${cause.by.toolCallId}, ${writeStatus(cause.by).toLowerCase()})`}
            </li>
          ))}
        </ol>
      )}
      <Facts
        facts={spans
          .filter(({ from, to }) => (to ?? view.now) - from >= 1)
          .map(
            ({ wait, from, to }) => [`for ${writeWait(wait, from)}`, writeDuration((to ?? view.now) - from)] as const,
          )}
      />
    </Section>
  );
}

function Failure({ call }: { call: ToolCall }): ReactNode {
  const { error } = call;
  if (error === undefined) return null;
  const { kind, message, status, retryAfter, cause } = error;
  return (
    <Section title="Error">
      <p className="error">{renderText(message)}</p>
      <Facts
        facts={[
          ['Kind', kind],
          ...(status === undefined ? [] : [['HTTP status', String(status)] as const]),
          ...(retryAfter === undefined ? [] : [['Retry after', writeDuration(retryAfter)] as const]),
        ]}
      />
      {cause !== undefined && (
        <details>
          <summary>Cause</summary>
          {cause instanceof Error ? (
            <pre className="stack">{cause.stack ?? String(cause)}</pre>
          ) : (
            <ToolCallValue value={cause} />
          )}
        </details>
      )}
    </Section>
  );
}

/** What the tool got, where its schema made something else of the input. */
function ParsedInput({ view, call }: CallDetailProps): ReactNode {
  const [parsed, setParsed] = useState<{ readonly input: unknown; readonly value: unknown }>();
  const schema = view.record.chat.details?.getOptions().tools[call.toolName]?.inputSchema;
  const { input } = call;
  useEffect(() => {
    if (schema === undefined) return undefined;
    let isCurrent = true;
    void Promise.resolve(checkInput(schema, input)).then((result) => {
      if (isCurrent) setParsed(result.success ? { input, value: result.value } : undefined);
    });
    return () => void (isCurrent = false);
  }, [schema, input]);
  if (parsed === undefined || parsed.input !== input || isSame(parsed.value, input)) return null;
  return (
    <>
      <h3>As the tool gets it</h3>
      <ToolCallValue value={parsed.value} />
    </>
  );
}

function isSame(left: unknown, right: unknown): boolean {
  try {
    return isSameJson(left, right);
  } catch {
    return false;
  }
}

/** What the message carries, where that is not the tool's own output. */
function SentResult({ call, part }: { call: ToolCall; part: ToolPart | undefined }): ReactNode {
  if (part === undefined || !isSettled(call)) return null;
  if (part.state === 'output-error')
    return (
      <Section title="The model reads">
        <p className="error">{renderText(part.errorText ?? '')}</p>
      </Section>
    );
  if (part.state !== 'output-available') return <p className="hint">Nothing is written into the message yet.</p>;
  if (isSame(part.output, call.output)) return <p className="hint">The model reads the output as it is.</p>;
  return (
    <Section title="The model reads">
      <ToolCallValue value={part.output} />
    </Section>
  );
}

function Attempts({ call, now }: { call: ToolCall; now: number }): ReactNode {
  const runs = [...(call.earlierRuns ?? []), { attempts: call.attempts }];
  const attempts = runs.flatMap((run, index) => run.attempts.map((attempt) => ({ attempt, run: index })));
  if (attempts.length === 0) return null;
  return (
    <Section title={attempts.length === 1 ? 'Attempt' : `${attempts.length} attempts`}>
      <Facts
        facts={attempts.map(({ attempt: { startedAt, endedAt, error }, run }) => [
          `${new Date(startedAt).toLocaleTimeString()}${runs.length > 1 ? `, run ${run + 1}` : ''}`,
          `${writeDuration((endedAt ?? now) - startedAt)}${error === undefined ? '' : `: ${error.message}`}`,
        ])}
      />
    </Section>
  );
}

/** The requests of the call's turn: the question, and the follow-ups that carried results. */
function Requests({ view, call }: CallDetailProps): ReactNode {
  const turn = view.reading.turns.find(({ batchKeys }) => batchKeys.includes(call.batchKey));
  if (turn === undefined || turn.requests.length === 0) return null;
  return (
    <Section
      title={`${turn.requests.length} ${turn.requests.length === 1 ? 'request' : 'requests'} of this turn`}
      isFolded
    >
      {turn.requests.map(({ at, question, messages, body }, index) => (
        <div key={index}>
          <h3>
            {question === undefined ? 'Follow-up' : 'Question'} at {new Date(at).toLocaleTimeString()},{' '}
            {messages.length} {messages.length === 1 ? 'message' : 'messages'}
          </h3>
          {body !== undefined && Object.keys(body).length > 0 && <ToolCallValue value={body} />}
        </div>
      ))}
    </Section>
  );
}
