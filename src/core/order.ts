/**
 * Owns the order inside a batch: `after` (a call waits for calls of other tools) and `sequential` (a barrier). Pure.
 */

/** What the order needs to know of a call. */
export interface OrderedCall {
  readonly toolName: string;
  readonly after: readonly string[];
  readonly sequential: boolean;
  /** It is on its way: it may start at any time, and waits for the order no more. */
  readonly admitted: boolean;
  /** It has its final result, and nobody holds it back to run again. */
  readonly finished: boolean;
}

/**
 * The first call of the batch that `call` has to wait for, or `undefined`. `after` wins over `sequential`: calls are ranked so
 * that everything a call waits for by `after` comes before it, and a barrier holds along that rank. A call that is on its way
 * although it ranks later (this one is retried) is waited for too; it waits for nobody here, so no two calls wait for each other.
 */
export function findOrderBlock<TCall extends OrderedCall>(calls: readonly TCall[], call: TCall): TCall | undefined {
  if (call.after.length > 0) {
    const needed = calls.find((other) => !other.finished && call.after.includes(other.toolName));
    if (needed !== undefined) return needed;
  }
  if (!calls.some((other) => other.sequential)) return undefined;
  let isEarlier = true;
  for (const other of rankCalls(calls)) {
    if (other === call) isEarlier = false;
    else if ((other.sequential || call.sequential) && (isEarlier ? !other.finished : other.admitted)) return other;
  }
  return undefined;
}

/** Call order, but each call after the calls that it waits for by `after`. Names form no cycle: that was checked at set-up. */
function rankCalls<TCall extends OrderedCall>(calls: readonly TCall[]): TCall[] {
  const ranked = new Set<TCall>();
  const visit = (call: TCall): void => {
    if (ranked.has(call)) return;
    if (call.after.length > 0) for (const other of calls) if (call.after.includes(other.toolName)) visit(other);
    ranked.add(call);
  };
  for (const call of calls) visit(call);
  return [...ranked];
}
