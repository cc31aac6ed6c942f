'use client';
/** Owns the words beside a card's name: what it was asked, and what the tool says, why it waits, or what went wrong. */
import { Fragment, type ReactNode } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { DENIED_WITHOUT_REASON, type ToolCallError } from '../../core/errors.ts';
import type { ToolCall, ToolCallAttempt, ToolCallWait } from '../../core/tool-call.ts';
import { selectToolCall } from '../../core/selectors.ts';
import { selectUndo } from '../../core/undo-facts.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { createPartFactory } from '../part/create-part.tsx';
import type { ToolCallLabels } from '../words/labels.ts';
import { markHidden, renderText, renderTexts } from '../words/hidden-characters.tsx';
import { inputOf } from '../words/input-of.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { SUMMARY_SEPARATOR, summarizeInput } from '../value/summarize-input.ts';
import { isElsewhere, isRestored } from '../words/call-status.ts';
import { useCardAttributes, useToolCallCard, useToolCallList } from './context.tsx';

/**
 * The detail of the line: the input in short, which tells calls of one tool apart, and what is to say of the call now. What it cuts off
 * is in its title. @selector [data-slot="tool-call-card-detail"] @selector [data-slot="tool-call-card-summary"]
 * @selector [data-slot="tool-call-card-reason"] @selector [data-repeats="input"] it is the input alone, which the open card shows
 */
export const ToolCallCardDetail = createPartFactory('ToolCallCard', useCardAttributes)('span', 'detail', () => {
  const { call, id } = useToolCallCard();
  const labels = useToolCallLabels();
  const wait = call.status === 'queued' ? call.waitingFor : undefined;
  const holder = useHolderName(wait);
  const isAlone = useToolCallList() === null;
  const isOnlyShown = useToolCalls(isElsewhere) && isAlone && call.status === 'running';
  const words = describeCall(call, labels, holder) ?? (isOnlyShown ? labels.runningElsewhere : undefined);
  // Why a call waits needs the whole line.
  const input = wait === undefined ? summarizeInput(inputOf(call)) : '';
  const text = [input, words].filter(Boolean).join(REASON_SEPARATOR);
  const reason = words === undefined ? undefined : renderReason(wait, words, holder, labels);
  return {
    id: `${id}detail`,
    ...(text !== '' && { title: markHidden(text) }),
    ...(words === undefined && { 'data-repeats': 'input' }),
    filling:
      reason === undefined || input === '' ? (
        (reason ?? renderSummary(call, input))
      ) : (
        <>
          <span data-slot="tool-call-card-summary">{renderSummary(call, input)}</span>
          {REASON_SEPARATOR}
          <span data-slot="tool-call-card-reason">{reason}</span>
        </>
      ),
  };
});

/** What stands between the input and what is to say of the call. */
const REASON_SEPARATOR = ' – ';

/** What the call is called that holds this one up. */
function useHolderName(wait: ToolCallWait | undefined): string {
  const key = wait?.type === 'lock' ? wait.heldBy : wait?.type === 'order' ? wait.call : undefined;
  const toolName = wait?.type === 'lock' ? wait.heldByToolName : wait?.type === 'order' ? wait.toolName : '';
  return useToolCalls((state) => (key === undefined ? undefined : selectToolCall(state, key)?.title)) ?? toolName;
}

function renderSummary(call: DisplayedToolCall, text: string): ReactNode {
  const summary = renderTexts(text.split(SUMMARY_SEPARATOR), SUMMARY_SEPARATOR);
  return call.status === 'input-streaming' ? [summary, <span key="caret" data-slot="tool-call-caret" />] : summary;
}

function renderReason(
  wait: ToolCallWait | undefined,
  words: string,
  holder: string,
  labels: ToolCallLabels,
): ReactNode {
  if (wait?.type === 'lock') return emphasize(labels.waitingForLock, wait.key, holder);
  if (wait?.type === 'order') return emphasize((_, name) => labels.waitingForCall(name), '', holder);
  return renderText(words);
}

