// Owns: what it saves to run calls together, in Node: lookups while a model writes them, at a backend that takes so many requests a second.
import { z } from 'zod';
import { createToolRunner } from '../../src/core/standalone-runner.ts';
import { clientTool, type ClientTool } from '../../src/core/tool.ts';
import type { BenchCase, Probe } from '../bench-case.ts';
import { atMost } from '../goals.ts';
import { showFigure } from '../table.ts';

const LOOKUPS = 12;
const rateLimit = { limit: 5, interval: 1_000 };
const LATENCY = 50;
/** Milliseconds between two calls of the answer: what a fast model needs to write one. */
const GAP = 100;

interface Backend {
  requests: number;
}
type CreateTool = (backend: Backend) => ClientTool<{ id: number }, number>;

const inputSchema = z.object({ id: z.number() });

async function reply<TValue>(backend: Backend, value: TValue): Promise<TValue> {
  backend.requests++;
  await wait(LATENCY);
  return value;
}

const alone: CreateTool = (backend) =>
  clientTool({ inputSchema, readOnly: true, rateLimit, execute: ({ id }) => reply(backend, id) });
const together =
  (coalesce: { wait?: number }): CreateTool =>
  (backend) =>
    clientTool({
      inputSchema,
      readOnly: true,
      rateLimit,
      coalesce,
      executeMany: (inputs) =>
        reply(
          backend,
          inputs.map(({ id }) => id),
        ),
    });

export const coalesce: BenchCase = {
  name: 'coalesce',
  title: `Calls together, in Node: ${LOOKUPS} lookups, written ${GAP} ms apart, at a backend of ${LATENCY} ms that takes ${rateLimit.limit} requests a second: from the first call to the last result`,
  rounds: { full: 5, quick: 2 },
  open: async () => {
    const rows = [
      toRow('`execute`: one request each', alone),
      toRow('`executeMany`, `wait: 0`', together({ wait: 0 })),
      toRow('`executeMany`, `wait: 200`', together({ wait: 200 })),
      toRow('`executeMany`, `wait: 600`', together({ wait: 600 })),
      toRow("`executeMany`, `wait: 'step-end'` (the default)", together({})),
    ] as const;
    return {
      probes: rows.map(({ probe }) => probe),
      judge(figureOf) {
        const time = ({ probe }: Row) => figureOf(probe).median;
        const [first, , , , last] = rows;
        return {
          table: [
            ['', 'until the last result', 'requests'],
            ...rows.map(({ probe, backend }) => [
              probe.contender,
              showFigure(figureOf(probe), ' ms', 0),
              String(backend.requests),
            ]),
          ],
          goals: [
            atMost('time of 12 lookups, together ÷ one by one', time(last) / time(first), 0.7, 0.63),
            atMost(
              'requests of 12 lookups, together ÷ one by one',
              last.backend.requests / first.backend.requests,
              1 / LOOKUPS,
              1 / LOOKUPS,
            ),
          ],
          notes: ['No rival runs calls together, so each of theirs is a request of its own.'],
        };
      },
      close() {},
    };
  },
};

interface Row {
  readonly probe: Probe;
  /** Of the last sample. */
  readonly backend: Backend;
}

function toRow(contender: string, createTool: CreateTool): Row {
  const backend: Backend = { requests: 0 };
  const probe: Probe = {
    contender,
    what: 'until the last result',
    unit: 'ms',
    async sample() {
      backend.requests = 0;
      const start = performance.now();
      await runAnswer(createTool(backend));
      return performance.now() - start;
    },
  };
  return { probe, backend };
}

/** An answer with calls that come one after another, and its end. */
async function runAnswer(lookup: ClientTool<{ id: number }, number>): Promise<void> {
  const runner = createToolRunner({ tools: { lookup } });
  const batch = runner.openBatch('message', 0);
  for (let id = 0; id < LOOKUPS; id++) {
    runner.addCall(batch, { toolCallId: String(id), toolName: 'lookup', input: { id } });
    await wait(GAP);
  }
  runner.endStep(batch);
  while (!runner.isFinished(batch)) await wait(1);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
