// Owns: random walks of a person, the model, the tools and the network on a live chat; the rules hold at every step.
// `WALKS=100000 npx vitest run test/chat/walk` looks for longer; `WALK_ACTIONS=hide,joined` has those situations alone;
// `WALK_SEED` and `WALK_PATH`, as a failure prints them, replay it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEATURES, go, walksWith, type Feature } from '../harness/walk-steps.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { ignoreConsole } from '../setup/console.ts';

ignoreConsole(/which this page would run too/);
ignoreConsole(/of the plugin "walk" threw/);

const { WALKS, WALK_SEED, WALK_PATH, WALK_ACTIONS = 'all' } = process.env;
const numRuns = Number(WALKS ?? (isAiSdk6 ? 1_000 : 4_000));
/** Without a number of its own a run is the same for everybody; who looks for longer looks elsewhere each time. */
const seed = WALK_SEED ?? (WALKS === undefined ? '1' : undefined);
const replay = {
  ...(seed !== undefined && { seed: Number(seed) }),
  ...(WALK_PATH !== undefined && { path: WALK_PATH, endOnFailure: true }),
};
const features = FEATURES.filter(
  (feature: Feature) => WALK_ACTIONS === 'all' || WALK_ACTIONS.split(',').includes(feature),
);

describe('every walk', () => {
  it(
    'keeps the rules of the chat, and ends in a chat that goes on',
    () =>
      fc.assert(
        fc.asyncProperty(walksWith(features), async (walk) => {
          expect(await go(walk)).toEqual([]);
        }),
        { numRuns, ...replay },
      ),
    60_000 + numRuns * 40,
  );
});
