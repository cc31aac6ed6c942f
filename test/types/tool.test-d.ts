// Owns: what users get to know of a tool without writing a type: input, output, options, policy names.
import { jsonSchema, tool, type InferToolInput, type InferToolOutput, type streamText, type ToolSet } from 'ai';
import { z } from 'zod';
import { describe, expectTypeOf, it } from 'vitest';
import {
  clientTool,
  toolDefinitions,
  withPolicy,
  type ToolCallError,
  type ClientToolExecutionOptions,
  type KnownToolResult,
  type ReusedResult,
  type ToolCall,
  type ToolCallProgress,
  type ToolCalls,
  type ToolCallsPlugin,
} from '../../src/core/index.ts';
import { resultCache } from '../../src/cache/index.ts';

const inputSchema = z.object({ orderId: z.string(), amount: z.coerce.number() });
interface Refund {
  orderId: string;
  amount: number;
}

describe('clientTool', () => {
  it('infers the input of execute, locks and approval from the schema', () => {
    clientTool({
      inputSchema,
      locks: (input) => {
        expectTypeOf(input).toEqualTypeOf<Refund>();
        return { write: [`order:${input.orderId}`] };
      },
      approval: (input) => {
        expectTypeOf(input).toEqualTypeOf<Refund>();
        return input.amount > 100;
      },
      execute: (input, options) => {
        expectTypeOf(input).toEqualTypeOf<Refund>();
        expectTypeOf(options).toEqualTypeOf<ClientToolExecutionOptions>();
        expectTypeOf(options.abortSignal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(options.attempt).toEqualTypeOf<number>();
        expectTypeOf(options.idempotencyKey).toEqualTypeOf<string>();
        expectTypeOf(options.reportProgress).parameter(0).toEqualTypeOf<ToolCallProgress>();
      },
    });
  });

  it('infers it from the SDK’s jsonSchema too', () => {
    clientTool({
      inputSchema: jsonSchema<{ id: number }>({}),
      execute: (input) => expectTypeOf(input).toEqualTypeOf<{ id: number }>(),
    });
  });

  it('infers the output of a value, of a promise and of a stream', () => {
    const value = clientTool({ inputSchema, execute: () => 5 });
    const promise = clientTool({ inputSchema, execute: async ({ orderId }) => ({ orderId }) });
    const stream = clientTool({
      inputSchema,
      async *execute() {
        yield 'half';
        yield 'whole';
      },
    });
    expectTypeOf<InferToolInput<typeof value>>().toEqualTypeOf<Refund>();
    expectTypeOf<InferToolOutput<typeof value>>().toEqualTypeOf<number>();
    expectTypeOf<InferToolOutput<typeof promise>>().toEqualTypeOf<{ orderId: string }>();
    expectTypeOf<InferToolOutput<typeof stream>>().toEqualTypeOf<'half' | 'whole'>();
  });

  it('infers the output of a tool that a person answers from its schema', () => {
    const asked = clientTool({ inputSchema, outputSchema: z.enum(['yes', 'no']) });
    expectTypeOf<InferToolOutput<typeof asked>>().toEqualTypeOf<'yes' | 'no'>();
    const anything = clientTool({ inputSchema });
    expectTypeOf<InferToolOutput<typeof anything>>().toEqualTypeOf<unknown>();
  });

  it('knows what the policy’s other functions get', () => {
    clientTool({
      inputSchema,
      execute: () => 1,
      retry: (failureCount, error) => {
        expectTypeOf(failureCount).toEqualTypeOf<number>();
        expectTypeOf(error).toEqualTypeOf<ToolCallError>();
        return error.kind === 'timeout';
      },
      retryDelay: (failureCount) => failureCount * 100,
      errorText: (error) => error.message,
    });
  });

  it('infers the output of an isFailure that stands after execute', () => {
    clientTool({
      inputSchema,
      execute: async ({ orderId }) => ({ ok: false, reason: orderId }),
      isFailure: (output) => {
        expectTypeOf(output).toEqualTypeOf<{ ok: boolean; reason: string }>();
        return !output.ok && output.reason;
      },
    });
    withPolicy(tools, {
      search: { isFailure: (output) => expectTypeOf(output).toEqualTypeOf<string[]>() },
      '*': { isFailure: (output) => expectTypeOf(output).toEqualTypeOf<unknown>() },
    });
    // @ts-expect-error it is decided at once
    clientTool({ inputSchema, execute: () => 1, isFailure: async () => true });
  });

  it('infers inputs and output of an executeMany', () => {
    const many = clientTool({
      inputSchema,
      executeMany: async (inputs, { calls, abortSignal, toolName }) => {
        expectTypeOf(inputs).toEqualTypeOf<readonly Refund[]>();
        expectTypeOf(calls).toEqualTypeOf<readonly ClientToolExecutionOptions[]>();
        expectTypeOf(abortSignal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(toolName).toEqualTypeOf<string>();
        return inputs.map(({ amount, orderId }) => (amount > 0 ? { orderId } : new Error('nothing to pay back')));
      },
      coalesce: { max: 50, wait: 'step-end' },
      locks: ({ orderId }) => ({ write: [orderId] }),
      isFailure: (output) => {
        expectTypeOf(output).toEqualTypeOf<{ orderId: string }>();
        return output.orderId === '';
      },
    });
    expectTypeOf<InferToolInput<typeof many>>().toEqualTypeOf<Refund>();
    expectTypeOf<InferToolOutput<typeof many>>().toEqualTypeOf<{ orderId: string }>();
    expectTypeOf(toolDefinitions({ many }).many).not.toHaveProperty('executeMany');
  });

  it('takes a staleTime, and invalidates by what is known of results', () => {
    clientTool({ inputSchema, execute: () => 1, readOnly: true, staleTime: 1_000 });
    clientTool({ inputSchema, executeMany: (inputs) => inputs.map(() => 1), readOnly: true, staleTime: Infinity });
    // @ts-expect-error milliseconds
    clientTool({ inputSchema, execute: () => 1, readOnly: true, staleTime: '1 s' });
    const invalidate = (toolCalls: ToolCalls) => {
      toolCalls.invalidate();
      toolCalls.invalidate({ toolName: 'search', keys: ['order:1'] });
      toolCalls.invalidate({
        predicate: (result) => {
          expectTypeOf(result).toEqualTypeOf<KnownToolResult>();
          expectTypeOf(result.at).toEqualTypeOf<number | undefined>();
          return result.output === undefined;
        },
      });
      // @ts-expect-error keys are several
      toolCalls.invalidate({ keys: 'order:1' });
    };
    expectTypeOf(invalidate).toBeFunction();
    expectTypeOf(resultCache({ maxResults: 5 })).toEqualTypeOf<ToolCallsPlugin>();
    // @ts-expect-error no such bound
    resultCache({ maxAge: 5 });
    expectTypeOf<Extract<ToolCall, { status: 'succeeded' }>['reused']>().toEqualTypeOf<ReusedResult | undefined>();
    expectTypeOf<Extract<ToolCall, { status: 'failed' }>['reused']>().toEqualTypeOf<undefined>();
  });

  it('refuses what makes no sense of an executeMany', () => {
    // @ts-expect-error one of them runs a call
    clientTool({ inputSchema, execute: () => 1, executeMany: () => [1] });
    // @ts-expect-error one output per input
    clientTool({ inputSchema, executeMany: () => 1 });
    // @ts-expect-error the outputs do not fit the schema
    clientTool({ inputSchema, outputSchema: z.string(), executeMany: () => [5] });
    // @ts-expect-error no such wait
    clientTool({ inputSchema, executeMany: () => [5], coalesce: { wait: 'pause' } });
    expectTypeOf(clientTool).toBeFunction();
  });

  it('refuses what makes no sense', () => {
    // @ts-expect-error a tool without a schema cannot check its input
    clientTool({ execute: () => 1 });
    // @ts-expect-error no such start
    clientTool({ inputSchema, execute: () => 1, start: 'soon' });
    // @ts-expect-error the input has no such field
    clientTool({ inputSchema, execute: () => 1, locks: ({ id }) => ({ write: [id] }) });
    // @ts-expect-error locks are given at once
    clientTool({ inputSchema, execute: () => 1, locks: async () => ({ write: ['key'] }) });
    // @ts-expect-error approval is decided at once
    clientTool({ inputSchema, execute: () => 1, approval: async () => true });
    // @ts-expect-error an interval is missing
    clientTool({ inputSchema, execute: () => 1, rateLimit: { limit: 1 } });
    // @ts-expect-error the output does not fit the schema
    clientTool({ inputSchema, outputSchema: z.string(), execute: () => 5 });
    expectTypeOf(clientTool).toBeFunction();
  });
});

const tools = {
  refund: clientTool({ inputSchema, execute: () => 1 }),
  search: tool({ inputSchema: z.object({ text: z.string() }), execute: async () => ['found'] }),
};

describe('withPolicy', () => {
  it('keeps the tools’ types', () => {
    const result = withPolicy(tools, { '*': { timeout: 5 }, search: { readOnly: true } });
    expectTypeOf(result).toEqualTypeOf(tools);
  });

  it('infers the input by name', () => {
    withPolicy(tools, {
      search: {
        locks: (input) => {
          expectTypeOf(input).toEqualTypeOf<{ text: string }>();
          return { read: [input.text] };
        },
      },
      refund: { approval: (input) => input.amount > 100 },
    });
    expectTypeOf(withPolicy).toBeFunction();
  });

  it('refuses names that the set does not have', () => {
    // @ts-expect-error no such tool
    withPolicy(tools, { serach: { readOnly: true } });
    expectTypeOf(withPolicy).toBeFunction();
  });

  it('takes tools whose names are not known, such as those of an MCP server', () => {
    const remote: ToolSet = {};
    expectTypeOf(withPolicy(remote, { anything: { readOnly: true }, '*': { timeout: 5 } })).toEqualTypeOf<ToolSet>();
  });
});

describe('toolDefinitions', () => {
  it('keeps what the model sees, without the policy, and fits streamText', () => {
    const definitions = toolDefinitions(tools);
    expectTypeOf<InferToolInput<typeof definitions.refund>>().toEqualTypeOf<Refund>();
    expectTypeOf<InferToolOutput<typeof definitions.search>>().toEqualTypeOf<string[]>();
    // @ts-expect-error a policy field is stripped
    void definitions.refund.retry;
    // @ts-expect-error no such tool
    void definitions.serach;
    expectTypeOf(definitions).toExtend<NonNullable<Parameters<typeof streamText<typeof definitions>>[0]['tools']>>();
  });
});
