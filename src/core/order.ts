/**
 * Owns the order inside a batch: `after` (a call waits for calls of other tools) and `sequential` (a barrier). Pure.
 */

/** What the order needs to know of a call. */
export interface OrderedCall {
  readonly toolName: string;
  readonly after: readonly string[];
  readonly sequential: boolean;
  readonly settled: boolean;
}

/**
 * The first call of the batch that `call` has to wait for, or `undefined`. `after` wins over `sequential`: calls are ranked so
 * that everything a call waits for by `after` comes before it, and a barrier holds along that rank; so no two calls wait for
 * each other.
 */
export function findOrderBlock<TCall extends OrderedCall>(calls: readonly TCall[], call: TCall): TCall | undefined {
  if (call.after.length > 0) {
    const needed = calls.find((other) => other !== call && !other.settled && call.after.includes(other.toolName));
    if (needed !== undefined) return needed;
  }
  if (!calls.some((other) => other.sequential)) return undefined;
  for (const other of rankCalls(calls)) {
    if (other === call) return undefined;
    if (!other.settled && (other.sequential || call.sequential)) return other;
  }
  return undefined;
}

/** Call order, but each call after the calls that it waits for by `after`. Names form no cycle: that was checked at set-up. */
function rankCalls<TCall extends OrderedCall>(calls: readonly TCall[]): TCall[] {
  if (!calls.some((call) => call.after.length > 0)) return [...calls];
  const ranked: TCall[] = [];
  const seen = new Set<TCall>();
  const visit = (call: TCall): void => {
    if (seen.has(call)) return;
    seen.add(call);
    if (call.after.length > 0) for (const other of calls) if (call.after.includes(other.toolName)) visit(other);
    ranked.push(call);
  };
  for (const call of calls) visit(call);
  return ranked;
}
