/**
 * Owns one decision: does the model get the results of the last step of the last message now? Pure; the bridge acts on the answer.
 */
import type { ToolBatchHalt } from '../core/tool-call.ts';

export interface FollowUpSituation {
  /** The chat is neither submitted nor streaming. */
  readonly idle: boolean;
  /** The model may still add to the step: its answer streams, or its connection was lost. */
  readonly streaming: boolean;
  /** Every call of the step has its final result, none is held, and every result is in the message. */
  readonly complete: boolean;
  /** At least one call of the step is the client's. */
  readonly ours: boolean;
  /** A retry of one of its calls after it was sent is under way. */
  readonly retrying: boolean;
  readonly halt: ToolBatchHalt | undefined;
  /** It was sent in this generation. */
  readonly sent: boolean;
  /** Follow-ups since the last user message. */
  readonly followUps: number;
  readonly maxFollowUps: number;
}

/** `'wait'`: something is still to come, or there is nothing to do. `'limit'`: the model has asked too often in a row. */
export type FollowUpDecision = 'wait' | 'send' | 'limit';

export function decideFollowUp(situation: FollowUpSituation): FollowUpDecision {
  const { idle, streaming, complete, ours, retrying, halt, sent, followUps, maxFollowUps } = situation;
  if (!idle || streaming || !complete || !ours || retrying || halt !== undefined || sent) return 'wait';
  return followUps >= maxFollowUps ? 'limit' : 'send';
}
