// Owns: what the model is to answer, in every protocol: calls, when each comes, and how long each takes.

export interface Order {
  /** How long each call takes, in milliseconds: as many calls as numbers. */
  readonly latencies: readonly number[];
  /** Milliseconds between one call and the next, and between the last call and the end. @default 0 */
  readonly gap?: number;
}

export interface OrderedCall {
  readonly toolCallId: string;
  readonly toolName: 'work';
  readonly input: { readonly index: number; readonly milliseconds: number };
}

let batches = 0;

/** The order's calls, each after its gap. Ids are unlike in every batch; the number at the end is the call's index. */
export async function* streamCalls({ latencies, gap = 0 }: Order): AsyncGenerator<OrderedCall> {
  const batch = batches++;
  for (const [index, milliseconds] of latencies.entries()) {
    yield { toolCallId: `${batch}-call-${index}`, toolName: 'work', input: { index, milliseconds } };
    if (gap > 0) await new Promise((resolve) => setTimeout(resolve, gap));
  }
}
