// Owns: random lives of up to three tabs on one chat, with the real SDK, bridge, journal and tabs; whatever comes between them, the rules hold.
// `TAB_RUNS=100000 npx vitest run test/chat/shared-tabs.property` looks for longer; `TAB_SEED` and `TAB_PATH`, as a failure prints them, replay it.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TabsWalk, type TabsStep } from '../harness/tabs-walk.ts';
import { ignoreConsole } from '../setup/console.ts';

ignoreConsole(/the journal of tool calls has a fault/);
ignoreConsole(/tabs that share a chat have a fault/);

const { TAB_RUNS, TAB_SEED, TAB_PATH } = process.env;
const numRuns = Number(TAB_RUNS ?? 2_000);
const replay = {
  ...(TAB_SEED !== undefined && { seed: Number(TAB_SEED) }),
  ...(TAB_PATH !== undefined && { path: TAB_PATH, endOnFailure: true }),
};

/** What may happen next, as often as it stands here. */
const STEPS = (
  'send send model model model tool tool tool fail command command command ' +
  'open open reload crash freeze sleep wake wake take usurp usurp disk wait wait settle'
).split(' ') as TabsStep[];

const step = fc.record({
  name: fc.constantFrom(...STEPS),
  /** Which one of those that it may happen to. */
  pick: fc.nat(11),
  /** How many turns of the event loop come after it. */
  turns: fc.constantFrom(0, 0, 1, 2, 4, 40),
});

const lives = fc.record({
  steps: fc.array(step, { minLength: 4, maxLength: 28 }),
  /** Without one less is known, and the rules hold all the same. */
  hasJournal: fc.constantFrom(true, true, false),
});

it(
  'runs a write once without a person’s word, keeps it in the chat, sends one follow-up a batch, and shows the same in each tab',
  async () => {
    await fc.assert(
      fc.asyncProperty(lives, async ({ steps, hasJournal }) => {
        const walk = new TabsWalk({ hasJournal });
        await walk.begin();
        for (const { name, pick, turns } of steps) {
          await walk.take(name, pick);
          await walk.world.settle(turns);
        }
        await walk.end();
        expect(walk.problems()).toEqual([]);
      }),
      { numRuns, ...replay },
    );
  },
  60_000 + numRuns * 200,
);
