// Owns: random walks of a person, the model, the tools and the network on a live chat; the rules hold at every step.
// `WALKS=100000 npx vitest run test/chat/walk` looks for longer; `WALK_ACTIONS=hide,joined` has those situations alone (`all`: every one);
// `WALK_SEED` and `WALK_PATH`, as a failure prints them, replay it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEATURES, LANDED, OPEN, STEPS, walksWith } from '../harness/walk-steps.ts';
import { WalkWorld } from '../harness/walk-world.ts';
import { ignoreConsole } from '../setup/console.ts';

ignoreConsole(/which this page would run too/);
ignoreConsole(/of the plugin "walk" threw/);

const { WALKS, WALK_SEED, WALK_PATH, WALK_ACTIONS } = process.env;
const walks = Number(WALKS ?? 2_000);
const replay = {
  ...(WALK_SEED !== undefined && { seed: Number(WALK_SEED) }),
  ...(WALK_PATH !== undefined && { path: WALK_PATH, endOnFailure: true }),
};

/** Single situations have the same walks every time, until they have walked as far as all others. */
const seedOf = (features: readonly string[]) =>
  features.length === 1 && WALK_ACTIONS === undefined ? { seed: 1 } : {};

async function expectRules(features: readonly string[], numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(walksWith(new Set(features)), async ({ setup, steps }) => {
      const world = new WalkWorld(setup);
      world.send();
      await world.look();
      for (const { name, pick, settles } of steps) {
        const { calm, act } = STEPS[name]!;
        if (calm !== undefined) await world.look();
        act(world, pick);
        if (settles || calm === 'around') await world.look();
      }
      await world.end();
      expect(world.rules.problems).toEqual([]);
    }),
    { numRuns, ...seedOf(features), ...replay },
  );
}

const patience = 60_000 + walks * 40;

/** Which situations walks have, and how many walks there are. */
const kinds: [name: string, features: readonly string[], count: number][] =
  WALK_ACTIONS === undefined
    ? [
        [LANDED.join(', '), LANDED, walks],
        ...FEATURES.filter((feature) => !LANDED.includes(feature) && !OPEN.includes(feature)).map(
          (feature): [string, readonly string[], number] => [feature, [feature], walks / 10],
        ),
      ]
    : [[WALK_ACTIONS, WALK_ACTIONS === 'all' ? FEATURES : WALK_ACTIONS.split(','), walks]];

describe('every walk', () => {
  it.each(kinds)(
    'keeps the rules of the chat, and ends in a chat that goes on: %s',
    (_, features, count) => expectRules(features, count),
    patience,
  );
});