const LOCK = '\uE000';
const HOLDER = '\uE001';

/** Writes a sentence with its lock in mono and the holder of it in ink, wherever the language puts them. */
function emphasize(write: (lock: string, holder: string) => string, lock: string, holder: string): ReactNode {
  return write(LOCK, HOLDER)
    .split(/([\uE000\uE001])/)
    .map((piece, index) => {
      if (piece === LOCK) return <code key={index} data-slot="tool-call-key">{renderText(lock)}</code>; // prettier-ignore
      if (piece === HOLDER) return <span key={index} data-slot="tool-call-holder">{renderText(holder)}</span>; // prettier-ignore
      return <Fragment key={index}>{piece}</Fragment>;
    });
}

/** What is to say of the call now, as plain text; `undefined` where that is nothing. */
function describeCall(call: DisplayedToolCall, labels: ToolCallLabels, holder: string): string | undefined {
  const undo = selectUndo(call);
  switch (call.status) {
    case 'running':
      return call.progress?.message;
    case 'queued':
      return call.waitingFor && describeWait(call.waitingFor, labels, holder);
    case 'retrying':
      return labels.attemptFailed(
        call.attempts.length,
        describeError(call.error, call.attempts.at(-1), labels),
        call.maxAttempts,
      );
    case 'failed':
      return describeError(call.error, call.attempts.at(-1), labels);
    case 'cancelled':
      return call.error.by === undefined ? firstLine(call.error.message) : labels.cancelledBy[call.error.by];
    case 'denied':
      return call.error.message === '' || call.error.message === DENIED_WITHOUT_REASON
        ? undefined
        : labels.deniedReason(firstLine(call.error.message));
    case 'interrupted':
      return labels.interrupted;
    case 'awaiting-approval':
      return call.reasons?.map(firstLine).join('; ');
    case 'succeeded':
      if (undo?.status === 'failed') return labels.undoFailed(describeError(undo.error, undefined, labels));
      if (call.reused !== undefined) return labels.reused(call.settledAt - call.reused.at);
      return describeResult(call, labels);
    case 'input-streaming':
    case 'awaiting-input':
      return undefined;
    default:
      return call satisfies never;
  }
}

/** What plugins have noted of an output: where it came from, and what of it the model reads. */
function describeResult(call: ToolCall, labels: ToolCallLabels): string | undefined {
  const { disclosure } = (call.plugins ?? {}) as {
    disclosure?: { disclosed?: { changed?: 'redacted' | 'shortened'; withheld?: string } };
  };
  const { changed, withheld } = disclosure?.disclosed ?? {};
  const change = withheld === undefined ? changed : 'withheld';
  const said = [isRestored(call) && labels.restored, change && labels.modelReads[change]].filter(Boolean);
  return said.length === 0 ? undefined : said.join('; ');
}

function describeWait(wait: ToolCallWait, labels: ToolCallLabels, holder: string): string {
  switch (wait.type) {
    case 'lock':
      return labels.waitingForLock(wait.key, holder);
    case 'slot':
      return labels.waitingForSlot;
    case 'rate-limit':
      return labels.waitingForRateLimit;
    case 'coalesce':
      return labels.waitingForMoreCalls;
    case 'order':
      return labels.waitingForCall(holder);
    case 'step-end':
      return labels.waitingForStepEnd;
    case 'plugin':
      return labels.waitingForPlugin(wait.name);
    default:
      return wait satisfies never;
  }
}

function describeError(error: ToolCallError, attempt: ToolCallAttempt | undefined, labels: ToolCallLabels): string {
  if (error.kind === 'timeout' && attempt?.endedAt !== undefined && attempt.startedAt > 0) {
    return labels.timedOut(attempt.endedAt - attempt.startedAt);
  }
  return labels.errorSummary[error.kind] ?? firstLine(error.message);
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';
}
