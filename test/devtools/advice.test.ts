// Proves: what a batch's times suggest, and which of its calls everything waited for.
import { describe, expect, it } from 'vitest';
import { listAdvice } from '../../src/devtools/advice.ts';
import { findCriticalPath } from '../../src/devtools/critical-path.ts';
import type { WaitSpan } from '../../src/devtools/turns.ts';
import type { ToolCallStoreEvent } from 'use-parallel-tools/core';
import { BATCH, events, keyOf, policiesOf, stateOf } from './build-call.ts';

const { add, start, succeed } = events;
const lock = (id: string, key: string) => ({ type: 'lock', key, heldBy: keyOf(id), heldByToolName: 'write' }) as const;
const slot = { type: 'slot', scope: 'all' } as const;

/** The records take a time of 0 for none. */
const T = 1000;

/** A call from `from`, started at `at`, done at `to`. */
const ran = (id: string, toolName: string, from: number, at: number, to: number, input?: unknown) => [
  add(id, toolName, T + from, input ?? { id }),
  start(id, T + at),
  succeed(id, T + to),
];
type Waits = Record<string, WaitSpan[]>;
const toMap = (waits: Waits) =>
  new Map(
    Object.entries(waits).map(([id, spans]) => [
      keyOf(id),
      spans.map(({ wait, from, to = from }) => ({ wait, from: T + from, to: T + to })),
    ]),
  );

interface Batch {
  happened: readonly ToolCallStoreEvent[];
  waits?: Waits;
  tools?: Record<string, object>;
  answeredAt?: number;
}

function adviceOf({ happened, waits = {}, tools = {}, answeredAt }: Batch): string[] {
  return listAdvice({
    batch: stateOf(...happened).batches[BATCH]!,
    waits: toMap(waits),
    policyOf: policiesOf({ read: { readOnly: true }, write: {}, ...tools }),
    concurrency: 2,
    answeredAt: answeredAt === undefined ? undefined : T + answeredAt,
  });
}

