import type { ToolBatchEvent } from '../../src/core/tool-batch-event.ts';
import { describe, expect, it } from 'vitest';
import { createCancelledError, ToolCallError } from '../../src/core/errors.ts';
import { createToolBatch, reduceToolBatch } from '../../src/core/tool-call-reducer.ts';
import type { NewToolCall, ToolBatch, ToolCall, ToolCallEvent, ToolCallStatus } from '../../src/core/tool-call.ts';

const KEY = 'm/0/a';
const error = new ToolCallError('execution', 'broken');
const added = (status: NewToolCall['status'] = 'queued', waitingFor?: NewToolCall['waitingFor']): ToolCallEvent => ({
  type: 'call-added',
  at: 1,
  call: {
    key: KEY,
    toolCallId: 'a',
    toolName: 'tool',
    input: { n: 1 },
    destructive: false,
    status,
    ...(waitingFor && { waitingFor }),
  },
});
const play = (...events: (ToolCallEvent | ToolBatchEvent)[]): ToolBatch =>
  events.reduce((batch, event) => reduceToolBatch(batch, event), createToolBatch('m', 0, true));
const callOf = (batch: ToolBatch): ToolCall => batch.calls[KEY]!;

/** The shortest way to each status. */
const WAYS: Record<ToolCallStatus, ToolCallEvent[]> = {
  queued: [added()],
  'awaiting-approval': [added(), { type: 'approval-required', key: KEY }],
  'awaiting-input': [added(), { type: 'input-required', key: KEY }],
  interrupted: [added('interrupted')],
  running: [added(), { type: 'attempt-started', key: KEY, at: 2 }],
  retrying: [
    added(),
    { type: 'attempt-started', key: KEY, at: 2 },
    { type: 'attempt-failed', key: KEY, error, at: 3, retryAt: 9 },
  ],
  succeeded: [added(), { type: 'call-succeeded', key: KEY, output: 7, at: 4 }],
  failed: [added(), { type: 'call-failed', key: KEY, error, at: 4 }],
  denied: [added(), { type: 'approval-required', key: KEY }, { type: 'approval-denied', key: KEY, error, at: 4 }],
  cancelled: [added(), { type: 'call-cancelled', key: KEY, error, at: 4 }],
};

const EVENTS: ToolCallEvent[] = [
  { type: 'approval-required', key: KEY },
  { type: 'approval-granted', key: KEY, at: 5 },
  { type: 'approval-denied', key: KEY, error, at: 5 },
  { type: 'input-required', key: KEY },
  { type: 'input-rejected', key: KEY, error },
  { type: 'wait-changed', key: KEY, waitingFor: { type: 'step-end' } },
  { type: 'attempt-started', key: KEY, at: 5 },
  { type: 'progress-reported', key: KEY, progress: { fraction: 1 } },
  { type: 'output-streamed', key: KEY, output: 1 },
  { type: 'attempt-failed', key: KEY, error, at: 5, retryAt: 6 },
  { type: 'backoff-ended', key: KEY },
  { type: 'call-succeeded', key: KEY, output: 1, at: 5 },
  { type: 'call-failed', key: KEY, error, at: 5 },
  { type: 'call-cancelled', key: KEY, error, at: 5 },
  { type: 'call-skipped', key: KEY },
  { type: 'call-retried', key: KEY, at: 5 },
  { type: 'call-resumed', key: KEY, at: 5 },
];

/** Which events change a call of which status, and to what. Everything else changes nothing. */
const STEPS: Record<ToolCallStatus, Partial<Record<ToolCallEvent['type'], ToolCallStatus>>> = {
  queued: {
    'approval-denied': 'denied',
    'approval-required': 'awaiting-approval',
    'input-required': 'awaiting-input',
    'wait-changed': 'queued',
    'attempt-started': 'running',
    'call-succeeded': 'succeeded',
    'call-failed': 'failed',
    'call-cancelled': 'cancelled',
  },
  'awaiting-approval': {
    'input-rejected': 'awaiting-approval',
    'approval-granted': 'queued',
    'approval-denied': 'denied',
    'input-required': 'awaiting-input',
    'call-succeeded': 'succeeded',
    'call-failed': 'failed',
    'call-cancelled': 'cancelled',
  },
  'awaiting-input': {
    'approval-denied': 'denied',
    'approval-required': 'awaiting-approval',
    'input-rejected': 'awaiting-input',
    'call-succeeded': 'succeeded',
    'call-failed': 'failed',
    'call-cancelled': 'cancelled',
  },
  interrupted: {
    'approval-denied': 'denied',
    'input-required': 'awaiting-input',
    'call-resumed': 'queued',
    'call-succeeded': 'succeeded',
    'call-failed': 'failed',
    'call-cancelled': 'cancelled',
  },
  running: {
    'approval-denied': 'denied',
    'progress-reported': 'running',
    'output-streamed': 'running',
    'attempt-failed': 'retrying',
    'call-retried': 'queued',
    'call-succeeded': 'succeeded',
    'call-failed': 'failed',
    'call-cancelled': 'cancelled',
  },
  retrying: {
    'approval-denied': 'denied',
    'backoff-ended': 'queued',
    'call-retried': 'queued',
    'call-succeeded': 'succeeded',
    'call-failed': 'failed',
    'call-cancelled': 'cancelled',
  },
  succeeded: { 'call-retried': 'queued' },
  failed: { 'call-retried': 'queued' },
  denied: {},
  cancelled: { 'call-retried': 'queued' },
};

