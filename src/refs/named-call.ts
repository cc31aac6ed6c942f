/** Owns which call a reference names, what is known of it, and whether waiting for it could ever end. Pure. */
import type { ToolCallError } from '../core/errors.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import type { PluginHost } from '../core/plugins.ts';
import { listCalls } from '../core/selectors.ts';
import { isSettled, type ToolBatch, type ToolCall } from '../core/tool-call.ts';
import type { ToolPart } from '../core/tool-part.ts';
import { listReferences, type Reference } from './reference.ts';

type PolicyOf = (toolName: string) => ResolvedToolPolicy | undefined;

/** A call that is named. Of one that ended before the page was loaded, or runs on the server, there is only its part. */
export interface NamedCall {
  readonly key: string;
  readonly toolName: string;
  readonly record: ToolCall | undefined;
  readonly part: ToolPart | undefined;
}

/** The call that a reference of `call` names: the n-th of its tool before `call` in the batch. */
export function findNamed(
  host: PluginHost | undefined,
  batch: ToolBatch,
  call: ToolCall,
  { toolName, number }: Reference,
): NamedCall | undefined {
  return listBefore(host, batch, call).filter((other) => other.toolName === toolName)[number - 1];
}

/** The calls before `call`, in the order in which the model made them: as the message has them, if there is one. */
function listBefore(host: PluginHost | undefined, batch: ToolBatch, call: ToolCall): readonly NamedCall[] {
  const message = host?.getMessages().find((each) => each?.id === batch.messageId);
  const refs = message === undefined ? [] : host!.toolPartsOf(message).filter(({ step }) => step === batch.step);
  const inMessage = refs.map(({ key, toolName, part }) => ({ key, toolName, part, record: batch.calls[key] }));
  const isInMessage = inMessage.some(({ key }) => key === call.key);
  const all = isInMessage
    ? inMessage
    : listCalls(batch).map((record) => ({ key: record.key, toolName: record.toolName, part: undefined, record }));
  return all.slice(
    0,
    all.findIndex(({ key }) => key === call.key),
  );
}

/** The output of a named call, or that it has yet to end. @throws ToolCallError for one that has none */
export function readOutput(
  { record, part, toolName }: NamedCall,
  policyOf: PolicyOf,
  explain: (why: string) => ToolCallError,
): { readonly output: unknown } | undefined {
  if (record !== undefined) {
    if (record.status === 'succeeded') return { output: record.output };
    // A person may still run it again.
    if (!isSettled(record) || (record.status === 'failed' && record.held === true)) return undefined;
    throw explain(`names a call that has no result, since it ${ENDED[record.status]}`);
  }
  if (part?.state === 'output-error' || part?.state === 'output-denied')
    throw explain('names a call that has no result, since it failed');
  if (part?.state !== 'output-available' || part.preliminary === true) return undefined;
  const policy = policyOf(toolName);
  // What the message has is what the model was given.
  if (policy?.redact !== undefined || policy?.maxModelBytes !== undefined)
    throw explain('names a call whose whole result is known no more, since the page was reloaded');
  return { output: part.output };
}

/** Whether the messages have the result of a call that the page has no record of. */
export function hasEnded(named: NamedCall | undefined): boolean {
  const { record, part } = named ?? {};
  if (record !== undefined || part === undefined) return true;
  return part.state.startsWith('output-') && !(part.state === 'output-available' && part.preliminary === true);
}

const ENDED = { failed: 'failed', denied: 'was denied', cancelled: 'was cancelled' } as const;

/** Whether `named` waits for `call`, itself or through others: then neither would ever start. */
export function waitsFor(named: ToolCall, call: ToolCall, batch: ToolBatch, policyOf: PolicyOf): boolean {
  const calls = listCalls(batch);
  const isOrdered = calls.some(({ toolName }) => policyOf(toolName)?.sequential === true);
  const seen = new Set<ToolCall>();
  const visit = (waiting: ToolCall): boolean => {
    if (waiting.key === call.key) return true;
    if (seen.has(waiting) || isSettled(waiting)) return false;
    seen.add(waiting);
    return listAwaited(waiting).some(visit);
  };
  const listAwaited = (waiting: ToolCall): ToolCall[] => {
    const after = policyOf(waiting.toolName)?.after ?? [];
    const before = calls.slice(0, calls.indexOf(waiting));
    const referred = listReferences(waiting.input).flatMap(({ toolName, number }) => {
      return before.filter((other) => other.toolName === toolName)[number - 1] ?? [];
    });
    return [...calls.filter(({ toolName }) => after.includes(toolName)), ...referred, ...(isOrdered ? before : [])];
  };
  return visit(named);
}