describe('the advice on a batch', () => {
  it.each<[what: string, batch: Batch, words: RegExp[]]>([
    ['that went well', { happened: [...ran('a', 'read', 0, 0, 90), ...ran('b', 'write', 0, 0, 80)] }, []],
    ['that is not over', { happened: [add('a', 'read', 0), start('a', 0)] }, []],
    [
      'whose writes stand in line',
      {
        happened: [...ran('a', 'write', 0, 0, 300), ...ran('b', 'write', 0, 300, 600)],
        waits: { b: [{ wait: lock('a', 'order:42'), from: 0, to: 300 }] },
      },
      [/^2 calls ran one after another by the lock `order:42`; the last waited 300 ms/],
    ],
    [
      'whose locks have a prefix in common',
      {
        happened: [
          ...ran('a', 'write', 0, 0, 300),
          ...ran('b', 'write', 0, 300, 600),
          ...ran('c', 'write', 0, 300, 600),
        ],
        waits: {
          b: [{ wait: lock('a', 'order:42'), from: 0, to: 300 }],
          c: [{ wait: lock('a', 'order:43'), from: 0, to: 300 }],
        },
      },
      [/by locks `order:\*`/],
    ],
    [
      'with too few slots',
      {
        happened: [...ran('a', 'write', 0, 0, 300), ...ran('b', 'write', 0, 300, 600)],
        waits: { b: [{ wait: slot, from: 0, to: 300 }] },
      },
      [/1 call waited up to 300 ms for a slot\. Raise the hook's `concurrency`, which is 2 here/],
    ],
    [
      'held up by a rate limit',
      {
        happened: [...ran('a', 'mail', 0, 0, 100), ...ran('b', 'mail', 0, 1000, 1100)],
        waits: { b: [{ wait: { type: 'rate-limit', key: 'mail', until: 1000 }, from: 0, to: 1000 }] },
        tools: { mail: { rateLimit: { limit: 1, interval: 1000 } } },
      },
      [/1 call waited up to 1\.0 s for the `rateLimit` of mail/],
    ],
    [
      'that waited for the end of the answer',
      {
        happened: ran('a', 'write', 0, 800, 900),
        waits: { a: [{ wait: { type: 'step-end' }, from: 0, to: 800 }] },
      },
      [/write waited up to 800 ms for the end of the answer\. A tool that is `readOnly`/],
    ],
    [
      'whose eager start gained nothing',
      { happened: [...ran('a', 'read', 0, 0, 90), ...ran('b', 'read', 0, 0, 90)], answeredAt: 5 },
      [/delivers calls only at the end of the answer: the eager start gained 5 ms/],
    ],
    [
      'that asked the same twice',
      { happened: [...ran('a', 'read', 0, 0, 90, { id: 1 }), ...ran('b', 'read', 0, 0, 90, { id: 1 })] },
      [/2 calls of read had the same input\. With `dedupe: true` they run once/],
    ],
    [
      'that wrote the same twice: that may be meant',
      { happened: [...ran('a', 'write', 0, 0, 90, { id: 1 }), ...ran('b', 'write', 0, 0, 90, { id: 1 })] },
      [],
    ],
    [
      'with many calls of one tool',
      { happened: ['a', 'b', 'c', 'd'].flatMap((id) => ran(id, 'read', 0, 0, 90)) },
      [/asked read 4 times\. .*`executeMany` is one request/],
    ],
    [
      'that waited for one call',
      { happened: [...ran('a', 'read', 0, 0, 1000), ...ran('b', 'write', 0, 0, 100)] },
      [/read took 1\.0 s, 100 % of the batch; the next one was done after 100 ms/],
    ],
    [
      'with a failure on the way',
      {
        happened: [
          add('a', 'read', 0),
          start('a', T),
          {
            type: 'attempt-failed',
            batchKey: BATCH,
            key: keyOf('a'),
            error: new Error('503') as never,
            at: T + 50,
            retryAt: 400,
          },
          { type: 'backoff-ended', batchKey: BATCH, key: keyOf('a') },
          start('a', T + 400),
          succeed('a', T + 450),
        ],
      },
      [/read needed 2 attempts: failures and backoff took 400 ms/],
    ],
  ])('%s', (_what, batch, words) => {
    const advice = adviceOf(batch);
    expect(advice).toEqual(words.map((word) => expect.stringMatching(word)));
  });
});

describe('the critical path', () => {
  const pathOf = (happened: readonly ToolCallStoreEvent[], waits: Waits = {}) =>
    findCriticalPath(stateOf(...happened).batches[BATCH]!, toMap(waits)).map(
      ({ call, kind, from, to }) => `${call.toolCallId} ${kind} ${from - T}-${to - T}`,
    );

  it.each<[what: string, happened: ToolCallStoreEvent[], waits: Waits, path: string[]]>([
    ['nothing has ended', [add('a', 'read', 0), start('a', 0)], {}, []],
    ['the longest call', [...ran('a', 'read', 0, 0, 300), ...ran('b', 'read', 0, 0, 100)], {}, ['a running 0-300']],
    [
      'through a lock to its holder',
      [...ran('a', 'write', 0, 0, 300), ...ran('b', 'write', 0, 300, 700)],
      { b: [{ wait: lock('a', 'k'), from: 0, to: 300 }] },
      ['a running 0-300', 'b running 300-700'],
    ],
    [
      'through a slot to the call that gave it back',
      [...ran('a', 'read', 0, 0, 500), ...ran('b', 'read', 0, 0, 300), ...ran('c', 'read', 0, 300, 700)],
      { c: [{ wait: slot, from: 0, to: 300 }] },
      ['b running 0-300', 'c running 300-700'],
    ],
    [
      'from the end of the answer',
      ran('a', 'write', 0, 800, 900),
      { a: [{ wait: { type: 'step-end' }, from: 0, to: 800 }] },
      ['a step-end 0-800', 'a running 800-900'],
    ],
  ])('leads %s', (_what, happened, waits, path) => {
    expect(pathOf(happened, waits)).toEqual(path);
  });
});
