/** Owns the reading of a call as a question: what an answer to it would cover, and of which tool. At once where the tool's schema is. */
import { asSchema, type ToolSet } from 'ai';
import { stringify } from '../core/identical-calls.ts';
import { takeSnapshot } from '../core/json-snapshot.ts';
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { checkInput, isPromiseLike } from '../core/schema.ts';
import type { ToolCall } from '../core/tool-call.ts';
import type { ApprovalCoverage, ApprovalQuestion } from './rules.ts';

type Eventually<TValue> = TValue | PromiseLike<TValue>;

/** Goes on with a value: at once where it is there. */
export function when<TValue, TResult>(
  value: Eventually<TValue>,
  then: (value: TValue) => Eventually<TResult>,
): Eventually<TResult> {
  return isPromiseLike(value) ? value.then(then) : then(value);
}

/**
 * What a call asks; `undefined` where the answer cannot be remembered. @throws what `approvalKey` throws, or the tool's schema
 */
export function readQuestion(
  tool: ToolSet[string],
  policy: ResolvedToolPolicy,
  call: Pick<ToolCall, 'toolName' | 'input'>,
): Eventually<ApprovalQuestion | undefined> {
  return when(readCoverage(tool, policy, call), (coverage) => {
    if (coverage === undefined) return undefined;
    return when(readDefinition(tool, policy), (definition) => ({ coverage, definition }));
  });
}

function readCoverage(
  { inputSchema }: ToolSet[string],
  { approvalKey, destructive }: ResolvedToolPolicy,
  { toolName, input }: Pick<ToolCall, 'toolName' | 'input'>,
): Eventually<ApprovalCoverage | undefined> {
  if (approvalKey === undefined) {
    if (destructive) return undefined;
    const snapshot = takeSnapshot(input);
    const text = snapshot.success ? stringify(snapshot.value ?? null) : undefined;
    return text === undefined ? undefined : { toolName, input: text };
  }
  return when(checkInput(inputSchema, input), (checked) => {
    const key: unknown = checked.success ? approvalKey(checked.value) : undefined;
    if (key === undefined) return undefined;
    if (typeof key === 'string') return { toolName, key };
    throw new TypeError(`Expected \`approvalKey\` of tool \`${toolName}\` to give a string or undefined at once.`);
  });
}

/** What of a policy says what a yes means. How often a tool is retried does not. */
const MEANING = [
  'readOnly',
  'idempotent',
  'destructive',
  'untrusted',
  'openWorld',
  'needsApproval',
  'approval',
  'approvalKey',
] as const satisfies readonly (keyof ResolvedToolPolicy)[];

/** A policy is made anew with its tool. */
const definitions = new WeakMap<ResolvedToolPolicy, Eventually<string>>();

/** The tool as the model and the person know it, as text: two that differ in anything that counts have two texts. */
function readDefinition(tool: ToolSet[string], policy: ResolvedToolPolicy): Eventually<string> {
  const known = definitions.get(policy);
  if (known !== undefined) return known;
  const definition = when(asSchema(tool.inputSchema).jsonSchema, (schema) => {
    const fields = MEANING.map((field) => policy[field]);
    const text = JSON.stringify([tool.description, schema, ...fields], writeFunction);
    definitions.set(policy, text);
    return text;
  });
  definitions.set(policy, definition);
  return definition;
}

function writeFunction(_key: string, value: unknown): unknown {
  return typeof value === 'function' ? String(value) : value;
}
