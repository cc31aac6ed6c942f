/**
 * Owns the guard's judgement of a call: whether it would send data out of the page's own systems while private data and text that others wrote are both in the
 * conversation, or carries a private value itself. Pure. It reads what tools declare and never what a text says, so no text can talk it out of its answer.
 */
import type { ToolCall } from '../core/tool-call.ts';
import { carriesValue, listValues } from './carried-values.ts';
import type { AnswerSource } from './sources.ts';

/** Why a call needs a person's yes. Each list names the calls in question. */
export interface GuardReasons {
  /** The calls that brought private data. */
  readonly privateFrom: readonly AnswerSource[];
  /** The calls that brought text that others wrote. */
  readonly untrustedFrom: readonly AnswerSource[];
  /** The calls of which a private value turns up in the input. */
  readonly carriedFrom: readonly AnswerSource[];
}

/** The reasons to ask about a call of a tool that sends data out; `undefined` where there is none. `before`: what the model had when it made the call. */
export function judgeCall(
  { input }: Pick<ToolCall, 'input'>,
  before: readonly AnswerSource[],
  outputOf: (source: AnswerSource) => unknown,
): GuardReasons | undefined {
  const isGiven = ({ withheld }: AnswerSource) => withheld === undefined;
  const labelled = before.filter(({ labels }) => labels.length > 0);
  const privateFrom = labelled.filter(isGiven);
  const untrustedFrom = before.filter(({ untrusted }) => untrusted).filter(isGiven);
  // Of what was withheld the model has nothing, but a person may have typed it in, or a page have shown it.
  const carriedFrom = labelled.filter((source) => carriesValue(input, listValues(outputOf(source))));
  if (privateFrom.length > 0 && untrustedFrom.length > 0) return { privateFrom, untrustedFrom, carriedFrom };
  return carriedFrom.length > 0 ? { privateFrom: [], untrustedFrom: [], carriedFrom } : undefined;
}
