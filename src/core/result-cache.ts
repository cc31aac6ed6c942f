/** Owns what keeps results to be used again is asked, and may do. The cache itself is a plugin (`src/cache`): pages without one pay nothing for it. */
import type { ResolvedToolPolicy } from './policy.ts';
import type { ToolCallEnding, ToolCallKey } from './tool-call.ts';
import type { InvalidateFilter } from './tool-calls.ts';

/** A call, as a cache sees it: the same object from its first attempt to its end. */
export interface CacheableCall {
  readonly key: ToolCallKey;
  readonly toolName: string;
  readonly parsedInput: unknown;
  /** The keys that it holds. */
  readonly locks: ReadonlyMap<string, 'read' | 'write'>;
  readonly policy: ResolvedToolPolicy;
  /** A person asked for this run: a retry, or one after a reload. */
  readonly byHand: boolean;
  /** How it has ended. */
  readonly ending: ToolCallEnding | undefined;
}

/** What a cache may do with a call that it was asked about. */
export interface CacheControls {
  now(): number;
  /** It has to run. */
  run(call: CacheableCall): void;
  /** It waits for another one, with its locks. */
  wait(call: CacheableCall, forCall: CacheableCall): void;
  settle(call: CacheableCall, ending: ToolCallEnding): void;
}

/** Keeps the results of one chat. */
export interface ResultCache {
  /**
   * A call of a tool with `staleTime` holds its locks: nobody writes now what it reads. Let it run, wait, or settle it. It is asked about again
   * only if it comes back.
   */
  ask(call: CacheableCall): void;
  /** A call that may change what it has locked starts. */
  noteWrite(call: CacheableCall): void;
  /** Calls have ended, or stand in line no more. Gives what is to be done for others once their slots and locks are given back. */
  leave(calls: readonly CacheableCall[]): () => void;
  invalidate(filter?: InvalidateFilter): void;
}
