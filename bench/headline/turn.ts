// Owns: a turn of the headline: a person's question, the answer with calls, the tools, the answer in words; and its times.
import type { Piece, Script, Timed } from '../order.ts';
import { createRandom } from '../statistics.ts';

export interface Turn {
  readonly name: string;
  readonly set: TurnSet;
  /** How long each call's tool takes, in milliseconds. */
  readonly latencies: readonly number[];
  readonly script: Script;
}

export type TurnSet = 'recorded' | 'BFCL';

/** A recording has no times, so they are put in: until the first token of each answer (ms), and the tokens of a second from then on. */
export const PACE = { firstToken: 600, tokensPerSecond: 80 };
/** Of the tools' latencies, which are log-normal (ms). */
export const LATENCY = { median: 300, p95: 1_500 };
const CHARACTERS_PER_TOKEN = 4;
/** How many standard deviations the 95th percentile of a normal distribution is above its middle. */
const P95 = 1.645;

/** What came in one event of a provider's stream, and how much of it nobody is shown, such as reasoning. */
export interface ProviderEvent {
  readonly pieces: readonly Piece[];
  readonly hiddenCharacters?: number;
}

/** Gives each piece its time: an event comes when the model has written all its tokens. */
export function pace(events: readonly ProviderEvent[]): Timed[] {
  let at = PACE.firstToken;
  return events.flatMap(({ pieces, hiddenCharacters = 0 }) => {
    const characters = pieces.map((piece) => ('delta' in piece ? piece.delta.length : 0));
    at += (countTokens([hiddenCharacters, ...characters]) / PACE.tokensPerSecond) * 1_000;
    return pieces.map((piece) => ({ ...piece, at }));
  });
}

const countTokens = (characters: readonly number[]): number =>
  characters.reduce((sum, each) => sum + Math.ceil(each / CHARACTERS_PER_TOKEN), 0);

/**
 * Makes the calls of an answer calls of `work`, the one tool that all contenders have: what the model wrote stands within the input, so that it is as
 * long as it was. What is put around it is in the first and the last delta and costs no time.
 */
export function callWork(pieces: readonly Timed[], latencies: readonly number[]): Timed[] {
  return pieces.map((piece, place) => {
    if (piece.type === 'text' || piece.type === 'call-start') return piece;
    const { index } = piece;
    const milliseconds = latencies[index]!;
    const isDelta = (other: Piece) => other.type === 'call-delta' && other.index === index;
    if (piece.type === 'call-end') {
      const written = pieces
        .flatMap((other) => (other.type === 'call-delta' && other.index === index ? other.delta : []))
        .join('');
      return { ...piece, input: { index, milliseconds, arguments: JSON.parse(written || '{}') } };
    }
    const before =
      pieces.findIndex(isDelta) === place ? `{"index":${index},"milliseconds":${milliseconds},"arguments":` : '';
    const after = pieces.findLastIndex(isDelta) === place ? '}' : '';
    return { ...piece, delta: `${before}${piece.delta}${after}` };
  });
}

/** So many latencies, drawn anew for each turn and the same in each run. */
export function drawLatencies(calls: number, seed: number): number[] {
  const random = createRandom(seed);
  const spread = Math.log(LATENCY.p95 / LATENCY.median) / P95;
  return Array.from({ length: calls }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.round(LATENCY.median * Math.exp(spread * normal));
  });
}

/** What each way of running calls comes to, for a client, a network and a page that take no time. */
export const WAYS = {
  'one-by-one': 'one call after another',
  'after-the-answer': 'calls at the same time, after the answer',
  'when-complete': 'each call when it is complete (eager start)',
  'when-closed': 'each call when its JSON closes (early start)',
  known: 'results known (reuse)',
} as const;
export type Way = keyof typeof WAYS;

/** Milliseconds from the person's message. */
export interface TurnEnds {
  readonly firstResult: number;
  readonly results: number;
  readonly lastWord: number;
}

export function idealOf({ script, latencies }: Turn, way: Way): TurnEnds {
  const written = endOf(script.calls);
  let free = 0;
  const ends = latencies.map((latency, index) => {
    const pieces = script.calls.filter((piece) => 'index' in piece && piece.index === index);
    const complete = endOf(pieces);
    const closed = pieces.findLast(({ type }) => type === 'call-delta')?.at ?? complete;
    if (way === 'known') return complete;
    if (way === 'after-the-answer') return written + latency;
    if (way === 'when-complete') return complete + latency;
    // Its result is held back until the call is said to be complete.
    if (way === 'when-closed') return Math.max(complete, closed + latency);
    return (free = Math.max(free, complete) + latency);
  });
  const results = Math.max(written, ...ends);
  return { firstResult: Math.min(...ends), results, lastWord: results + endOf(script.text) };
}

/** When an answer is over, in milliseconds after its request. */
export const endOf = (pieces: readonly Timed[]): number => pieces.at(-1)?.at ?? PACE.firstToken;
