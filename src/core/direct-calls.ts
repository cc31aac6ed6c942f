/**
 * Owns calls that no answer of the chat's model made: the page's own (`toolCalls.call`), and those of others that the page lets call its tools. Each is a batch
 * of its own, which belongs to no message.
 */
import type { Clock } from './clock.ts';
import { createCancelledError } from './errors.ts';
import type { ChatRunner } from './runner-interface.ts';
import { isBatchSettled } from './selectors.ts';
import { createRunId, createToolBatchKey, createToolCallKey } from './tool-call-key.ts';
import type { ToolCallState } from './tool-call-store.ts';
import type { DirectToolCall, ToolBatch, ToolBatchKey, ToolCallKey } from './tool-call.ts';

export interface DirectCallOptions extends Partial<DirectToolCall> {
  /** Cancels the call when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** A person is asked first, whatever the tool's policy says. @default false */
  readonly ask?: boolean;
  /** What the batch is called in the store, in the place of a message's id. @default a new one */
  readonly id?: string;
}

/** A clock of a test may give the same dice twice. */
let begun = 0;

/** So many settled ones are kept; older ones are forgotten. */
const KEPT = 100;

/** The call joins those of the chat: the same locks, limits and questions. `forget` drops a batch that is too old to be kept. */
export function beginDirectCall(
  { peek, isFinished, openBatch, addCall, endStep }: ChatRunner,
  [toolName, input, id]: readonly [toolName: string, input: unknown, id: string],
  { from = 'page', report = false, isDisclosed = report, ask = false }: DirectCallOptions,
  forget: (batch: ToolBatch) => void,
): void {
  const settled = Object.values(peek().batches).filter((batch) => batch.direct !== undefined && isFinished(batch.key));
  settled.slice(0, -KEPT).forEach(forget);
  const batchKey = openBatch(id, 0, { from, report, isDisclosed });
  addCall(batchKey, { toolCallId: id, toolName, input }, { approvalAsked: ask });
  endStep(batchKey);
}

/** The key of a call that was begun with this `id`. */
export function directCallKey(id: string): ToolCallKey {
  return createToolCallKey(createToolBatchKey(id, 0), id);
}

/**
 * Begins a call with `begin`, and gives its output once it has settled. `leaves` hears when the page leaves the chat: nobody tells it then how the call goes on, which another
 * tab may run. @throws ToolCallError where it failed, was denied or cancelled
 */
export async function followDirectCall(
  { store }: Pick<ChatRunner, 'store'>,
  clock: Clock,
  { signal, id = `${createRunId(clock)}-${++begun}` }: DirectCallOptions,
  begin: (id: string) => PromiseLike<void> | undefined,
  cancel: (batchKey: ToolBatchKey) => void,
  leaves: Set<() => void> = new Set(),
): Promise<unknown> {
  if (signal?.aborted === true) throw createCancelledError('caller');
  const batchKey = createToolBatchKey(id, 0);
  const abort = () => cancel(batchKey);
  let leave!: () => void;
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      end();
      if (store.getState().batches[batchKey] !== undefined) abort();
      reject(createCancelledError('unmount'));
    };
  });
  const end = () => {
    signal?.removeEventListener('abort', abort);
    leaves.delete(leave);
  };
  const run = async () => {
    await begin(id);
    return whenSettled(store, batchKey);
  };
  signal?.addEventListener('abort', abort);
  leaves.add(leave);
  try {
    return await Promise.race([run(), left]);
  } finally {
    end();
  }
}

/** In another tab of the chat its batch may be known later. */
function whenSettled({ getState, subscribe }: ChatRunner['store'], batchKey: ToolBatchKey): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let known: ToolBatch | undefined;
    const look = ({ batches }: ToolCallState) => {
      const batch = batches[batchKey];
      if (batch === known) return;
      known = batch;
      const call = batch && Object.values(batch.calls)[0];
      // Without a batch it has been forgotten.
      if (batch !== undefined && (call === undefined || !isBatchSettled(batch))) return;
      stop();
      if (call?.status === 'succeeded') resolve(call.output);
      else reject(call?.error ?? createCancelledError('superseded'));
    };
    const stop = subscribe(look);
    look(getState());
  });
}
