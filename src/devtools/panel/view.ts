/** Owns what the panel shows at a moment: the chat as it is, or as it was at an entry of its log. */
import type { RecordedChat } from '../record-chat.ts';
import { isAtWork } from '../../components/spans/spans.ts';
import { selectToolCalls } from '../../core/selectors.ts';
import type { ToolCallState } from '../../core/tool-call-store.ts';
import type { ToolCall } from '../../core/tool-call.ts';
import { readLog, type Reading } from '../turns.ts';

export interface View {
  readonly record: RecordedChat;
  readonly state: ToolCallState;
  readonly calls: readonly ToolCall[];
  readonly reading: Reading;
  /** The time of what is shown (epoch ms). */
  readonly now: number;
  /** It is the past that is shown: nothing can be done to it. */
  readonly isPast: boolean;
  /** Something goes on by itself. */
  readonly isMoving: boolean;
}

/** @param position the number of the entry to show, `undefined` for now */
export function createView(record: RecordedChat, position: number | undefined, now: number): View {
  const { log, chat, isImported } = record;
  const count = position === undefined ? log.entries.length : countUntil(record, position);
  const state = position === undefined ? chat.host.store.getState() : log.stateAfter(count);
  const isPast = isImported || position !== undefined;
  const reading = readLog(log.entries, state, count);
  const calls = selectToolCalls(state);
  const isModelAtWork =
    reading.turns.at(-1)?.model.at(-1)?.to === undefined && reading.turns.at(-1)?.model.length !== 0;
  return {
    record,
    state,
    calls,
    reading,
    now: isPast ? (log.entries[count - 1]?.at ?? now) : now,
    isPast,
    isMoving: !isPast && (calls.some(isAtWork) || (isModelAtWork && reading.turns.length > 0)),
  };
}

/** How many entries there are up to the one with this number; what was cut off counts as the first. */
export function countUntil({ log }: RecordedChat, position: number): number {
  const first = log.entries[0]?.number ?? 1;
  return Math.min(log.entries.length, Math.max(0, position - first + 1));
}
