// Owns: the promises of the runner, over random tools, policies, latencies, failures, commands and arrivals (DESIGN, section 9).
// `PROPERTY_RUNS=1000000 npm run test:soak` looks for longer; `PROPERTY_SEED` and `PROPERTY_PATH`, as a failure prints them, replay it.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reuseScenario, scenario } from './scenario.ts';
import { playScenario } from './schedule.ts';

const { PROPERTY_RUNS, PROPERTY_SEED, PROPERTY_PATH } = process.env;
const runs = Number(PROPERTY_RUNS ?? 10_000);

describe('every schedule', () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  it.each([
    ['keeps the limits, the locks and the order, settles every call once, and ends', scenario, runs],
    ['uses no result again that is old, written over or invalidated', reuseScenario, Math.ceil(runs / 4)],
  ])(
    '%s',
    async (_, arbitrary, numRuns) => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (each) => {
          expect(await playScenario(each)).toEqual([]);
        }),
        {
          numRuns,
          ...(PROPERTY_SEED !== undefined && { seed: Number(PROPERTY_SEED) }),
          ...(PROPERTY_PATH !== undefined && { path: PROPERTY_PATH, endOnFailure: true }),
        },
      );
      expect(rejections).toEqual([]);
    },
    60_000 + runs * 20,
  );
});
