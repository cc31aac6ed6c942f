// Owns: a scenario, played on a real runner and a fake clock, with the invariants looked at after every command.
import { jsonSchema } from 'ai';
import {
  clientTool,
  createToolCallStore,
  createToolRunner,
  isSettled,
  selectToolCalls,
  ToolCallError,
  type ClientTool,
  type ToolCall,
} from '../../src/core/index.ts';
import type { ClientToolExecutionOptions, ExecuteManyOptions, ToolBatchKey } from '../../src/core/index.ts';
import { resultCache } from '../../src/cache/index.ts';
import { createFakeClock, flush } from './fake-clock.ts';
import { createInvariants, type Execution } from './invariants.ts';
import type { Command, Outcome, Scenario, ScenarioTool } from './scenario.ts';

interface Input {
  readonly n: number;
}

const toLocks = (tool: ScenarioTool, { n }: Input) => {
  const keysOf = (wanted: 'read' | 'write') =>
    tool.locks.filter(({ mode, input }) => mode === wanted && input === n).map(({ key }) => `key ${key}`);
  return { read: keysOf('read'), write: keysOf('write') };
};
const needsApproval = (tool: ScenarioTool, { n }: Input) =>
  tool.approval === 'always' || (tool.approval === 'odd inputs' && n % 2 === 1);

