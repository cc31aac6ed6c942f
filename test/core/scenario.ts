// Owns: random schedules for the property tests. What a scenario holds is data, so that fast-check can shrink it and print it.
import * as fc from 'fast-check';

export interface ScenarioTool {
  readonly readOnly: boolean;
  readonly start: 'eager' | 'step-end' | undefined;
  readonly concurrency: number | undefined;
  /** By lock: what a call with this input number does to the key. */
  readonly locks: readonly { readonly key: number; readonly mode: 'read' | 'write'; readonly input: number }[];
  readonly rateLimit: { readonly limit: number; readonly interval: number } | undefined;
  readonly sharesRate: boolean;
  /** Names of tools with a lower number, so that no cycle arises. */
  readonly after: readonly number[];
  readonly sequential: boolean;
  readonly timeout: number | false;
  readonly retry: number;
  readonly retryDelay: number | undefined;
  readonly approval: 'never' | 'always' | 'odd inputs';
  readonly onFailure: 'report' | 'hold';
  readonly dedupe: boolean;
  readonly destructive: boolean;
  readonly answeredByPerson: boolean;
  readonly asyncSchema: boolean;
  /** Used where the tool is `readOnly`. */
  readonly staleTime: number;
  readonly coalesce: { readonly max: number; readonly wait: number | 'step-end' } | undefined;
}

export type OutcomeKind =
  | 'succeeds'
  | 'succeeds at once'
  | 'throws'
  | 'rejects'
  | 'asks to wait'
  | 'never ends'
  | 'streams'
  | 'gives what JSON cannot carry'
  | 'heeds its signal'
  | 'cancels itself';

export interface Outcome {
  readonly kind: OutcomeKind;
  readonly latency: number;
}

const COMMANDS = [
  'add call',
  'add call',
  'add call',
  'add call',
  'add call',
  'advance',
  'advance',
  'advance',
  'advance',
  'end step',
  'end step',
  'open batch',
  'approve',
  'approve',
  'cancel',
  'retry',
  'retry',
  'add invalid call',
  'add interrupted call',
  'add failed call',
  'add unknown call',
  'add same id',
  'abandon step',
  'approve batch',
  'deny',
  'respond',
  'respond badly',
  'skip',
  'run',
  'retry failed',
  'require approval',
  'cancel batch',
  'stop',
  'forget',
  'set concurrency',
  'invalidate',
] as const;

export type CommandType = (typeof COMMANDS)[number];

export interface Command {
  readonly type: CommandType;
  /** Chooses the tool, call or batch, modulo how many there are. */
  readonly pick: number;
  /** The input, or the milliseconds. */
  readonly amount: number;
}

export interface Scenario {
  readonly concurrency: number;
  readonly rate: { readonly limit: number; readonly interval: number };
  readonly tools: readonly ScenarioTool[];
  readonly outcomes: readonly Outcome[];
  readonly commands: readonly Command[];
  /** Commands given by a listener, inside of the event with this number. */
  readonly interruptions: readonly { readonly event: number; readonly command: Command }[];
}

const rarely = (weight = 4) =>
  fc.oneof({ arbitrary: fc.constant(false), weight }, { arbitrary: fc.constant(true), weight: 1 });
const maybe = <TValue>(arbitrary: fc.Arbitrary<TValue>) => fc.option(arbitrary, { nil: undefined });
const rate = fc.record({ limit: fc.integer({ min: 1, max: 3 }), interval: fc.integer({ min: 1, max: 60 }) });

const tool: fc.Arbitrary<ScenarioTool> = fc.record({
  readOnly: fc.boolean(),
  start: fc.constantFrom(undefined, 'eager', 'eager', 'step-end'),
  concurrency: maybe(fc.integer({ min: 1, max: 2 })),
  locks: fc.array(
    fc.record({
      key: fc.nat({ max: 2 }),
      mode: fc.constantFrom('read', 'write'),
      input: fc.nat({ max: 2 }),
    }),
    { maxLength: 5 },
  ),
  rateLimit: fc.option(rate, { nil: undefined, freq: 2 }),
  sharesRate: rarely(2),
  after: fc.array(fc.nat({ max: 3 }), { maxLength: 1 }),
  sequential: rarely(),
  timeout: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constant(false as const)),
  retry: fc.nat({ max: 3 }),
  retryDelay: maybe(fc.nat({ max: 30 })),
  approval: fc.constantFrom('never', 'never', 'never', 'always', 'odd inputs'),
  onFailure: fc.constantFrom('report', 'report', 'hold'),
  dedupe: rarely(2),
  destructive: rarely(),
  answeredByPerson: rarely(9),
  asyncSchema: rarely(),
  staleTime: fc.constantFrom(0, 0, 30, Infinity),
  coalesce: fc.option(
    fc.record({ max: fc.integer({ min: 1, max: 4 }), wait: fc.constantFrom('step-end' as const, 0, 20) }),
    { nil: undefined, freq: 2 },
  ),
});

const outcome: fc.Arbitrary<Outcome> = fc.record({
  kind: fc.constantFrom(
    'succeeds',
    'succeeds',
    'succeeds',
    'succeeds at once',
    'throws',
    'rejects',
    'rejects',
    'asks to wait',
    'never ends',
    'streams',
    'gives what JSON cannot carry',
    'heeds its signal',
    'cancels itself',
  ),
  latency: fc.nat({ max: 100 }),
});

const command: fc.Arbitrary<Command> = fc.record({
  type: fc.constantFrom(...COMMANDS),
  pick: fc.nat({ max: 30 }),
  amount: fc.nat({ max: 50 }),
});

const scenarioOf = (tools: fc.Arbitrary<ScenarioTool[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    concurrency: fc.integer({ min: 1, max: 4 }),
    rate,
    tools,
    outcomes: fc.array(outcome, { minLength: 1, maxLength: 8 }),
    commands: fc.array(command, { minLength: 1, maxLength: 30, size: 'max' }),
    interruptions: fc.array(fc.record({ event: fc.nat({ max: 60 }), command }), { maxLength: 2 }),
  });

export const scenario = scenarioOf(fc.array(tool, { minLength: 1, maxLength: 4 }));

const readerLocks = [0, 1, 2].map((input) => ({ key: input, mode: 'read' as const, input }));
const writerLocks = fc.constantFrom(
  [0, 1, 2].map((input) => ({ key: input, mode: 'write' as const, input })),
  [0, 1, 2].map((input) => ({ key: 0, mode: 'write' as const, input })),
);
const plain = { sequential: false, answeredByPerson: false, after: [] };

/** Tools of which one reads what another writes, and whose results are used again. */
export const reuseScenario = scenarioOf(
  fc
    .tuple(tool, tool, writerLocks, fc.constantFrom(30, Infinity, Infinity))
    .map(([reader, writer, locks, staleTime]) => [
      { ...reader, ...plain, readOnly: true, staleTime, locks: readerLocks },
      { ...writer, ...plain, readOnly: false, locks },
    ]),
);
