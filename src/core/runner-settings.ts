/**
 * Owns the options of a runner: what they are, and what they come to.
 */
import type { ToolSet } from 'ai';
import type { Clock } from './clock.ts';
import { expectField, isCount } from './expect.ts';
import { misuse } from './misuse.ts';
import type { ToolCallsPlugin } from './plugins.ts';
import { POLICY_DEFAULTS, type ToolPolicyDefaults } from './policy-sources.ts';
import { resolvePolicies, type ResolvedToolPolicy } from './policy.ts';
import type { ToolCallStore } from './tool-call-store.ts';
import { isSameOffer, type ToolRegistry } from './tool-registry.ts';
import type { ToolCalls } from './tool-calls.ts';

export interface ToolRunnerOptions extends ToolPolicyDefaults {
  /** AI SDK tools by name, with or without policy fields. */
  tools: ToolSet;
  /** How many calls may run at once, over all tools and batches. @default 10 */
  concurrency?: number | undefined;
  /** Tools that come and go, over `tools`. Read when the runner, or the hook, is made. @default one of its own */
  registry?: ToolRegistry | undefined;
  /** What stands beside the calls: a journal, tracing, consent. Read when the runner, or the hook, is made. @default none */
  plugins?: readonly ToolCallsPlugin[] | undefined;
  /** Time and randomness; for tests. @default the system's */
  clock?: Clock;
  /** The store to write to. @default a new one */
  store?: ToolCallStore;
}

/** The options that may change while the runner lives. */
export type RunnerSettingsSource = Omit<ToolRunnerOptions, 'clock' | 'store' | 'plugins' | 'registry'>;

export interface RunnerSettings {
  getRegistry: ToolCalls['getRegistry'];
  watchTools(listener: () => void): (() => void) | undefined;
  /** What the options and the registry come to now. */
  current(): ReadSettings;
  /** New options. Whether they say anything new. @throws TypeError as at creation */
  set(next: RunnerSettingsSource): boolean;
}

export interface ReadSettings {
  readonly source: RunnerSettingsSource;
  /** Those of the registry, if there is one. */
  readonly registered: ToolSet | undefined;
  readonly tools: ToolSet;
  readonly concurrency: number;
  readonly policies: ReadonlyMap<string, ResolvedToolPolicy>;
}

/** @throws TypeError on options that make no sense */
export function createRunnerSettings(options: ToolRunnerOptions): RunnerSettings {
  let { registry } = options;
  let watch: (() => void) | undefined;
  let settings = read(options);

  function read(source: RunnerSettingsSource): ReadSettings {
    const { concurrency = 10 } = source;
    expectField('concurrency', '', concurrency, isCount(concurrency, 1));
    const registered = registry?.getTools();
    const tools = registered === undefined ? source.tools : { ...source.tools, ...registered };
    const policies = resolvePolicies(tools, source, registered !== undefined);
    // Where nobody keeps results they cannot be used again, and those of a write never are.
    for (const [name, { staleTime, readOnly }] of policies)
      if (staleTime > 0 && !(readOnly && options.plugins?.some(({ createCache }) => createCache)))
        throw misuse('stale-time', name, readOnly);
    return { source, registered, tools, concurrency, policies };
  }

  /** Tools of the registry come and go without a word. */
  function current(): ReadSettings {
    if (registry?.getTools() !== settings.registered) settings = read(settings.source);
    return settings;
  }

  return {
    // SAFETY: with `make` there is one.
    getRegistry: ((make) => {
      if (registry === undefined && make !== undefined) {
        registry = make();
        registry.subscribe(() => watch?.());
      }
      return registry;
    }) as ToolCalls['getRegistry'],
    watchTools(listener) {
      watch = listener;
      return options.registry?.subscribe(listener);
    },
    current,
    set(next) {
      if (isSameSettings(next, settings.source)) return false;
      const { tools } = settings.source;
      settings = read(next);
      if (!isSameOffer(tools, next.tools)) registry?.notify();
      return true;
    },
  };
}

/** Whether `next` says nothing new: then nothing has to be read again. */
function isSameSettings(next: RunnerSettingsSource, last: RunnerSettingsSource): boolean {
  return (['tools', 'concurrency', ...POLICY_DEFAULTS] as const).every((field) => next[field] === last[field]);
}
