/**
 * Owns where the chat stands, as one value: whether a request is about to go out, an answer streams, its connection was lost, the page has
 * yet to render what the chat has, or the page is being left. Pure; `reduceChatPhase` is the only thing that changes it.
 */
import type { UIMessage } from 'ai';
import type { ResponseRecord } from '../sdk/response-tap.ts';

/** Where a chat comes to rest: `lost` is idle too, but its last answer may go on in a replay. */
interface RestingPhase {
  readonly at: 'idle' | 'lost';
}

/** The page has rendered `before` last, and the chat has other messages. `answer`: it has ended, and is to be rendered whole. */
interface UnrenderedPhase {
  readonly at: 'unrendered';
  readonly before: readonly UIMessage[];
  readonly answer?: UIMessage;
  readonly rest: RestingPhase;
}

export type ChatPhase =
  | RestingPhase
  | UnrenderedPhase
  /** Requests were asked for and have not gone out: the chat looks idle, and is not. */
  | { readonly at: 'departing'; readonly requests: number; readonly rest: RestingPhase | UnrenderedPhase }
  /** Whether there is a stream to resume is being asked. */
  | { readonly at: 'reconnecting'; readonly rest: RestingPhase }
  /** An answer streams. `record` is what the tap sees of it; without a tap only the chat's status tells of the stream. */
  | { readonly at: 'streaming'; readonly record: ResponseRecord | undefined }
  /** The browser ends the page's fetches: each tool at work fails, and nothing that happens now is to be told. */
  | { readonly at: 'leaving'; readonly from: Exclude<ChatPhase, { at: 'leaving' }> };

/** An answer that has ended, and what the page rendered last. */
interface UnrenderedAnswer {
  readonly before: readonly UIMessage[];
  readonly answer: UIMessage;
}

export type ChatPhaseEvent =
  /** A request was asked for. */
  | { readonly type: 'depart' }
  /** A request that was asked for will not go out any more, or went out unseen. */
  | { readonly type: 'departed' }
  /** A request went out, or a stream is resumed. */
  | { readonly type: 'response'; readonly record: ResponseRecord }
  /** The chat's status says that it is at work, and nobody told of it. */
  | { readonly type: 'seen' }
  /** The answer has ended. `unrendered`: the page has yet to render it. */
  | { readonly type: 'finish'; readonly isLost: boolean; readonly unrendered?: UnrenderedAnswer | undefined }
  | { readonly type: 'reconnect' }
  | { readonly type: 'reconnected' }
  /** The messages were changed, and the page still has `before`: or has rendered that of an answer that is not whole. */
  | { readonly type: 'changed'; readonly before: readonly UIMessage[] }
  | { readonly type: 'rendered' }
  /** Nobody waits for a replay any more. */
  | { readonly type: 'give-up' }
  | { readonly type: 'leave' }
  | { readonly type: 'come-back' };

export const IDLE: RestingPhase = { at: 'idle' };
const LOST: RestingPhase = { at: 'lost' };

/** The next phase, or the same object where the event changes nothing. */
export function reduceChatPhase(phase: ChatPhase, event: ChatPhaseEvent): ChatPhase {
  if (phase.at === 'leaving') {
    if (event.type === 'come-back') return phase.from;
    const from = reduceChatPhase(phase.from, event);
    return from === phase.from || from.at === 'leaving' ? phase : { at: 'leaving', from };
  }
  switch (event.type) {
    case 'depart':
      // A message that is queued while an answer streams departs by itself.
      if (phase.at === 'streaming') return phase;
      if (phase.at === 'departing') return { ...phase, requests: phase.requests + 1 };
      return { at: 'departing', requests: 1, rest: phase.at === 'unrendered' ? phase : restOf(phase) };
    case 'departed':
      if (phase.at !== 'departing') return phase;
      return phase.requests > 1 ? { ...phase, requests: phase.requests - 1 } : phase.rest;
    case 'response':
      return { at: 'streaming', record: event.record };
    case 'seen':
      return phase.at === 'streaming' ? phase : { at: 'streaming', record: undefined };
    case 'finish': {
      const rest = event.isLost ? LOST : IDLE;
      const next = event.unrendered === undefined ? rest : { at: 'unrendered' as const, ...event.unrendered, rest };
      return phase.at === 'departing' ? { ...phase, rest: next } : next;
    }
    case 'reconnect':
      return phase.at === 'streaming' ? phase : { at: 'reconnecting', rest: restOf(phase) };
    case 'reconnected':
      return phase.at === 'reconnecting' ? phase.rest : phase;
    case 'changed':
      if (phase.at === 'unrendered') return { ...phase, before: event.before };
      return phase.at === 'idle' || phase.at === 'lost'
        ? { at: 'unrendered', before: event.before, rest: phase }
        : phase;
    case 'rendered':
      return phase.at === 'unrendered' ? phase.rest : phase;
    case 'give-up':
      return giveUp(phase);
    case 'leave':
      return { at: 'leaving', from: phase };
    case 'come-back':
      return phase;
    default:
      return event satisfies never;
  }
}

/** Whether the messages may be touched, as far as the phase tells. */
export function isResting(phase: ChatPhase): boolean {
  return phase.at === 'idle' || phase.at === 'lost';
}

/** Whether the last answer may go on in a replay. */
export function isLost(phase: ChatPhase): boolean {
  if (phase.at === 'leaving') return isLost(phase.from);
  return phase.at === 'lost' || ('rest' in phase && isLost(phase.rest));
}

/** What the tap saw of the answer that streams. */
export function recordOf(phase: ChatPhase): ResponseRecord | undefined {
  if (phase.at === 'leaving') return recordOf(phase.from);
  return phase.at === 'streaming' ? phase.record : undefined;
}

function restOf(phase: Exclude<ChatPhase, { at: 'leaving' }>): RestingPhase {
  if (phase.at === 'streaming') return IDLE;
  return 'rest' in phase ? restOf(phase.rest) : { at: phase.at };
}

/** What was lost is idle, however deep it lies. */
function giveUp(phase: Exclude<ChatPhase, { at: 'leaving' }>): ChatPhase {
  if (phase.at === 'lost') return IDLE;
  if (!isLost(phase)) return phase;
  if (phase.at === 'departing' && phase.rest.at === 'unrendered')
    return { ...phase, rest: { ...phase.rest, rest: IDLE } };
  return { ...phase, rest: IDLE } as ChatPhase;
}