/** Plays a scenario to its end; gives what went wrong. */
export async function playScenario(scenario: Scenario): Promise<readonly string[]> {
  const clock = createFakeClock();
  let concurrency = scenario.concurrency;
  /** As it was before the last command: a listener may lower it between the start of a call and its tool. */
  let lastConcurrency = concurrency;
  let outcomes = 0;
  let outputs = 0;
  let ids = 0;
  let events = 0;
  let isOver = false;
  const approvalAsked = new Set<string>();

  const nameOf = (index: number) => `tool ${index}`;
  const toolOf = (name: string) => scenario.tools[Number(name.slice('tool '.length))];
  const rateOf = (name: string) => {
    const tool = toolOf(name);
    if (tool?.rateLimit === undefined) return undefined;
    return tool.sharesRate ? { ...scenario.rate, key: 'shared' } : { ...tool.rateLimit, key: name };
  };

  function createTool(tool: ScenarioTool, index: number): ClientTool<Input> {
    const {
      locks: _locks,
      rateLimit: _,
      after,
      approval,
      answeredByPerson,
      asyncSchema,
      sharesRate: _shares,
      coalesce,
      staleTime,
      ...policy
    } = tool;
    const rateLimit = rateOf(nameOf(index));
    const validate = (value: unknown) =>
      typeof (value as Input).n === 'number'
        ? { success: true as const, value: value as Input }
        : { success: false as const, error: new Error('no number') };
    return clientTool<Input, unknown>({
      ...policy,
      ...(tool.readOnly && { staleTime }),
      ...(rateLimit && { rateLimit }),
      inputSchema: jsonSchema<Input>({}, { validate: asyncSchema ? async (value) => validate(value) : validate }),
      outputSchema: jsonSchema<unknown>({}, { validate: (value) => ({ success: true, value }) }),
      after: after.filter((other) => other < index).map(nameOf),
      locks: (input) => toLocks(tool, input),
      approval: approval === 'odd inputs' ? (input) => needsApproval(tool, input) : approval === 'always',
      ...(!answeredByPerson && (coalesce === undefined ? { execute } : { executeMany, coalesce })),
    } as Parameters<typeof clientTool<Input, unknown>>[0]);
  }

  const tools = Object.fromEntries(scenario.tools.map((tool, index) => [nameOf(index), createTool(tool, index)]));
  const { dispatch, ...toolCallStore } = createToolCallStore();
  // Every step is shown, none waits for a frame: the invariants look at each.
  const runner = createToolRunner({
    tools,
    concurrency,
    clock,
    store: { ...toolCallStore, dispatch, record: dispatch },
    plugins: scenario.tools.some(({ readOnly, staleTime }) => readOnly && staleTime > 0) ? [resultCache()] : [],
  });
  const invariants = createInvariants({
    runner,
    clock,
    toolOf,
    rateOf,
    concurrency: () => Math.max(concurrency, lastConcurrency),
    locksOf(call) {
      const tool = toolOf(call.toolName);
      if (tool === undefined) return new Map();
      const { read, write } = toLocks(tool, call.input as Input);
      return new Map([...read.map((key) => [key, 'read'] as const), ...write.map((key) => [key, 'write'] as const)]);
    },
    needsApproval: (call) => approvalAsked.has(call.key) || needsApproval(toolOf(call.toolName)!, call.input as Input),
  });
  runner.subscribe(() => {
    const number = events++;
    if (isOver) return;
    for (const { event: at, command } of scenario.interruptions) if (at === number) interrupt(command);
  });

  function execute(_input: Input, options: ClientToolExecutionOptions): unknown {
    const execution = toExecution(options);
    invariants.onExecute([execution]);
    return run(options, execution);
  }

  async function executeMany(_inputs: readonly Input[], options: ExecuteManyOptions): Promise<unknown[]> {
    const request = { signal: options.abortSignal };
    const executions = options.calls.map((call) => toExecution(call, request));
    invariants.onExecute(executions);
    const toError = (thrown: unknown) => Object.assign(new Error('an entry'), thrown);
    try {
      return await Promise.all(
        executions.map((each, index) => Promise.resolve(run(options.calls[index]!, each)).catch(toError)),
      );
    } catch (thrown) {
      for (const execution of executions) execution.ended = true;
      throw thrown;
    }
  }

  function toExecution(
    { toolCallId, abortSignal, attempt, idempotencyKey }: ClientToolExecutionOptions,
    request?: Execution['request'],
  ): Execution {
    const call = allCalls().find(({ key }) => key.endsWith(`/${toolCallId}`))!;
    return { call, signal: abortSignal, attempt, idempotencyKey, request, output: outputs++, ended: false };
  }

  function run({ reportProgress }: ClientToolExecutionOptions, execution: Execution): unknown {
    reportProgress({ fraction: 0.5 });
    const outcome = scenario.outcomes[outcomes++ % scenario.outcomes.length]!;
    return runOutcome(outcome, execution);
  }

  function runOutcome({ kind, latency }: Outcome, execution: Execution): unknown {
    const end = () => {
      execution.ended = true;
    };
    const later = <TValue>(value: () => TValue) =>
      new Promise<TValue>((resolve, reject) => {
        clock.setTimer(() => {
          end();
          try {
            resolve(value());
          } catch (thrown) {
            reject(thrown);
          }
        }, latency);
      });
    const fail = (thrown: unknown) => () => {
      throw thrown;
    };
    switch (kind) {
      case 'succeeds':
        return later(() => execution.output);
      case 'succeeds at once':
        end();
        return execution.output;
      case 'throws':
        end();
        throw new Error('thrown');
      case 'rejects':
        return later(fail(undefined));
      case 'asks to wait':
        return later(fail({ retryAfter: latency }));
      case 'never ends':
        return new Promise(() => {});
      case 'streams':
        return (async function* stream() {
          yield -1;
          yield await later(() => execution.output);
        })();
      case 'gives what JSON cannot carry':
        return later(() => 1n);
      case 'heeds its signal':
        return new Promise((_, reject) => {
          execution.signal.addEventListener('abort', () => reject(execution.signal.reason));
        });
      case 'cancels itself':
        runner.cancel(execution.call.key);
        return later(() => execution.output);
      default:
        return kind satisfies never;
    }
  }

  const allCalls = (): ToolCall[] => selectToolCalls(runner.store.getState());
  const isOpen = (call: ToolCall) => !isSettled(call) || (call.status === 'failed' && call.held === true);

  function openBatch(): ToolBatchKey {
    return runner.openBatch(`message ${ids++}`, 0);
  }

  function interrupt(command: Command): void {
    try {
      perform(command);
    } catch (thrown) {
      // A batch that is being forgotten takes no calls, and says so.
      if (!String(thrown).includes('There is no open batch')) throw thrown;
    }
  }

  function perform({ type, pick, amount }: Command): void {
    const calls = allCalls();
    const call = calls[pick % Math.max(1, calls.length)]?.key ?? 'no call';
    const batches = Object.keys(runner.store.getState().batches);
    const batch = batches.at(-1 - (pick % Math.min(2, batches.length))) ?? openBatch();
    const toolName = nameOf(pick % scenario.tools.length);
    // A step that has ended takes no more calls.
    const isStreaming = (key: ToolBatchKey) => runner.store.getState().batches[key]?.streaming === true;
    const add = (input: unknown, options = {}, name = toolName) => {
      const open = isStreaming(batch) ? batch : openBatch();
      // A listener may have forgotten it already.
      if (isStreaming(open)) runner.addCall(open, { toolCallId: `call ${ids++}`, toolName: name, input }, options);
    };
    const input = { n: amount % 3 };
    switch (type) {
      case 'add call':
        return add(input);
      case 'add invalid call':
        return add({});
      case 'add unknown call':
        return add(input, {}, 'constructor');
      case 'add interrupted call':
        return add(input, { status: 'interrupted' });
      case 'add failed call':
        if (!isStreaming(batch)) return;
        return runner.addEndedCall(
          batch,
          { toolCallId: `call ${ids++}`, toolName, input },
          { type: 'call-failed', error: new ToolCallError('interrupted', 'before') },
        );
      case 'add same id': {
        const known = calls[pick % Math.max(1, calls.length)];
        if (known !== undefined) runner.addCall(known.batchKey, { ...known, input });
        return;
      }
      case 'end step':
        return runner.endStep(batch);
      case 'abandon step':
        return runner.abandonStep(batch);
      case 'open batch':
        return void openBatch();
      case 'approve':
        return runner.approve(call);
      case 'approve batch':
        return runner.approve(batch);
      case 'deny':
        return runner.deny(call);
      case 'respond':
        return runner.respond(call, amount);
      case 'respond badly':
        return runner.respond(call, 1n);
      case 'skip':
        return runner.skip(call);
      case 'run':
        return runner.run(call);
      case 'cancel':
        return runner.cancel(call);
      case 'retry':
        return runner.retry(call);
      case 'retry failed':
        return runner.retryFailed(batch);
      case 'require approval': {
        const record = calls.find(({ key }) => key === call);
        const policy = record && runner.policyOf(record.toolName);
        // A call that has started is past asking, unless it may start again.
        const isInTime = record?.status === 'queued' && record.attempts.length === 0;
        const startsAgain = policy?.readOnly === true || policy?.idempotent === true;
        if (isInTime || startsAgain) approvalAsked.add(call);
        return runner.requireApproval(call);
      }
      case 'cancel batch':
        return runner.cancelAll(batch);
      case 'stop':
        return runner.abort('stop');
      case 'forget':
        return runner.forget(batch);
      case 'set concurrency':
        concurrency = 1 + (amount % 4);
        return runner.setOptions({ tools, concurrency });
      case 'invalidate':
        invariants.onInvalidate(amount % 2 === 0 ? undefined : toolName);
        return runner.invalidate(amount % 2 === 0 ? {} : { toolName });
      case 'advance':
        return;
      default:
        return type satisfies never;
    }
  }

  /** A person answers everything; time runs; every call comes to its end, or the schedule is stuck. */
  async function drain(): Promise<void> {
    for (const batch of Object.keys(runner.store.getState().batches)) runner.endStep(batch);
    for (let rounds = 0; rounds < 2_000; rounds++) {
      await flush();
      const open = allCalls().filter(isOpen);
      if (open.length === 0) return;
      const waiting = open.find(({ status }) => !['queued', 'running', 'retrying'].includes(status));
      if (waiting !== undefined) answer(waiting);
      else if (await clock.advanceToNext()) invariants.check();
      else {
        const endless = open.find(({ status }) => status === 'running');
        if (endless === undefined) break;
        runner.cancel(endless);
      }
    }
    invariants.violations.push(
      `stuck: ${allCalls()
        .filter(isOpen)
        .map(({ key, status, waitingFor }) => `${key} ${status} ${JSON.stringify(waitingFor)}`)}`,
    );
  }

  function answer(call: ToolCall): void {
    if (call.status === 'awaiting-approval') runner.approve(call);
    if (call.status === 'awaiting-input') runner.respond(call, 'an answer');
    if (call.status === 'interrupted') runner.run(call);
    if (call.status === 'failed') runner.skip(call);
  }

  /** Whether every slot and every lock came back: as many calls as may run do, one of them with every lock. */
  async function probe(): Promise<void> {
    const never = () => new Promise(() => {});
    const probes = {
      probe: clientTool({
        inputSchema: jsonSchema<Input>({}),
        locks: () => ({ write: ['key 0', 'key 1', 'key 2'] }),
        execute: never,
      }),
      filler: clientTool({ inputSchema: jsonSchema<Input>({}), execute: never }),
    };
    runner.setOptions({ tools: probes, concurrency });
    const batch = runner.openBatch('probe', 0);
    for (let index = 0; index < concurrency; index++) {
      runner.addCall(batch, { toolCallId: `${index}`, toolName: index === 0 ? 'probe' : 'filler', input: {} });
    }
    runner.endStep(batch);
    const states = Object.values(runner.store.getState().batches[batch]!.calls).map(({ status }) => status);
    if (!states.every((status) => status === 'running'))
      invariants.violations.push(`something was kept: the probes are ${states}`);
    runner.abort('unmount');
    await flush();
    if (clock.pending > 0) await clock.advance(200);
    if (clock.pending > 0) invariants.violations.push('a timer was left behind');
  }

  openBatch();
  for (const command of scenario.commands) {
    perform(command);
    if (command.type === 'advance') await clock.advance(command.amount);
    else await flush();
    lastConcurrency = concurrency;
    invariants.check();
    if (invariants.violations.length > 0) return invariants.violations;
  }
  isOver = true;
  await drain();
  invariants.check();
  await probe();
  return invariants.violations;
}