const STATUSES = Object.keys(WAYS) as ToolCallStatus[];

describe('the state machine', () => {
  it.each(STATUSES.flatMap((status) => EVENTS.map((event) => [status, event] as const)))(
    'takes %s at %o where it leads',
    (status, event) => {
      const before = play(...WAYS[status]);
      expect(callOf(before).status).toBe(status);
      const after = reduceToolBatch(before, event);
      const next = STEPS[status][event.type];
      if (next === undefined) expect(after).toBe(before);
      else expect(callOf(after).status).toBe(next);
    },
  );

  describe.each([
    ['a result', { type: 'call-succeeded', output: 'theirs' }, { status: 'succeeded', output: 'theirs' }],
    ['an error', { type: 'call-failed', error }, { status: 'failed', error }],
    ['a denial', { type: 'approval-denied', error }, { status: 'denied', error }],
  ] as const)('ends with %s of somebody else', (_, ending, expected) => {
    it.each(STATUSES)('a call that is %s', (status) => {
      const reason = createCancelledError('answered');
      const overruled = callOf(play(...WAYS[status], { type: 'call-overruled', key: KEY, ending, reason, at: 5 }));
      expect(overruled).toMatchObject({ ...expected, settledAt: 5, generation: 0 });
      expect(overruled[expected.status === 'succeeded' ? 'error' : 'output']).toBeUndefined();
      expect(overruled.attempts.map((attempt) => attempt.error)).toEqual(
        status === 'running' ? [reason] : status === 'retrying' ? [error] : [],
      );
    });
  });

  it('keeps the start of the first attempt, and each attempt with its end', () => {
    const batch = play(
      ...WAYS.retrying,
      { type: 'backoff-ended', key: KEY },
      { type: 'attempt-started', key: KEY, at: 9 },
      { type: 'call-succeeded', key: KEY, output: undefined, at: 12 },
    );
    expect(callOf(batch)).toMatchObject({
      status: 'succeeded',
      startedAt: 2,
      settledAt: 12,
      attempts: [
        { startedAt: 2, endedAt: 3, error },
        { startedAt: 9, endedAt: 12 },
      ],
    });
    expect(callOf(play(...WAYS.retrying, { type: 'backoff-ended', key: KEY })).startedAt).toBe(2);
    expect(callOf(play(...WAYS.running, { type: 'call-failed', key: KEY, error, at: 6 }))).toMatchObject({
      startedAt: 2,
      attempts: [{ startedAt: 2, endedAt: 6, error }],
    });
  });

  it('has no start of a call that never ran', () => {
    expect('startedAt' in callOf(play(...WAYS.succeeded))).toBe(false);
    expect('startedAt' in callOf(play(...WAYS.failed))).toBe(false);
  });

  it('drops progress and preliminary output when the attempt is over', () => {
    const reported: ToolCallEvent[] = [
      ...WAYS.running,
      { type: 'progress-reported', key: KEY, progress: { fraction: 0.5 } },
      { type: 'output-streamed', key: KEY, output: 'part' },
    ];
    expect(callOf(play(...reported))).toMatchObject({ progress: { fraction: 0.5 }, output: 'part' });
    const over = callOf(play(...reported, { type: 'attempt-failed', key: KEY, error, at: 3, retryAt: 5 }));
    expect(over).toMatchObject({ status: 'retrying', retryAt: 5 });
    expect('output' in over || 'progress' in over).toBe(false);
  });

  it('begins a new generation at a retry', () => {
    const retried = callOf(play(...WAYS.failed, { type: 'call-retried', key: KEY, at: 20 }));
    expect(retried).toMatchObject({
      generation: 1,
      attempts: [],
      queuedAt: 20,
      input: { n: 1 },
    });
  });

  it('keeps what became of the runs before, those that were attempted', () => {
    const again = { type: 'call-retried', key: KEY, at: 20 } as const;
    const first = play(...WAYS.running, { type: 'call-failed', key: KEY, error, at: 4 });
    const before = callOf(first);
    const retried = callOf(reduceToolBatch(first, again));
    const run = { queuedAt: before.queuedAt, attempts: before.attempts, settledAt: before.settledAt };
    expect(before.attempts.length).toBeGreaterThan(0);
    expect(retried.earlierRuns).toEqual([run]);
    const twice = [{ type: 'call-cancelled', key: KEY, error, at: 21 }, again] as const;
    expect(callOf(twice.reduce((batch, event) => reduceToolBatch(batch, event), reduceToolBatch(first, again))).earlierRuns).toEqual([run]);
    expect('earlierRuns' in callOf(play(added(), { type: 'call-failed', key: KEY, error, at: 4 }, again))).toBe(false);
  }); // prettier-ignore

  it('holds a failure until it is skipped', () => {
    const held = play(added(), { type: 'call-failed', key: KEY, error, at: 4, held: true });
    expect(callOf(held).held).toBe(true);
    const skipped = callOf(reduceToolBatch(held, { type: 'call-skipped', key: KEY }));
    expect(skipped).toMatchObject({ status: 'failed', error });
    expect('held' in skipped).toBe(false);
    expect('held' in callOf(play(...WAYS.failed))).toBe(false);
  });

  it('keeps why an answer was not taken', () => {
    expect(callOf(play(...WAYS['awaiting-input'], { type: 'input-rejected', key: KEY, error }))).toMatchObject({
      error,
    });
  });

  it('keeps and takes away what a call waits for', () => {
    const waiting = play(added('queued', { type: 'step-end' }));
    expect(callOf(waiting).waitingFor).toEqual({ type: 'step-end' });
    expect('waitingFor' in callOf(play(added('interrupted', { type: 'step-end' })))).toBe(false);
    const free = callOf(reduceToolBatch(waiting, { type: 'wait-changed', key: KEY, waitingFor: undefined }));
    expect('waitingFor' in free).toBe(false);
  });
});

