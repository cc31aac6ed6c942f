// Owns: the torture: every contender goes through the same faults, and what came of each is counted on a real service.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { BenchCase, Probe } from '../bench-case.ts';
import type { BenchPage } from '../browser/main.tsx';
import { listContenders, ours, type ChatContender } from '../chat-pages.ts';
import { atMost } from '../goals.ts';
import { faults, type Fault } from '../torture/faults.ts';
import { findHarm, HARMS, type Harm } from '../torture/harm.ts';
import { callIdOf, startTortureServer, type Run, type TortureServer } from '../torture/torture-server.ts';

declare const bench: BenchPage;

/** Nothing more is to come when nothing has come for so long (ms). */
const QUIET = 900;
const LONGEST = 8_000;

export const torture: BenchCase = {
  name: 'torture',
  title: `Torture, in Chromium: ${faults.length} situations, with the effects of every call counted by an HTTP service`,
  rounds: { full: 1, quick: 1 },
  async open({ browser, page: buildPage, hasRivals }) {
    const server = await startTortureServer(await buildPage());
    const contenders = listContenders(hasRivals);
    const launched = await browser();
    const outcomes = new Map<Fault, Map<ChatContender, Record<Harm, number>>>();
    const countHarm = async (contender: ChatContender, fault: Fault): Promise<number> => {
      const known = outcomes.get(fault) ?? new Map<ChatContender, Record<Harm, number>>();
      outcomes.set(fault, known);
      // Counts do not vary with the machine: one run is enough.
      if (!known.has(contender)) {
        const context = await launched.newContext();
        known.set(contender, await runFault(server, contender, fault, () => context.newPage()));
        await context.close();
      }
      return sum(Object.values(known.get(contender)!));
    };
    const probes = contenders.map((contender) =>
      faults.map((fault): Probe => ({
        contender: contender.name,
        what: fault.name,
        unit: '',
        sample: () => countHarm(contender, fault),
      })),
    );
    return {
      probes: probes.flat(),
      judge() {
        const harmOf = (contender: ChatContender, fault: Fault) => outcomes.get(fault)!.get(contender)!;
        const total = (contender: ChatContender, harm: Harm) =>
          sum(faults.map((fault) => harmOf(contender, fault)[harm]));
        return {
          table: [
            ['', ...contenders.map(({ name }) => name)],
            ...faults.map((fault) => [
              fault.name,
              ...contenders.map((contender) => describeHarm(harmOf(contender, fault))),
            ]),
            ...HARMS.map((harm) => [
              `**${WORDS[harm]}**`,
              ...contenders.map((contender) => String(total(contender, harm))),
            ]),
          ],
          goals: HARMS.map((harm) => atMost(`torture: ${WORDS[harm]}`, total(ours, harm), 0, 0)),
          notes: ['A cell without words: no harm. After each situation the person sends another message.'],
        };
      },
      close: () => server.close(),
    };
  },
};

const WORDS: Record<Harm, string> = {
  effects: 'wrong effects',
  lost: 'lost results',
  followUps: 'follow-ups too many',
  untold: 'model never told',
  refused: 'requests that a provider refuses',
  stuck: 'next message does not go out',
};

function describeHarm(harm: Record<Harm, number>): string {
  return HARMS.filter((name) => harm[name] > 0)
    .map((name) => `${WORDS[name]}: ${harm[name]}`)
    .join(', ');
}

async function runFault(
  server: TortureServer,
  contender: ChatContender,
  fault: Fault,
  openPage: () => Promise<Page>,
): Promise<Record<Harm, number>> {
  const { acts = [], isStrict = false, milliseconds = 60, endings = {} } = fault;
  const run = server.begin(fault);
  const openChat = async (tab: Page, isPending: boolean) => {
    await tab.goto(`${server.url}?torture&contender=${contender.file}`);
    await tab.waitForFunction('window.bench');
    await tab.evaluate(([time, ends]) => bench.torment(time, ends), [milliseconds, endings] as const);
    const calls = fault.answers[0]!.filter((step) => step.type === 'call');
    const pending = calls.map((step) => ({ id: callIdOf(step), input: { index: step.index, milliseconds: 0 } }));
    await tab.evaluate((options) => bench.mount(0, options), { isStrict, ...(isPending && { pending }) });
  };
  const tab = await openPage();
  await openChat(tab, false);
  await tab.evaluate(() => bench.send());
  for (const act of acts) {
    if (act.type === 'wait') await sleep(act.milliseconds);
    if (act.type === 'until-effect') await until(() => run.effects.size > 0);
    if (act.type === 'stop') await tab.evaluate(() => bench.stop());
    if (act.type === 'send') await tab.evaluate(() => bench.send());
    if (act.type === 'reload') await openChat(tab, true);
    if (act.type === 'second-tab') await openChat(await openPage(), true);
  }
  await quiet(run);
  const asked = run.requests.length;
  await tab
    .evaluate(() => bench.send())
    .catch((error: unknown) => console.error(`${contender.name}, ${fault.name}:`, String(error).slice(0, 200)));
  await until(() => run.requests.length > asked);
  await quiet(run);
  return findHarm(fault, run, run.requests.length > asked);
}

async function quiet(run: Run): Promise<void> {
  run.lastAt = Date.now();
  const end = Date.now() + LONGEST;
  while (Date.now() - run.lastAt < QUIET && Date.now() < end) await sleep(50);
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + LONGEST / 2;
  while (!isTrue() && Date.now() < end) await sleep(20);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((left, right) => left + right, 0);
