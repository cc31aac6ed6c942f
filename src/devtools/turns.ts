/** Owns what a log says of time: the turns of a conversation, when its model was asked and answered, and what each call waited for. Pure. */
import type { ToolCallState } from '../core/tool-call-store.ts';
import {
  createToolBatchKey,
  moveToolBatchKey,
  moveToolCallKey,
  type ToolBatchKey,
  type ToolCallKey,
  type ToolCallWait,
} from '../core/tool-call.ts';
import type { LogEntry, LoggedRequest } from './event-log.ts';

/** A stretch in which the model was asked (`asked`: no word of it yet) or answered. Times are epoch milliseconds; without `to` it goes on. */
export interface ModelSpan {
  readonly phase: 'asked' | 'answering';
  readonly from: number;
  readonly to?: number;
}

/** What a call waited for, and when: another call, a slot, a person. */
export interface WaitSpan {
  readonly wait: ToolCallWait | { readonly type: 'person' };
  readonly from: number;
  readonly to?: number;
}

/** One question of the user, and all that followed from it. */
export interface Turn {
  readonly key: string;
  /** The user's words; `undefined` for what was there before the log. */
  readonly question: string | undefined;
  readonly requests: readonly (LoggedRequest & { readonly at: number })[];
  readonly model: readonly ModelSpan[];
  readonly batchKeys: readonly ToolBatchKey[];
}

export interface Reading {
  readonly turns: readonly Turn[];
  readonly waits: ReadonlyMap<ToolCallKey, readonly WaitSpan[]>;
}

interface OpenTurn extends Turn {
  readonly requests: (LoggedRequest & { readonly at: number })[];
  readonly model: { -readonly [TField in keyof ModelSpan]: ModelSpan[TField] }[];
  batchKeys: ToolBatchKey[];
}

type OpenWaits = { -readonly [TField in keyof WaitSpan]: WaitSpan[TField] }[];

/** Reads the first `count` entries. Batches of `state` that no entry tells of stand in a turn of their own, the first. */
export function readLog(entries: readonly LogEntry[], state: ToolCallState, count = entries.length): Reading {
  const turns: OpenTurn[] = [];
  let waits = new Map<ToolCallKey, OpenWaits>();
  let tellsStatus = false;
  const current = (): OpenTurn => turns.at(-1) ?? begin('first', undefined);

  function begin(key: string, question: string | undefined): OpenTurn {
    const turn: OpenTurn = { key, question, requests: [], model: [], batchKeys: [] };
    turns.push(turn);
    return turn;
  }

  function endModel(at: number): void {
    const last = turns.at(-1)?.model.at(-1);
    if (last !== undefined) last.to ??= at;
  }

  function wait(key: ToolCallKey, at: number, next?: WaitSpan['wait']): void {
    const spans = waits.get(key) ?? [];
    const last = spans.at(-1);
    if (last !== undefined) last.to ??= at;
    if (next !== undefined) spans.push({ wait: next, from: at });
    waits.set(key, spans);
  }

  function hear(entry: Extract<LogEntry, { type: 'event' }>): void {
    const { event, at } = entry;
    switch (event.type) {
      case 'batch-opened':
        current().batchKeys.push(createToolBatchKey(event.messageId, event.step));
        return;
      case 'batch-forgotten':
        for (const turn of turns) turn.batchKeys = turn.batchKeys.filter((key) => key !== event.batchKey);
        return;
      case 'batch-moved': {
        const to = moveToolBatchKey(event.batchKey, event.messageId);
        for (const turn of turns) turn.batchKeys = turn.batchKeys.map((key) => (key === event.batchKey ? to : key));
        waits = new Map(
          [...waits].map(([key, spans]) => [
            key.startsWith(`${event.batchKey}/`) ? moveToolCallKey(key, to) : key,
            spans,
          ]),
        );
        return;
      }
      case 'call-added': {
        const { key, status, waitingFor } = event.call;
        return wait(key, at, status === 'queued' ? waitingFor : { type: 'person' });
      }
      case 'wait-changed':
        return wait(event.key, at, event.waitingFor);
      case 'approval-required':
      case 'input-required':
        return wait(event.key, at, { type: 'person' });
      case 'approval-granted':
      case 'approval-dropped':
      case 'approval-denied':
      case 'attempt-started':
      case 'call-succeeded':
      case 'call-failed':
      case 'call-cancelled':
      case 'call-overruled':
        return wait(event.key, at);
      default:
    }
  }

  for (let index = 0; index < count; index++) {
    const entry = entries[index];
    if (entry?.type === 'event') hear(entry);
    else if (entry?.type === 'request') {
      const { request, at, number } = entry;
      const turn = request.question === undefined ? current() : begin(String(number), request.question);
      turn.requests.push({ ...request, at });
      endModel(at);
      turn.model.push({ phase: 'asked', from: at });
    } else if (entry?.type === 'status') {
      tellsStatus = true;
      if (entry.status === 'submitted') continue;
      endModel(entry.at);
      if (entry.status === 'streaming') current().model.push({ phase: 'answering', from: entry.at });
    }
  }
  // A chat that does not tell its status: what it was asked last is known to have gone on until the last thing that was heard.
  const last = entries[count - 1];
  if (last !== undefined && !tellsStatus) endModel(last.at);
  return { turns: withUntold(turns, state), waits };
}

/** What was there before the log comes first; batches that are not in the state are left out. */
function withUntold(turns: readonly Turn[], { batches }: ToolCallState): Turn[] {
  const told = new Set(turns.flatMap(({ batchKeys }) => batchKeys));
  const untold = Object.keys(batches).filter((key) => !told.has(key));
  const kept = turns.map((turn) => ({
    ...turn,
    batchKeys: turn.batchKeys.filter((key) => batches[key] !== undefined),
  }));
  if (untold.length === 0) return kept;
  return [{ key: 'before', question: undefined, requests: [], model: [], batchKeys: untold }, ...kept];
}
