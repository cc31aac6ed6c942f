// Owns: calls, batches and policies for the panel's pure functions, made by the store and the policies themselves.
import { createToolCallStore, type ToolCallState, type ToolCallStoreEvent } from 'use-parallel-tools/core';
import { resolvePolicies, type ResolvedToolPolicy } from '../../src/core/policy.ts';

export const BATCH = 'm1/0';
export const keyOf = (id: string): string => `${BATCH}/${id}`;

type EventOf<TType extends ToolCallStoreEvent['type']> = Extract<ToolCallStoreEvent, { type: TType }>;
type WaitingFor = EventOf<'wait-changed'>['waitingFor'];

/** The events of one call of a tool, in short. */
export const events = {
  open: (): ToolCallStoreEvent => ({
    type: 'batch-opened',
    batchKey: BATCH,
    messageId: 'm1',
    step: 0,
    streaming: true,
  }),
  add: (id: string, toolName: string, at: number, input: unknown = {}): ToolCallStoreEvent => ({
    type: 'call-added',
    batchKey: BATCH,
    at,
    call: { key: keyOf(id), toolCallId: id, toolName, input, destructive: false, status: 'queued' },
  }),
  wait: (id: string, waitingFor: WaitingFor): ToolCallStoreEvent => ({
    type: 'wait-changed',
    batchKey: BATCH,
    key: keyOf(id),
    waitingFor,
  }),
  start: (id: string, at: number): ToolCallStoreEvent => ({
    type: 'attempt-started',
    batchKey: BATCH,
    key: keyOf(id),
    at,
  }),
  succeed: (id: string, at: number, output: unknown = 'ok'): ToolCallStoreEvent => ({
    type: 'call-succeeded',
    batchKey: BATCH,
    key: keyOf(id),
    at,
    output,
  }),
  ask: (id: string): ToolCallStoreEvent => ({ type: 'approval-required', batchKey: BATCH, key: keyOf(id) }),
};

export function stateOf(...happened: readonly ToolCallStoreEvent[]): ToolCallState {
  const { record, store } = createToolCallStore();
  record(events.open(), ...happened);
  return store.getState();
}

/** Policies by tool, resolved as a hook does it. */
export function policiesOf(tools: Record<string, object>): (toolName: string) => ResolvedToolPolicy | undefined {
  const set = Object.fromEntries(Object.entries(tools).map(([name, policy]) => [name, { inputSchema: {}, ...policy }]));
  // SAFETY: a tool needs its schema only to be called.
  const policies = resolvePolicies(set as never, {});
  return (toolName) => policies.get(toolName);
}
