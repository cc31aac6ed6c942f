/**
 * Owns the options of a runner: what they are, and what they come to.
 */
import type { ToolSet } from 'ai';
import type { Clock } from './clock.ts';
import { expectCount } from './expect.ts';
import type { ToolCallsPlugin } from './plugins.ts';
import { POLICY_DEFAULTS, resolvePolicies, type ResolvedToolPolicy, type ToolPolicyDefaults } from './policy.ts';
import type { ToolCallStore } from './tool-call-store.ts';

export interface ToolRunnerOptions extends ToolPolicyDefaults {
  /** AI SDK tools by name, with or without policy fields. */
  tools: ToolSet;
  /** How many calls may run at once, over all tools and batches. @default 10 */
  concurrency?: number | undefined;
  /** What stands beside the calls: a journal, tracing, consent. Read when the runner, or the hook, is made. @default none */
  plugins?: readonly ToolCallsPlugin[] | undefined;
  /** Time and randomness; for tests. @default the system's */
  clock?: Clock;
  /** The store to write to. @default a new one */
  store?: ToolCallStore;
}

/** The options that may change while the runner lives. */
export type RunnerSettingsSource = Omit<ToolRunnerOptions, 'clock' | 'store' | 'plugins'>;

export interface RunnerSettings {
  readonly source: RunnerSettingsSource;
  readonly tools: ToolSet;
  readonly concurrency: number;
  readonly policies: ReadonlyMap<string, ResolvedToolPolicy>;
}

/** @throws TypeError on options that make no sense */
export function readSettings(source: RunnerSettingsSource, plugins: readonly ToolCallsPlugin[]): RunnerSettings {
  const { tools, concurrency = 10 } = source;
  expectCount('`concurrency`', concurrency, 1);
  const policies = resolvePolicies(tools, source);
  const canCache = plugins.some(({ createCache }) => createCache);
  for (const [name, { staleTime, readOnly }] of policies) {
    if (staleTime === 0 || (readOnly && canCache)) continue;
    throw new TypeError(
      `Expected tool \`${name}\`, which has \`staleTime\`, to ` +
        (readOnly
          ? 'come with the plugin resultCache() of use-parallel-tools/cache, which keeps results.'
          : 'be `readOnly`: a call that changes something has to run.'),
    );
  }
  return { source, tools, concurrency, policies };
}

/** Whether `next` says nothing new: then nothing has to be read again. */
export function isSameSettings(next: RunnerSettingsSource, last: RunnerSettingsSource): boolean {
  return (['tools', 'concurrency', ...POLICY_DEFAULTS] as const).every((field) => next[field] === last[field]);
}
