// Owns: the command line: `npm run bench -- [--quick] [--guard] [--case NAME] [--json FILE]`. Prints a table a case and every goal.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { chromiumLaunchOptions } from '../scripts/chromium.ts';
import type { Bench, Goal } from './bench-case.ts';
import { buildPage, hasRivals } from './build-page.ts';

// Before anything else is loaded: what is measured is what users get.
process.env['NODE_ENV'] = 'production';
const { cases } = await import('./cases/cases.ts');
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
  hasRivals: hasRivals() && !values.guard,
  browser: () => (browser ??= chromium.launch(chromiumLaunchOptions())),
  page: () => (page ??= buildPage()),
};
const machine = describeMachine();
console.log(Object.values(machine).join(', '));

const goals: Goal[] = [];
const results: object[] = [];
// Those with ratios that a busy machine leaves alone.
const guarded = ['batch-latency', 'start', 'scheduler', 'long-chat', 'size'];
const names = values.case ?? (values.guard ? guarded : cases.map(({ name }) => name));
for (const { name, title, rounds, open } of cases.filter((each) => names.includes(each.name))) {
  const count = values.quick ? rounds.quick : rounds.full;
  const running = await open(bench);
  const figures = await interleave(running.probes, count).finally(() => running.close());
  const {
    table,
    goals: judged,
    notes = [],
  } = running.judge((probe) => {
    const figure = figures.get(probe);
    if (figure === undefined) throw new Error(`Expected a figure for ${probe.what} of ${probe.contender}.`);
    return figure;
  });
  console.log(`\n${title}\nmedian of ${count} interleaved runs\n\n${[formatTable(table), ...notes].join('\n')}`);
  goals.push(...judged);
  const rows = [...figures].map(([{ contender, what, unit }, figure]) => ({ contender, what, unit, ...figure }));
  results.push({ name, title, rounds: count, table, figures: rows, notes });
}
await (await browser)?.close();
if (page !== undefined) rmSync(await page, { recursive: true });

console.log('\nGoals');
for (const { name, value, target, met, guard } of goals) {
  console.log(
    `  ${met ? 'met    ' : 'NOT met'}  ${name}: ${value.toFixed(3)} (${target})${guard === 'broken' ? ' GUARD BROKEN' : ''}`,
  );
}
if (values.json !== undefined) {
  const report = { date: new Date().toISOString(), quick: values.quick, machine, cases: results, goals };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
if (values.guard) {
  const broken = goals.filter(({ guard }) => guard === 'broken');
  console.log(`\nguard: ${goals.filter(({ guard }) => guard === 'kept').length} kept, ${broken.length} broken`);
  if (broken.length > 0) process.exitCode = 1;
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
