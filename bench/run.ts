// Owns: the command line: `npm run bench -- [--quick] [--guard] [--case NAME] [--json FILE]`. Prints a table a case and every goal.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { chromiumLaunchOptions } from '../scripts/chromium.ts';
import type { Bench, BenchCase, Figure, Goal, Probe } from './bench-case.ts';
import { buildPage, hasRivals } from './build-page.ts';

// Before anything else is loaded: what is measured is what users get.
process.env['NODE_ENV'] = 'production';
const { cases } = await import('./cases/cases.ts');
const { showValue } = await import('./goals.ts');
const { interleave } = await import('./interleave.ts');
const { formatTable } = await import('./table.ts');

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    guard: { type: 'boolean', default: false },
    case: { type: 'string', multiple: true },
    json: { type: 'string' },
  },
});
// The guard compares ratios within this library and with the AI SDK: it needs nothing from the network.
if (!values.guard && !hasRivals()) installRivals();

let browser: Promise<Browser> | undefined;
let page: Promise<string> | undefined;
const bench: Bench = {
  quick: values.quick,
  isGuard: values.guard,
  hasRivals: hasRivals() && !values.guard,
  browser: () => (browser ??= chromium.launch(chromiumLaunchOptions())),
  page: () => (page ??= buildPage()),
};
const machine = describeMachine();
console.log(Object.values(machine).join(', '));

const goals: Goal[] = [];
const results: object[] = [];
/** Until when (ms) the guard takes more rounds of a case whose ratios are not sharp yet: CI has some three minutes for all of it. */
const PATIENCE = 80_000;
// Those with ratios that a busy machine leaves alone.
const guarded = ['batch-latency', 'start', 'scheduler', 'long-chat', 'size'];
const names = values.case ?? (values.guard ? guarded : cases.map(({ name }) => name));
for (const each of cases.filter(({ name }) => names.includes(name))) {
  const measured = await measure(each);
  if (measured === undefined) continue;
  results.push(measured.result);
  goals.push(...(values.guard ? await confirm(each, measured.goals) : measured.goals));
}
await (await browser)?.close();
if (page !== undefined) rmSync(await page, { recursive: true });

console.log('\nGoals');
for (const goal of goals) {
  const guard = goal.guard && `; guard ${goal.guard.bound.toFixed(3)}${goal.guard.isKept ? '' : ' BROKEN'}`;
  console.log(`  ${goal.outcome.padEnd(16)}  ${goal.name}: ${showValue(goal)} (${goal.target}${guard ?? ''})`);
}
if (values.json !== undefined) {
  const report = { date: new Date().toISOString(), quick: values.quick, machine, cases: results, goals };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
if (values.guard) {
  const guards = goals.filter(({ guard }) => guard !== undefined);
  const broken = guards.filter(isBroken);
  const blunt = guards.filter(isBlunt);
  console.log(`\nguard: ${guards.length - broken.length} kept, ${broken.length} broken`);
  if (blunt.length > 0) {
    console.log('This machine was too busy for a slowdown of 1.3 × to be told from noise in:');
    for (const { name } of blunt) console.log(`  ${name}`);
  }
  if (broken.length > 0) process.exitCode = 1;
}

/** One run of a case, printed; `undefined` for one that cannot be run here. */
async function measure({ name, title, rounds, open }: BenchCase) {
  const count = (values.guard ? rounds.guard : undefined) ?? (values.quick ? rounds.quick : rounds.full);
  const running = await open(bench);
  if (typeof running === 'string') {
    console.log(`\n${title}\nskipped: ${running}`);
    return undefined;
  }
  const judge = (figures: ReadonlyMap<Probe, Figure>) =>
    running.judge((probe) => {
      const figure = figures.get(probe);
      if (figure === undefined) throw new Error(`Expected a figure for ${probe.what} of ${probe.contender}.`);
      return figure;
    });
  const wantsMore = (figures: ReadonlyMap<Probe, Figure>) =>
    values.guard && performance.now() < PATIENCE && judge(figures).goals.some(isBlunt);
  const figures = await interleave(running.probes, count, wantsMore).finally(() => running.close());
  const { table, goals, notes = [], drawings } = judge(figures);
  const taken = Math.max(...[...figures.values()].map(({ samples }) => samples.length));
  console.log(`\n${title}\nmedian of ${taken} interleaved runs\n\n${[formatTable(table), ...notes].join('\n')}`);
  const rows = [...figures].map(([{ contender, what, unit }, figure]) => ({ contender, what, unit, ...figure }));
  const result = { name, title, rounds: taken, table, figures: rows, notes, ...(drawings && { drawings }) };
  return { goals, result };
}

/** A guard counts as broken if a second run breaks it too: once can be the machine. */
async function confirm(each: BenchCase, first: readonly Goal[]): Promise<readonly Goal[]> {
  const broken = first.filter(isBroken);
  if (broken.length === 0) return first;
  console.log(`\n${broken.map(({ name }) => name).join(', ')}: beyond the guard. Once more:`);
  const second = (await measure(each))?.goals ?? [];
  return first.map((goal) => (isBroken(goal) ? (second.find(({ name }) => name === goal.name) ?? goal) : goal));
}

function isBroken({ guard }: Goal): boolean {
  return guard?.isKept === false;
}

/** Its range is so wide that a slowdown of 1.3 × would not be found. */
function isBlunt({ guard }: Goal): boolean {
  return guard?.isSharp === false;
}

/** The rivals have a lockfile of their own, so that `npm ci` at the root stays light. */
function installRivals(): void {
  console.log('The rivals are not installed: npm ci --prefix bench (once, about 150 MB)');
  const folder = new URL('.', import.meta.url);
  const command = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', command, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) console.log('That failed: this run goes on without the rivals.');
}

function describeMachine() {
  const versionOf = (name: string, folder: string): string => {
    const { version } = JSON.parse(
      readFileSync(new URL(`${folder}/node_modules/${name}/package.json`, import.meta.url), 'utf8'),
    );
    return `${name} ${version}`;
  };
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const own = ['ai', '@ai-sdk/react', 'react'];
  const rivals = bench.hasRivals ? Object.keys(dependencies).filter((name) => !own.includes(name)) : [];
  return {
    node: `Node ${process.version}`,
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? process.arch}`,
    versions: [...own.map((name) => versionOf(name, '..')), ...rivals.map((name) => versionOf(name, '.'))].join(', '),
  };
}
