// Owns: random walks of a person, the model, the tools and the network on a live chat; the rules hold at every step.
// `WALKS=100000 npx vitest run test/chat/walk` looks for longer; `WALK_SEED` and `WALK_PATH`, as a failure prints them, replay it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { WalkWorld } from '../harness/walk-world.ts';

const { WALKS, WALK_SEED, WALK_PATH } = process.env;
const walks = Number(WALKS ?? 2_000);

const STEPS: Record<string, { weight: number; act: (world: WalkWorld, pick: number) => void }> = {
  send: { weight: 4, act: (world) => world.send() },
  call: { weight: 10, act: (world, pick) => world.call(pick) },
  text: { weight: 2, act: (world) => world.text() },
  finish: { weight: 8, act: (world) => world.finish('tool-calls') },
  'finish with length': { weight: 1, act: (world) => world.finish('length') },
  close: { weight: 1, act: (world) => world.close() },
  error: { weight: 1, act: (world) => world.error() },
  lose: { weight: 2, act: (world) => world.lose() },
  resume: { weight: 3, act: (world) => world.resume() },
  'reset step': { weight: 1, act: (world) => world.resetStep() },
  'refuse next': { weight: 1, act: (world) => world.refuseNext() },
  succeed: { weight: 10, act: (world, pick) => world.settle(pick, true) },
  fail: { weight: 4, act: (world, pick) => world.settle(pick, false) },
  yes: { weight: 6, act: (world, pick) => world.answer(pick, true) },
  no: { weight: 2, act: (world, pick) => world.answer(pick, false) },
  retry: { weight: 4, act: (world, pick) => world.retry(pick) },
  cancel: { weight: 2, act: (world, pick) => world.cancel(pick) },
  'cancel all': { weight: 1, act: (world) => world.cancelAll() },
  stop: { weight: 2, act: (world) => world.stop() },
  regenerate: { weight: 1, act: (world) => world.regenerate() },
  resend: { weight: 1, act: (world) => world.resend() },
  reload: { weight: 1, act: (world, pick) => world.reload(pick % 2 === 0) },
  remount: { weight: 1, act: (world) => world.remount() },
};

// Version 6 does not know the chunk: without it its walks are the same.
if (isAiSdk6) delete STEPS['reset step'];

/** `settles`: whether what is ready happens before the next step; else both happen in one turn. */
const step = fc.record({
  name: fc.oneof(...Object.entries(STEPS).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) }))),
  pick: fc.nat(100),
  settles: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

describe('every walk', () => {
  it(
    'keeps the rules of the chat, and ends in a chat that goes on',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
          const world = new WalkWorld();
          world.send();
          await world.look();
          for (const { name, pick, settles } of steps) {
            // The SDK would resume beside a request that is on its way; a page that resumes has seen the chat idle.
            if (name === 'resume' || name === 'reload') await world.look();
            STEPS[name]!.act(world, pick);
            if (settles || name === 'reload') await world.look();
          }
          await world.end();
          expect(world.problems).toEqual([]);
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
