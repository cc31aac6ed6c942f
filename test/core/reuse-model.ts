// Owns: which outputs may be used again, told without looking at how it is done: what was written and invalidated since a tool read them.
import { isSettled, type ToolCall } from '../../src/core/tool-call.ts';
import type { Execution, InvariantsOptions } from './invariants.ts';

export function createReuseModel({ runner, clock, toolOf, locksOf }: InvariantsOptions) {
  /** How often a key was written, and the results of a tool invalidated. */
  const written = new Map<string, number>();
  const invalidated = new Map<string, number>();
  /** By output: who gave it, what was written and invalidated before, and when it was there. */
  const reads = new Map<unknown, { readonly call: ToolCall; readonly seen: string; settledAt?: number }>();

  const countOf = (counts: ReadonlyMap<string, number>, key: string) => counts.get(key) ?? 0;
  const raise = (counts: Map<string, number>, key: string) => counts.set(key, countOf(counts, key) + 1);
  const seenBy = (call: ToolCall) =>
    JSON.stringify([
      countOf(invalidated, call.toolName),
      ...[...locksOf(call).keys()].sort().map((key) => countOf(written, key)),
    ]);
  const isUsedBy = (toolName: string) => (runner.policyOf(toolName)?.staleTime ?? 0) > 0;

  function noteWrite(call: ToolCall): void {
    if (toolOf(call.toolName)?.readOnly !== false || call.attempts.length === 0) return;
    for (const [key, mode] of locksOf(call)) if (mode === 'write') raise(written, key);
  }

  function checkReused(call: ToolCall): string[] {
    const read = reads.get(call.output);
    const staleTime = runner.policyOf(call.toolName)?.staleTime ?? 0;
    const faults = {
      'ran as well': call.attempts.length > 0,
      'has the output of no tool': read === undefined,
      'has the output of another call': read?.call.toolName !== call.toolName || !isSameInput(read.call, call),
      'has an output that was written over': read?.seen !== seenBy(call),
      'says the wrong time': read?.settledAt !== call.reused?.at,
      'has an output that is too old': clock.now() - (read?.settledAt ?? 0) >= staleTime,
    };
    return Object.entries(faults).flatMap(([fault, isThere]) =>
      isThere ? `${call.key} is used again, and ${fault}` : [],
    );
  }

  return {
    isUsedBy,
    onExecute({ call, output }: Execution): void {
      reads.set(output, { call, seen: seenBy(call) });
    },
    onInvalidate(toolName?: string): void {
      const names =
        toolName === undefined ? Object.values(runner.store.getState().batches).flatMap(namesOf) : [toolName];
      for (const name of new Set(names)) raise(invalidated, name);
    },
    /** What is wrong with the end of a call. */
    onSettled(call: ToolCall): string[] {
      if (!isSettled(call)) return [];
      noteWrite(call);
      const read = reads.get(call.output);
      if (call.reused !== undefined) return checkReused(call);
      if (read !== undefined && call.attempts.length > 0) read.settledAt = call.settledAt;
      return [];
    },
  };
}

function namesOf({ calls }: { readonly calls: Readonly<Record<string, ToolCall>> }): string[] {
  return Object.values(calls).map(({ toolName }) => toolName);
}

function isSameInput(left: ToolCall, right: ToolCall): boolean {
  return JSON.stringify(left.input) === JSON.stringify(right.input);
}
