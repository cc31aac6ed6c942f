/** Owns what the panel says of results that are kept to be used again: how old each is, and what makes it stale. Pure. */
import { toLockModes } from '../core/locks.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import type { KnownToolResult } from '../core/tool-calls.ts';

/** A result that is there. Times are milliseconds. */
export interface FreshResult {
  readonly toolName: string;
  readonly input: unknown;
  readonly age: number;
  /** For how long it is used yet; 0 where it is too old. */
  readonly freshFor: number;
  /** The keys whose next write makes it stale. */
  readonly keys: readonly string[];
}

export interface FreshResultsOptions {
  readonly results: readonly KnownToolResult[];
  readonly policyOf: (toolName: string) => ResolvedToolPolicy | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The newest first. Those on their way are calls that run, and shown as such. */
export function listFreshResults({ results, policyOf, now }: FreshResultsOptions): FreshResult[] {
  return results
    .flatMap(({ toolName, input, at }) => {
      const policy = policyOf(toolName);
      if (at === undefined || policy === undefined) return [];
      const age = Math.max(0, now - at);
      return { toolName, input, age, freshFor: Math.max(0, policy.staleTime - age), keys: readKeys(policy, input) };
    })
    .sort((left, right) => left.age - right.age);
}

function readKeys({ locks }: ResolvedToolPolicy, input: unknown): string[] {
  try {
    return [...toLockModes(locks?.(input as never) ?? {}).keys()];
  } catch {
    // It is the author's function.
    return [];
  }
}
