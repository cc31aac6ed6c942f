// Owns: random walks of a person, the model, the tools and the network on a live chat; the rules hold at every step.
// `WALKS=100000 npx vitest run test/chat/walk` looks for longer; `WALK_ACTIONS=hide,joined` adds situations (`all`: every one);
// `WALK_SEED` and `WALK_PATH`, as a failure prints them, replay it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEATURES, LANDED, STEPS, walksWith } from '../harness/walk-steps.ts';
import { WalkWorld } from '../harness/walk-world.ts';
import { ignoreConsole } from '../setup/console.ts';

ignoreConsole(/which this page would run too/);

const { WALKS, WALK_SEED, WALK_PATH, WALK_ACTIONS = '' } = process.env;
const walks = Number(WALKS ?? 2_000);
const features = new Set<string>([...LANDED, ...(WALK_ACTIONS === 'all' ? FEATURES : WALK_ACTIONS.split(','))]);

describe('every walk', () => {
  it(
    'keeps the rules of the chat, and ends in a chat that goes on',
    async () => {
      await fc.assert(
        fc.asyncProperty(walksWith(features), async ({ setup, steps }) => {
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
        {
          numRuns: walks,
          ...(WALK_SEED !== undefined && { seed: Number(WALK_SEED) }),
          ...(WALK_PATH !== undefined && { path: WALK_PATH, endOnFailure: true }),
        },
      );
    },
    60_000 + walks * 40,
  );
});
