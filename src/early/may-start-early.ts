/** Owns whether a call may run before its input is known to be complete. */
import { warnOf } from '../core/misuse.ts';
import { toLockModes, type LockModes } from '../core/locks.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { expectLocks } from '../core/policy-answers.ts';
import type { PluginHost } from '../core/plugins.ts';
import { readField } from '../core/read-field.ts';
import { listCalls } from '../core/selectors.ts';
import { isSettled, type ToolCall } from '../core/tool-call.ts';

/** What keeps every call of a tool from starting early: it may not have to run at all, not yet, or not beside others. */
const HINDRANCES: Record<string, (policy: ResolvedToolPolicy) => boolean> = {
  needsApproval: ({ needsApproval }) => needsApproval,
  approval: ({ approval }) => approval === true,
  openWorld: ({ openWorld }) => openWorld,
  after: ({ after }) => after.length > 0,
  sequential: ({ sequential }) => sequential,
  dedupe: ({ dedupe }) => dedupe,
  staleTime: ({ staleTime }) => staleTime > 0,
  rateLimit: ({ rateLimit }) => rateLimit !== undefined,
  concurrency: ({ concurrency }) => concurrency !== Infinity,
};

/** The policy of a tool whose calls may start early. Where another field of it forbids that, its author is told, and it is `'eager'`. */
export function earlyPolicyOf({ policyOf, commands }: PluginHost, toolName: string): ResolvedToolPolicy | undefined {
  const policy = policyOf(toolName);
  if (policy?.start !== 'early') return undefined;
  const field = Object.keys(HINDRANCES).find((name) => HINDRANCES[name]!(policy));
  if (field !== undefined) {
    warnOf('not-early', [toolName, field]);
    return undefined;
  }
  // A person answers it, or its calls run together.
  return typeof readField(commands.getTools()[toolName], 'execute') === 'function' ? policy : undefined;
}

/** Whether the policy's own `approval` lets a call run without a person. What it throws, the call itself will say. */
export function needsNobody({ approval }: ResolvedToolPolicy, input: unknown): boolean {
  try {
    // SAFETY: asked as the runner asks it.
    return typeof approval !== 'function' || (approval(input as never) as unknown) === false;
  } catch {
    return false;
  }
}

/** What a call would lock; `undefined` where its policy fails to say. */
export function lockModesOf({ locks }: ResolvedToolPolicy, input: unknown): LockModes | undefined {
  try {
    return toLockModes(expectLocks(locks?.(input as never) ?? {}));
  } catch {
    return undefined;
  }
}

/** Whether a call may write what another one reads. */
export function mayWrite(
  host: PluginHost,
  { toolName, input }: Pick<ToolCall, 'toolName' | 'input'>,
  read: LockModes,
): boolean {
  const policy = host.policyOf(toolName);
  if (policy?.locks === undefined || read.size === 0) return false;
  const modes = lockModesOf(policy, input);
  return modes === undefined || [...read.keys()].some((key) => modes.get(key) === 'write');
}

/** Whether a write that is on its way, or waits for its turn, has to come before a read of these locks. */
export function isWriteAhead(host: PluginHost, read: LockModes): boolean {
  if (read.size === 0) return false;
  const { batches } = host.store.getState();
  return Object.values(batches).some((batch) =>
    listCalls(batch).some((call) => !isSettled(call) && mayWrite(host, call, read)),
  );
}