describe('a batch', () => {
  it('keeps its calls in the order in which they came, each once', () => {
    const batch = play(added());
    expect(reduceToolBatch(batch, added('interrupted'))).toBe(batch);
    expect(batch).toMatchObject({ key: 'm/0', messageId: 'm', step: 0, order: [KEY], streaming: true, generation: 0 });
    expect(callOf(batch)).toMatchObject({ batchKey: 'm/0', messageId: 'm', step: 0, queuedAt: 1, generation: 0 });
  });

  it('does not change for a call that it lacks', () => {
    const batch = play(added());
    expect(reduceToolBatch(batch, { type: 'attempt-started', key: 'no call', at: 1 })).toBe(batch);
  });

  it('streams, ends and streams again', () => {
    const ended = play({ type: 'stream-ended' });
    expect(ended.streaming).toBe(false);
    expect(reduceToolBatch(ended, { type: 'stream-ended' })).toBe(ended);
    const again = reduceToolBatch(ended, { type: 'stream-started' });
    expect(again.streaming).toBe(true);
    expect(reduceToolBatch(again, { type: 'stream-started' })).toBe(again);
    expect(reduceToolBatch(again, { type: 'batch-opened', messageId: 'm', step: 0, streaming: false })).toBe(again);
  });

  it('is halted, and reopened as a new generation', () => {
    const halted = play({ type: 'batch-halted', halt: 'stopped' });
    expect(halted.halt).toBe('stopped');
    expect(reduceToolBatch(halted, { type: 'batch-halted', halt: 'stopped' })).toBe(halted);
    const reopened = reduceToolBatch(halted, { type: 'batch-reopened' });
    expect(reopened.generation).toBe(1);
    expect('halt' in reopened).toBe(false);
  });

  it('says why its calls cannot be retried, for as long as that holds', () => {
    const blocked = play({ type: 'retry-blocked', block: 'new-message' });
    expect(blocked.retryBlock).toBe('new-message');
    expect(reduceToolBatch(blocked, { type: 'retry-blocked', block: 'new-message' })).toBe(blocked);
    expect(reduceToolBatch(blocked, { type: 'retry-blocked', block: 'later-write' }).retryBlock).toBe('later-write');
    expect('retryBlock' in reduceToolBatch(blocked, { type: 'retry-blocked', block: undefined })).toBe(false);
  });
});
