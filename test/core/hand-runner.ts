// Owns: a runner whose tools a test settles by hand, on a clock that it moves by hand.
import { jsonSchema } from 'ai';
import {
  clientTool,
  createToolRunner,
  type ClientTool,
  type ClientToolExecutionOptions,
  type ToolCall,
  type ToolCallStoreEvent,
  type ToolCallWait,
  type ToolPolicy,
  type ToolRunnerOptions,
} from '../../src/core/index.ts';
import { createDeferred, type Deferred } from '../harness/deferred.ts';
import { createFakeClock, flush } from './fake-clock.ts';

export interface Invocation extends Deferred<unknown> {
  readonly toolName: string;
  readonly input: unknown;
  readonly options: ClientToolExecutionOptions;
}

/** What a tool of these tests may say beside its policy. `execute: false`: a person answers. */
export interface HandTool extends ToolPolicy<never> {
  execute?: ((input: never, options: ClientToolExecutionOptions) => unknown) | false;
  inputSchema?: ClientTool['inputSchema'];
  outputSchema?: unknown;
  [field: string]: unknown;
}

export function createHandRunner(tools: Record<string, HandTool>, options: Omit<ToolRunnerOptions, 'tools'> = {}) {
  const clock = createFakeClock();
  const invocations: Invocation[] = [];
  const events: ToolCallStoreEvent[] = [];

  const build = (given: Record<string, HandTool>) =>
    Object.fromEntries(
      Object.entries(given).map(([toolName, { execute, ...tool }]) => {
        const byHand = (input: unknown, context: ClientToolExecutionOptions) => {
          const deferred = createDeferred();
          invocations.push({ ...deferred, toolName, input, options: context });
          return deferred.promise;
        };
        const definition = {
          inputSchema: jsonSchema({}),
          ...tool,
          ...(execute !== false && { execute: execute ?? byHand }),
        };
        // SAFETY: tests also write what types forbid.
        return [toolName, clientTool(definition as never) as ClientTool];
      }),
    );

  const runner = createToolRunner({ tools: build(tools), clock, ...options });
  runner.subscribe((event) => events.push(event));
  const batch = runner.openBatch('message', 0);
  const keyOf = (id: string) => `${batch}/${id}`;
  const record = (id: string): ToolCall => {
    const call = runner.store.getState().batches[batch]?.calls[keyOf(id)];
    if (call === undefined) throw new Error(`there is no call ${id}`);
    return call;
  };
  const invocation = (id: string): Invocation => {
    const found = invocations.findLast(({ options: { toolCallId } }) => toolCallId === id);
    if (found === undefined) throw new Error(`the call ${id} was never run`);
    return found;
  };

  return {
    runner,
    clock,
    batch,
    events,
    invocations,
    invocation,
    record,
    keyOf,
    build,
    /** Adds a call; its id is the first thing a test says of it. */
    add: (id: string, toolName: string, input: unknown = {}, callOptions = {}) =>
      runner.addCall(batch, { toolCallId: id, toolName, input }, callOptions),
    /** Adds calls of one tool and ends the step. */
    start(toolName: string, ...ids: string[]) {
      for (const id of ids) runner.addCall(batch, { toolCallId: id, toolName, input: {} });
      runner.endStep(batch);
    },
    end: () => runner.endStep(batch),
    status: (id: string) => record(id).status,
    wait: (id: string): ToolCallWait | undefined => record(id).waitingFor,
    output: (id: string) => record(id).output,
    error: (id: string) => record(id).error,
    /** The ids of the calls that run now, in call order. */
    running: () =>
      Object.values(runner.store.getState().batches[batch]?.calls ?? {})
        .filter(({ status }) => status === 'running')
        .map(({ toolCallId }) => toolCallId),
    /** How often a tool was executed for a call. */
    runs: (id: string) => invocations.filter(({ options: { toolCallId } }) => toolCallId === id).length,
    async succeed(id: string, value: unknown = 'done') {
      invocation(id).resolve(value);
      await flush();
    },
    async fail(id: string, thrown: unknown = new Error('broken')) {
      invocation(id).reject(thrown);
      await flush();
    },
  };
}

export { flush };
