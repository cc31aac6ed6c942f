/** Owns what a recorded session says about the model: its answer to each request, as parts of a script that come when they came. */
import type { UIMessage, UIMessageChunk } from 'ai';
import type { ToolCallKey } from '../core/tool-call.ts';
import { getToolPartName, isToolPart, readWord, type ToolPart } from '../messages/message-parts.ts';
import { isStepStart, partsOf, readApproval } from '../messages/part-fields.ts';
import { listSnapshots, type SessionEntry, type SessionRecording } from '../session/recording.ts';
import { fails, finishes, says, writes, type ScriptPart } from './script.ts';
import type { TestClock } from './test-clock.ts';

/** One answer of the recorded model. */
export interface RecordedAnswer {
  readonly messageId: string | undefined;
  readonly parts: readonly ScriptPart[];
}

/** The model's answers in order, one for each recorded request. */
export function readAnswers(recording: SessionRecording, clock: TestClock): RecordedAnswer[] {
  const { log, startedAt } = recording;
  const snapshots = listSnapshots(recording);
  const starts = log.flatMap(({ type }, index) => (type === 'event' ? [] : [index]));
  return snapshots.flatMap(({ type, messages }, n): RecordedAnswer[] => {
    if (type !== 'request') return [];
    const { messageId, parts } = findAnswer(messages, snapshots[n + 1]?.messages ?? []);
    const events = log.slice(starts[n], starts[n + 1]);
    const arrivals = readArrivals(events, startedAt);
    return [{ messageId, parts: [...parts.flatMap((part) => toScript(part, arrivals, clock)), ...readEnd(events)] }];
  });
}

/** What the next conversation has beyond the one that was sent. */
function findAnswer(sent: readonly UIMessage[], next: readonly UIMessage[]) {
  const last = sent.at(-1);
  const isContinued = last?.role === 'assistant';
  const answer = next[isContinued ? sent.length - 1 : sent.length];
  if (answer?.role !== 'assistant') return { messageId: undefined, parts: [] };
  const parts = partsOf(answer).slice(isContinued ? partsOf(last).length : 0);
  // The first step of an answer begins with it.
  return { messageId: answer.id, parts: isStepStart(parts[0] ?? null) ? parts.slice(1) : parts };
}

/** When each call of the page came (epoch milliseconds), by its id. */
function readArrivals(events: readonly SessionEntry[], startedAt: number): Map<ToolCallKey, number> {
  return new Map(
    events.flatMap((entry) =>
      entry.type === 'event' && entry.event.type === 'call-added'
        ? [[entry.event.call.toolCallId, startedAt + entry.at] as const]
        : [],
    ),
  );
}

function toScript(part: UIMessage['parts'][number], arrivals: Map<string, number>, clock: TestClock): ScriptPart[] {
  if (isToolPart(part)) {
    const at = arrivals.get(part.toolCallId);
    return at === undefined ? [writes(...toServerChunks(part))] : [arrivesAt(at, clock), writes(...toCallChunks(part))];
  }
  if (part.type === 'text') return [says(part.text)];
  if (part.type === 'reasoning') {
    const id = 'reasoning';
    return [
      writes(
        { type: 'reasoning-start', id },
        { type: 'reasoning-delta', id, delta: part.text },
        { type: 'reasoning-end', id },
      ),
    ];
  }
  if (isStepStart(part)) return [writes({ type: 'finish-step' }, { type: 'start-step' })];
  // SAFETY: files, sources and data come as chunks of the same fields.
  return [writes(part as unknown as UIMessageChunk)];
}

/** Waits for the time at which something came; no longer where it is past. */
function arrivesAt(at: number, clock: TestClock): ScriptPart {
  return {
    play: ({ response }) =>
      clock.sleep(Math.max(0, at - clock.now()), { abortSignal: response.request?.abortSignal }).catch(() => undefined),
  };
}

function toCallChunks(part: ToolPart): UIMessageChunk[] {
  const { toolCallId } = part;
  const approval = readApproval(part);
  return [
    {
      type: 'tool-input-available',
      toolCallId,
      toolName: getToolPartName(part),
      input: part.input,
      ...(part.type === 'dynamic-tool' && { dynamic: true }),
    },
    ...(approval === undefined
      ? []
      : [{ type: 'tool-approval-request', toolCallId, approvalId: approval.id } as const]),
  ];
}

/** A call that the server ran brought its result along. */
function toServerChunks(part: ToolPart): UIMessageChunk[] {
  const { toolCallId, providerExecuted } = part;
  const executed = providerExecuted === undefined ? {} : { providerExecuted };
  const [call, ...rest] = toCallChunks(part);
  const word = readWord(part);
  const chunks = [{ ...call, ...executed } as UIMessageChunk, ...rest];
  if (word?.state === 'output-available')
    chunks.push({ type: 'tool-output-available', toolCallId, output: word.output, ...executed });
  if (word?.state === 'output-error')
    chunks.push({ type: 'tool-output-error', toolCallId, errorText: word.errorText, ...executed });
  if (word?.state === 'output-denied') chunks.push({ type: 'tool-output-denied', toolCallId });
  return chunks;
}

/** How the answer ended, as far as its calls tell. */
function readEnd(entries: readonly SessionEntry[]): ScriptPart[] {
  const events = entries.flatMap((entry) => (entry.type === 'event' ? entry.event : []));
  const isEnded = events.some(({ type }) => type === 'stream-ended');
  for (const event of events) {
    if (event.type === 'batch-halted' && event.halt === 'error') return [fails()];
    if (event.type === 'batch-halted' && event.halt === 'cut') return [{ play: ({ response }) => response.close() }];
    if (event.type === 'batch-halted' && event.halt === 'stopped' && !isEnded) return [goesOn()];
    if (event.type === 'call-cancelled' && event.error.by === 'not-run') return [finishes('length')];
  }
  return [];
}

/** The answer was still on its way when the user stopped it. */
function goesOn(): ScriptPart {
  return {
    play: ({ response }) =>
      new Promise((resolve) => void response.request?.abortSignal?.addEventListener('abort', () => resolve())),
  };
}
