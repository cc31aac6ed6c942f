/** Owns what a batch's times suggest to the author of its tools, in whole sentences. Pure; a batch that went well gives none. */
import type { ResolvedToolPolicy } from '../core/policy.ts';
import { listCalls, measureCalls } from '../core/selectors.ts';
import { isSettled, type ToolBatch, type ToolCall, type ToolCallKey } from '../core/tool-call.ts';
import type { WaitSpan } from './turns.ts';

export interface AdviceOptions {
  readonly batch: ToolBatch;
  readonly waits: ReadonlyMap<ToolCallKey, readonly WaitSpan[]>;
  readonly policyOf: (toolName: string) => ResolvedToolPolicy | undefined;
  readonly concurrency: number | undefined;
  /** When the model's answer ended (epoch ms), where that is known. */
  readonly answeredAt: number | undefined;
}

/** Less than this is not worth a word (ms). */
const LEAST = 100;
/** From this share of a batch on, one call is what it waits for. */
const MOST_OF_IT = 0.6;
/** So many calls of one tool are worth one request. */
const MANY = 4;

/** What to look at first. */
export function listAdvice(options: AdviceOptions): string[] {
  const calls = listCalls(options.batch);
  if (calls.length === 0 || !calls.every(isSettled)) return [];
  return [
    ...adviseOnLocks(options, calls),
    ...adviseOnSlots(options, calls),
    ...adviseOnRates(options, calls),
    ...adviseOnStart(options, calls),
    ...adviseOnRetries(calls),
    ...adviseOnTwins(options, calls),
    ...adviseOnMany(options, calls),
    ...adviseOnLongest(calls),
  ];
}

/** How long calls waited so, and which. */
function measureWaits(
  { waits }: AdviceOptions,
  calls: readonly ToolCall[],
  isMeant: (wait: WaitSpan['wait']) => boolean,
): { readonly waited: ToolCall[]; readonly longest: number } {
  const times = calls.map((call) =>
    (waits.get(call.key) ?? [])
      .filter(({ wait }) => isMeant(wait))
      .reduce((sum, { from, to = from }) => sum + to - from, 0),
  );
  return { waited: calls.filter((_, index) => times[index]! >= LEAST), longest: Math.max(0, ...times) };
}

function adviseOnLocks(options: AdviceOptions, calls: readonly ToolCall[]): string[] {
  const keys = new Set<string>();
  const { waited, longest } = measureWaits(options, calls, (wait) => {
    if (wait.type === 'lock') keys.add(wait.key);
    return wait.type === 'lock';
  });
  if (waited.length === 0) return [];
  return [
    `${count(waited.length + 1, 'call')} ran one after another by ${nameKeys(keys)}; the last waited ${time(longest)}. ` +
      'Lock a narrower key, or use `read` where a tool only reads.',
  ];
}

/** One key by its name, several by what they begin with. */
function nameKeys(keys: ReadonlySet<string>): string {
  const [first = '', ...others] = keys;
  if (others.length === 0) return `the lock \`${first}\``;
  const prefix = first.slice(0, first.indexOf(':') + 1);
  return prefix !== '' && others.every((key) => key.startsWith(prefix)) ? `locks \`${prefix}*\`` : 'their locks';
}

function adviseOnSlots(options: AdviceOptions, calls: readonly ToolCall[]): string[] {
  const all = measureWaits(options, calls, (wait) => wait.type === 'slot' && wait.scope === 'all');
  const own = measureWaits(options, calls, (wait) => wait.type === 'slot' && wait.scope === 'tool');
  const limit = options.concurrency === undefined ? '' : `, which is ${options.concurrency} here`;
  return [
    ...(all.waited.length > 0
      ? [
          `${count(all.waited.length, 'call')} waited up to ${time(all.longest)} for a slot. Raise the hook's \`concurrency\`${limit}.`,
        ]
      : []),
    ...(own.waited.length > 0
      ? [
          `${count(own.waited.length, 'call')} waited up to ${time(own.longest)} for the \`concurrency\` of ${nameTools(own.waited)}.`,
        ]
      : []),
  ];
}

