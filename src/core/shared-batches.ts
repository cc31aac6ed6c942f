/**
 * Owns the states of the store, and what two of them share. A long chat has a thousand batches, of which one changes at a time: a state keeps
 * the few that have changed lately beside those that all states around it share, and the record of all is made for whoever asks for it.
 */
import type { ToolCallState } from './tool-call-store.ts';
import type { ToolBatch, ToolBatchKey } from './tool-call.ts';

type Batches = Readonly<Record<ToolBatchKey, ToolBatch>>;

/** A batch is as `recent` says, or else as `old` does. */
interface SharedBatches {
  readonly old: Batches;
  readonly recent: Batches;
}

const NONE: Batches = {};
const known = new WeakMap<ToolCallState, SharedBatches>();

/** A state of which `old` and `recent` are not changed once somebody has seen it. */
export function createSharedState(shared: SharedBatches, plugins: ToolCallState['plugins']): ToolCallState {
  let batches: Batches | undefined;
  const state: ToolCallState = {
    get batches() {
      return (batches ??= { ...shared.old, ...shared.recent });
    },
    ...(plugins !== undefined && { plugins }),
  };
  known.set(state, shared);
  return state;
}

/** What a state is made of: one that was not made here shares nothing. */
export function sharedBatchesOf(state: ToolCallState): SharedBatches {
  return known.get(state) ?? { old: state.batches, recent: NONE };
}

/** One batch of a state, without the record of all. */
export function batchIn(state: ToolCallState, key: ToolBatchKey): ToolBatch | undefined {
  const { old, recent } = sharedBatchesOf(state);
  return recent[key] ?? old[key];
}
