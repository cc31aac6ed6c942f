// Owns: random conversations over HTTP, of which a real server keeps every byte: what was withheld is in none of them, whatever a person does.
// `BYTE_RUNS=10000 npx vitest run test/disclosure/bytes` looks for longer; `BYTE_SEED` replays a failure.
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startByteServer } from '../harness/byte-server.ts';
import { MODES, SecretWorld, type Action, type Script } from '../harness/secret-world.ts';
import { ignoreConsole } from '../setup/console.ts';

ignoreConsole(/of the plugin "disclosure" threw/);
ignoreConsole(/the journal of tool calls has a fault/);

let server: Awaited<ReturnType<typeof startByteServer>>;
beforeAll(async () => {
  server = await startByteServer();
});
afterAll(() => server.close());

const { BYTE_RUNS = '300', BYTE_SEED } = process.env;
/** Conversations that go on side by side: most of their time they wait. */
const TOGETHER = 10;

const script: fc.Arbitrary<Script> = fc.record({
  modes: fc.array(fc.constantFrom(...MODES), { maxLength: 4 }),
  cut: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 8 }) }),
});
const action: fc.Arbitrary<Action> = fc.record({
  name: fc.constantFrom('message', 'message', 'retry', 'resend', 'regenerate', 'stop', 'cancel', 'consent', 'consent', 'reload', 'resume', 'wait', 'wait'),
  pick: fc.nat(60),
}); // prettier-ignore
const conversation = fc.record({
  scripts: fc.array(script, { minLength: 2, maxLength: 8 }),
  actions: fc.array(action, { minLength: 3, maxLength: 14 }),
});

it(
  'nothing that was withheld is in a request, a span, the messages, the record, the file of the session or the journal',
  async () => {
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(conversation, { minLength: TOGETHER, maxLength: TOGETHER }), async (conversations) => {
        const leaks = await Promise.all(
          conversations.map(async ({ scripts, actions }) => {
            const world = new SecretWorld(server, scripts);
            await world.act({ name: 'message', pick: 1 });
            for (const each of actions) await world.act(each);
            await world.end();
            requests += world.requests;
            return world.leaks;
          }),
        );
        expect(leaks.flat()).toEqual([]);
      }),
      {
        numRuns: Math.ceil(Number(BYTE_RUNS) / TOGETHER),
        // A smaller conversation would take minutes to find, and says no more than the places of the leaks.
        endOnFailure: true,
        ...(BYTE_SEED !== undefined && { seed: Number(BYTE_SEED) }),
      },
    );
    // Each conversation has sent something, and most more than once.
    expect(requests).toBeGreaterThan(Number(BYTE_RUNS));
  },
  60_000 + Number(BYTE_RUNS) * 200,
);
