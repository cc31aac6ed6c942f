// Owns: what the model is to answer, in every protocol: calls and text, when each piece of them comes, and how long each call takes.

export interface Order {
  /** How long each call takes, in milliseconds: as many calls as numbers. */
  readonly latencies: readonly number[];
  /** Milliseconds between one call and the next, and between the last call and the end. @default 0 */
  readonly gap?: number;
  /** Both answers, piece by piece, instead of calls that are there at once and a text of one piece. */
  readonly script?: Script;
}

export interface Script {
  /** The answer to the person's message. */
  readonly calls: readonly Timed[];
  /** The answer to the results. */
  readonly text: readonly Timed[];
}

/** A piece of an answer, so many milliseconds after the request. */
export type Timed = Piece & { readonly at: number };

export type Piece =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'call-start'; readonly index: number }
  | { readonly type: 'call-delta'; readonly index: number; readonly delta: string }
  /** The call is said to be complete; the deltas, where there are any, come to this input. */
  | { readonly type: 'call-end'; readonly index: number; readonly input: OrderedInput };

interface OrderedInput {
  readonly index: number;
  readonly milliseconds: number;
}

export type OrderedPiece = Piece & { readonly toolCallId: string };

let answers = 0;

/** The pieces of an answer, each at its time. Ids are unlike in every answer; the number at their end is the call's index. */
export async function* streamAnswer(order: Order, isFollowUp: boolean): AsyncGenerator<OrderedPiece> {
  const answer = answers++;
  for await (const piece of order.script === undefined
    ? streamAtOnce(order, isFollowUp)
    : play(order.script, isFollowUp)) {
    yield { ...piece, toolCallId: `${answer}-call-${'index' in piece ? piece.index : ''}` };
  }
}

async function* streamAtOnce({ latencies, gap = 0 }: Order, isFollowUp: boolean): AsyncGenerator<Piece> {
  if (isFollowUp) return yield { type: 'text', delta: LAST_WORDS };
  for (const [index, milliseconds] of latencies.entries()) {
    yield { type: 'call-start', index };
    yield { type: 'call-end', index, input: { index, milliseconds } };
    if (gap > 0) await sleep(gap);
  }
}

async function* play({ calls, text }: Script, isFollowUp: boolean): AsyncGenerator<Piece> {
  const start = performance.now();
  for (const { at, ...piece } of isFollowUp ? text : calls) {
    const rest = start + at - performance.now();
    if (rest > 0) await sleep(rest);
    yield piece;
  }
  if (isFollowUp) yield { type: 'text', delta: LAST_WORDS };
}

/** How every answer ends, so that the page can be asked whether it is there. */
const LAST_WORDS = 'All done';

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