function adviseOnRates(options: AdviceOptions, calls: readonly ToolCall[]): string[] {
  const { waited, longest } = measureWaits(options, calls, ({ type }) => type === 'rate-limit');
  if (waited.length === 0) return [];
  return [
    `${count(waited.length, 'call')} waited up to ${time(longest)} for the \`rateLimit\` of ${nameTools(waited)}. ` +
      'With `executeMany` several calls are one start.',
  ];
}

function adviseOnStart(options: AdviceOptions, calls: readonly ToolCall[]): string[] {
  const { waited, longest } = measureWaits(options, calls, ({ type }) => type === 'step-end');
  const { answeredAt } = options;
  const eager = calls.filter(
    ({ toolName, startedAt }) => options.policyOf(toolName)?.start !== 'step-end' && startedAt !== undefined,
  );
  const gained = eager.map(({ startedAt }) => (answeredAt ?? 0) - (startedAt ?? 0));
  const isInVain = answeredAt !== undefined && eager.length > 1 && Math.max(...gained) < LEAST;
  return [
    ...(waited.length > 0
      ? [
          `${nameTools(waited)} waited up to ${time(longest)} for the end of the answer. ` +
            'A tool that is `readOnly` or `idempotent` starts while the model still writes.',
        ]
      : []),
    ...(isInVain
      ? [
          `This provider delivers calls only at the end of the answer: the eager start gained ${time(Math.max(0, ...gained))}.`,
        ]
      : []),
  ];
}

function adviseOnRetries(calls: readonly ToolCall[]): string[] {
  return calls.flatMap(({ toolName, attempts }) => {
    const [first] = attempts;
    const last = attempts.at(-1);
    const lost = first === undefined || last === undefined ? 0 : last.startedAt - first.startedAt;
    return attempts.length < 2 || lost < LEAST
      ? []
      : [
          `${toolName} needed ${count(attempts.length, 'attempt')}: failures and backoff took ${time(lost)} of its time.`,
        ];
  });
}

function adviseOnTwins({ policyOf }: AdviceOptions, calls: readonly ToolCall[]): string[] {
  const twins = new Map<string, ToolCall[]>();
  for (const call of calls) {
    const name = `${call.toolName} ${write(call.input)}`;
    twins.set(name, [...(twins.get(name) ?? []), call]);
  }
  return [...twins.values()].flatMap((same) => {
    const { toolName } = same[0]!;
    const policy = policyOf(toolName);
    const mayShare = policy?.readOnly === true && !policy.dedupe;
    return same.length > 1 && mayShare
      ? [`${count(same.length, 'call')} of ${toolName} had the same input. With \`dedupe: true\` they run once.`]
      : [];
  });
}

function adviseOnMany({ policyOf }: AdviceOptions, calls: readonly ToolCall[]): string[] {
  return [...new Set(calls.map(({ toolName }) => toolName))].flatMap((toolName) => {
    const many = calls.filter((call) => call.toolName === toolName);
    const policy = policyOf(toolName);
    return many.length >= MANY && policy?.readOnly === true && policy.coalesce === undefined
      ? [
          `The model asked ${toolName} ${many.length} times. If its service takes several at once, \`executeMany\` is one request.`,
        ]
      : [];
  });
}

function adviseOnLongest(calls: readonly ToolCall[]): string[] {
  const { wall } = measureCalls(calls, 0);
  if (calls.length < 2 || wall < LEAST) return [];
  const times = calls.map((call) => measureCalls([call], 0).sequential);
  const [longest, second] = [...times].sort((left, right) => right - left);
  const call = calls[times.indexOf(longest ?? 0)];
  if (call === undefined || longest === undefined || longest / wall < MOST_OF_IT || (second ?? 0) > longest / 2)
    return [];
  return [
    `${call.toolName} took ${time(longest)}, ${Math.round((longest / wall) * 100)} % of the batch; the next one was done after ${time(second ?? 0)}.`,
  ];
}

function nameTools(calls: readonly ToolCall[]): string {
  return [...new Set(calls.map(({ toolName }) => toolName))].join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function write(input: unknown): string {
  try {
    return JSON.stringify(input) ?? '';
  } catch {
    return '';
  }
}
