// Owns: the parallel cases of the Berkeley Function Calling Leaderboard, run under random policies. `BFCL` names their folder
// (default: beside the recordings). Where somebody named a folder, a missing one is a failure; else one line says that it is missing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema } from 'ai';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientTool, createToolRunner, type ToolPolicy } from '../../src/core/index.ts';
import { createFakeClock } from './fake-clock.ts';

interface Case {
  readonly id: string;
  readonly tools: readonly { readonly name: string; readonly inputSchema: object }[];
  readonly expectedCalls: readonly { readonly name: string; readonly args: unknown }[];
}

const { BFCL, RECORDINGS } = process.env;
const file = join(BFCL || join(RECORDINGS || '../shared/recordings', '../bfcl'), 'cases.json');
const isThere = existsSync(file);
if (!isThere && (BFCL || RECORDINGS))
  throw new Error(`There is no ${file}. Point BFCL at the cases, or unset it to skip them.`);
if (!isThere) console.log(`bfcl: skipped, there is no ${file}`);
// SAFETY: the cases' own README says what they hold.
const cases: readonly Case[] = isThere ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]) : [];

const policy: fc.Arbitrary<ToolPolicy> = fc.record(
  {
    readOnly: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 3 }),
    sequential: fc.boolean(),
    rateLimit: fc.record({ limit: fc.integer({ min: 1, max: 3 }), interval: fc.integer({ min: 1, max: 50 }) }),
    locks: fc.constantFrom<NonNullable<ToolPolicy['locks']>>(
      (input) => ({ write: [JSON.stringify(input)] }),
      () => ({ write: ['all'] }),
      () => ({ read: ['all'] }),
    ),
  },
  { requiredKeys: [] },
);

describe.runIf(isThere)('the parallel cases of BFCL', () => {
  it('are all there', () => {
    expect(cases).toHaveLength(240);
  });

  it.each(cases.map((each) => [each.id, each] as const))(
    '%s runs every expected call once, with its exact input',
    async (_, { tools, expectedCalls }) => {
      const calls = expectedCalls.map(({ name, args }, index) => ({
        toolCallId: `${index}`,
        toolName: name,
        input: args,
      }));
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.array(policy, { minLength: tools.length, maxLength: tools.length }),
          fc.array(fc.nat({ max: 30 }), { minLength: calls.length, maxLength: calls.length }),
          async (concurrency, policies, latencies) => {
            const clock = createFakeClock();
            const seen: [string, string, unknown][] = [];
            const entries = tools.map(({ name, inputSchema }, index) => {
              const execute = (input: unknown, { toolCallId }: { toolCallId: string }) => {
                seen.push([toolCallId, name, input]);
                return new Promise((resolve) =>
                  clock.setTimer(() => resolve(toolCallId), latencies[Number(toolCallId)]!),
                );
              };
              return [name, clientTool({ inputSchema: jsonSchema(inputSchema), ...policies[index], execute })] as const;
            });
            const runner = createToolRunner({ tools: Object.fromEntries(entries), concurrency, clock });
            const results = runner.runCalls(calls);
            while (await clock.advanceToNext());
            expect((await results).map(({ status, output }) => [status, output])).toEqual(
              calls.map(({ toolCallId }) => ['succeeded', toolCallId]),
            );
            expect(seen.toSorted(([left], [right]) => Number(left) - Number(right))).toEqual(
              calls.map(({ toolCallId, toolName, input }) => [toolCallId, toolName, input]),
            );
          },
        ),
        { numRuns: 10, seed: 7 },
      );
    },
  );
});
