// Owns: the command line: `npm run bench -- [--quick] [--json FILE]`. Prints a table a case and every goal; writes them to a file if asked.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Goal } from './bench-case.ts';

// Before React is loaded: what is measured is what users get.
process.env['NODE_ENV'] = 'production';
const { cases } = await import('./cases/cases.ts');
const { interleave } = await import('./interleave.ts');
const { formatTable } = await import('./table.ts');

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const machine = describeMachine();
console.log(Object.values(machine).join(', '));

const goals: Goal[] = [];
const results: object[] = [];
for (const { name, title, rounds, open } of cases) {
  const count = values.quick ? rounds.quick : rounds.full;
  const running = await open();
  const figures = await interleave(running.probes, count).finally(() => running.close());
  const verdict = running.judge((probe) => {
    const figure = figures.get(probe);
    if (figure === undefined) throw new Error(`Expected a figure for ${probe.what} of ${probe.contender}.`);
    return figure;
  });
  console.log(
    `\n${title}\nmedian of ${count} interleaved runs (the middle half of them)\n\n${formatTable(verdict.table)}`,
  );
  goals.push(...verdict.goals);
  const rows = [...figures].map(([{ contender, what, unit }, figure]) => ({ contender, what, unit, ...figure }));
  results.push({ name, title, rounds: count, figures: rows });
}

console.log('\nGoals');
for (const { name, value, target, met } of goals) {
  console.log(`  ${met ? 'met    ' : 'NOT met'}  ${name}: ${value.toFixed(2)} (${target})`);
}
if (values.json !== undefined) {
  const report = { date: new Date().toISOString(), quick: values.quick, machine, cases: results, goals };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

function describeMachine() {
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
  return {
    node: `Node ${process.version}`,
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? process.arch}`,
    ai: `ai ${versionOf('ai')}`,
    aiReact: `@ai-sdk/react ${versionOf('@ai-sdk/react')}`,
    react: `react ${versionOf('react')}`,
  };
}
