// Owns: what a switch on `status` knows of a call.
import { describe, expectTypeOf, it } from 'vitest';
import {
  createToolRunner,
  type ToolCall,
  type ToolCallError,
  type ToolCallWait,
  type ToolRunner,
} from '../../src/core/index.ts';

describe('ToolCall', () => {
  it('has the fields of its status, and no others', () => {
    const read = (call: ToolCall<{ id: string }, number>) => {
      expectTypeOf(call.input).toEqualTypeOf<{ id: string }>();
      switch (call.status) {
        case 'succeeded':
          expectTypeOf(call.output).toEqualTypeOf<number>();
          expectTypeOf(call.error).toEqualTypeOf<undefined>();
          break;
        case 'failed':
          expectTypeOf(call.error).toEqualTypeOf<ToolCallError>();
          expectTypeOf(call.output).toEqualTypeOf<undefined>();
          break;
        case 'queued':
          expectTypeOf(call.waitingFor).toEqualTypeOf<ToolCallWait | undefined>();
          break;
        case 'retrying':
          expectTypeOf(call.retryAt).toEqualTypeOf<number>();
          break;
        case 'running':
          expectTypeOf(call.startedAt).toEqualTypeOf<number>();
          expectTypeOf(call.settledAt).toEqualTypeOf<undefined>();
          break;
        case 'awaiting-approval':
        case 'awaiting-input':
        case 'interrupted':
        case 'denied':
        case 'cancelled':
          break;
        default:
          expectTypeOf(call).toEqualTypeOf<never>();
      }
    };
    expectTypeOf(read).toBeFunction();
  });

  it('says whom it waits for', () => {
    const read = (wait: ToolCallWait) => {
      if (wait.type === 'lock') expectTypeOf(wait.heldBy).toEqualTypeOf<string>();
      if (wait.type === 'rate-limit') expectTypeOf(wait.until).toEqualTypeOf<number>();
      // @ts-expect-error only a rate limit has a time
      void wait.until;
    };
    expectTypeOf(read).toBeFunction();
  });
});

describe('createToolRunner', () => {
  it('needs tools, and nothing else', () => {
    expectTypeOf(createToolRunner({ tools: {} })).toEqualTypeOf<ToolRunner>();
    // @ts-expect-error tools are missing
    createToolRunner({});
    // @ts-expect-error locks are a tool's own
    createToolRunner({ tools: {}, locks: () => ({}) });
  });
});
