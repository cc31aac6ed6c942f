/**
 * Owns what the runner remembers of one call beside its record in the store: where it stands, its parsed input, its attempt.
 */
import type { CancelTimer } from './clock.ts';
import type { Attempt } from './attempts.ts';
import type { OrderedCall } from './order.ts';
import type { ResolvedToolPolicy } from './policy.ts';
import type { ToolBatchKey, ToolCallKey, ToolCallProgress } from './tool-call.ts';

/**
 * Where a call stands: `checking` its input, with a `person`, `gated` (step end, order), in the scheduler's line (`queued`),
 * `running`, in `backoff`, or `settled`.
 */
export type ToolCallPhase = 'checking' | 'person' | 'gated' | 'queued' | 'running' | 'backoff' | 'settled';

export interface ToolCallTask extends OrderedCall {
  readonly key: ToolCallKey;
  readonly batchKey: ToolBatchKey;
  readonly toolCallId: string;
  readonly input: unknown;
  /** Its place in call order, over all batches. */
  readonly sequence: number;
  readonly messages: () => readonly unknown[];
  policy: ResolvedToolPolicy;
  phase: ToolCallPhase;
  /** Raised at every run, so that what an earlier run still awaits is dropped. */
  run: number;
  parsedInput: unknown;
  approved: boolean;
  /** Somebody beside the policy (the server) wants a person's yes. */
  approvalAsked: boolean;
  /** Attempts of this run that failed. */
  failures: number;
  attempt: Attempt | undefined;
  cancelBackoff: CancelTimer | undefined;
  /** What the tool reported since the last frame. */
  report: { progress?: ToolCallProgress; output?: { value: unknown } } | undefined;
}

/** The calls of one batch, in call order. */
export interface TaskBatch {
  readonly key: ToolBatchKey;
  readonly tasks: ToolCallTask[];
  streaming: boolean;
}

export interface NewToolCallTask extends Pick<
  ToolCallTask,
  'key' | 'batchKey' | 'toolCallId' | 'toolName' | 'input' | 'sequence' | 'messages' | 'policy'
> {}

export function createToolCallTask(fields: NewToolCallTask): ToolCallTask {
  return {
    ...fields,
    phase: 'checking',
    run: 0,
    parsedInput: undefined,
    approved: false,
    approvalAsked: false,
    failures: 0,
    attempt: undefined,
    cancelBackoff: undefined,
    report: undefined,
    get after() {
      return this.policy.after;
    },
    get sequential() {
      return this.policy.sequential;
    },
    get settled() {
      return this.phase === 'settled';
    },
  };
}

/** Tells identical calls: the same tool with the same input, whatever the order of its keys. */
export function identityOf(toolName: string, input: unknown): string {
  return `${toolName} ${JSON.stringify(input, sortKeys) ?? 'undefined'}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
