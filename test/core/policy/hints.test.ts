// Owns: the three hints and the defaults that follow from them. One test by name for each of the fields that only set others.
import { jsonSchema } from 'ai';
import { describe, expect, it } from 'vitest';
import { createToolRunner, ToolCallError, withPolicy } from '../../../src/core/index.ts';
import { createHandRunner } from '../hand-runner.ts';

const policyOf = (tool: object, defaults: object = {}) =>
  createToolRunner({ tools: { tool: { inputSchema: jsonSchema({}), ...tool } }, ...defaults }).policyOf('tool')!;

describe('readOnly', () => {
  it('starts eagerly, retries twice and runs again after a reload', () => {
    expect(policyOf({ readOnly: true })).toMatchObject({ start: 'eager', retry: 2, onReload: 'run' });
  });
});

describe('idempotent', () => {
  it('starts eagerly, retries twice and runs again after a reload', () => {
    expect(policyOf({ idempotent: true })).toMatchObject({ start: 'eager', retry: 2, onReload: 'run' });
  });
});

describe('neither', () => {
  it('starts at step end, retries nothing and asks after a reload', () => {
    expect(policyOf({})).toMatchObject({
      readOnly: false,
      idempotent: false,
      destructive: false,
      start: 'step-end',
      concurrency: Infinity,
      after: [],
      sequential: false,
      timeout: 60_000,
      retry: 0,
      approval: false,
      onFailure: 'report',
      onReload: 'ask',
      dedupe: false,
    });
  });
});

describe('destructive', () => {
  it('is on the call for all to see, and left out when a whole batch is approved', () => {
    const { add, end, status, record, runner, keyOf, batch } = createHandRunner({
      pay: { approval: true },
      erase: { approval: true, destructive: true },
    });
    add('a', 'pay');
    add('b', 'erase');
    end();
    expect(record('b').destructive).toBe(true);
    runner.approve(batch);
    expect(status('a')).toBe('running');
    expect(status('b')).toBe('awaiting-approval');
    runner.approve(keyOf('b'));
    expect(status('b')).toBe('running');
  });
});

describe('onReload', () => {
  it.each(['run', 'ask', 'fail'] as const)('takes %s', (onReload) => {
    expect(policyOf({ onReload })).toMatchObject({ onReload });
  });
});

describe('errorText', () => {
  const error = new ToolCallError('execution', 'secret');

  it("is the error's message by default", () => {
    expect(policyOf({}).errorText(error)).toBe('secret');
  });

  it('is what the function says', () => {
    expect(policyOf({ errorText: ({ kind }: ToolCallError) => `failed: ${kind}` }).errorText(error)).toBe(
      'failed: execution',
    );
  });

  it("is the error's message when the function throws, or gives no string", () => {
    const broken = () => {
      throw new Error('no words');
    };
    expect(policyOf({ errorText: broken }).errorText(error)).toBe('secret');
    expect(policyOf({ errorText: () => undefined }).errorText(error)).toBe('secret');
  });
});

describe('MCP annotations', () => {
  const annotations = { readOnlyHint: true, destructiveHint: true, idempotentHint: false, title: 'Look' };

  it.each([
    ['annotations', { annotations }],
    ['metadata.annotations', { metadata: { annotations } }],
    ['_meta.annotations', { _meta: { annotations } }],
    ['metadata', { metadata: annotations }],
    ['_meta', { _meta: annotations }],
  ])('in %s are read as defaults', (_, tool) => {
    expect(policyOf(tool)).toMatchObject({
      readOnly: true,
      destructive: true,
      idempotent: false,
      start: 'eager',
      retry: 2,
    });
  });

  it("lose to the tool's own fields", () => {
    expect(policyOf({ annotations, readOnly: false })).toMatchObject({ readOnly: false, destructive: true, retry: 0 });
  });

  it('count only as booleans', () => {
    expect(policyOf({ annotations: { readOnlyHint: 'yes' }, metadata: 'none' })).toMatchObject({ readOnly: false });
  });

  it('lose to withPolicy', () => {
    const { tool } = withPolicy({ tool: { inputSchema: jsonSchema({}), annotations } }, { tool: { readOnly: false } });
    expect(policyOf(tool)).toMatchObject({ readOnly: false });
  });
});

describe('defaults of the runner', () => {
  it('hold for every tool that does not say otherwise', () => {
    const defaults = {
      timeout: 5,
      retry: 4,
      onFailure: 'hold',
      onReload: 'fail',
      start: 'eager',
      dedupe: true,
      retryDelay: 7,
    };
    expect(policyOf({}, defaults)).toMatchObject(defaults);
    expect(policyOf({ timeout: false, retry: 0 }, defaults)).toMatchObject({
      timeout: false,
      retry: 0,
      onFailure: 'hold',
    });
    expect(policyOf({ timeout: undefined }, defaults)).toMatchObject({ timeout: 5 });
  });
});
