// Owns: the figures in docs/contributing/benchmarks.md: `node bench/write-docs.ts FILE`, with the JSON of `npm run bench -- --json FILE`. It replaces what
// stands between the marks `<!-- bench NAME -->` and `<!-- /bench -->`, where NAME is `machine`, `goals` or a case; words stay as they are.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Goal } from './bench-case.ts';
import { formatTable } from './table.ts';

interface Report {
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly title: string;
    readonly rounds: number;
    readonly table: readonly (readonly string[])[];
    readonly notes: readonly string[];
  }[];
  readonly goals: readonly Goal[];
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new TypeError('Expected the JSON file of a run: npm run bench -- --json FILE.');
const report: Report = JSON.parse(readFileSync(file, 'utf8'));
const docs = fileURLToPath(new URL('../docs/contributing/benchmarks.md', import.meta.url));

const blocks = new Map<string, string>([
  ['machine', describeRun(report)],
  ['goals', formatGoals(report.goals)],
  ...report.cases.map(({ name, title, rounds, table, notes }): [string, string] => [
    name,
    [`${title}. Median of ${rounds}.`, formatTable(table), ...notes].join('\n\n'),
  ]),
]);
const missing = new Set(blocks.keys());
const written = readFileSync(docs, 'utf8').replace(
  /(<!-- bench ([\w-]+) -->\n)[^]*?(<!-- \/bench -->)/g,
  (whole, start: string, name: string, end: string) => {
    const block = blocks.get(name);
    missing.delete(name);
    return block === undefined ? whole : `${start}\n${block}\n\n${end}`;
  },
);
if (missing.size > 0)
  throw new Error(`Expected marks for ${[...missing].join(', ')} in docs/contributing/benchmarks.md.`);
writeFileSync(docs, written);
spawnSync('npx', ['oxfmt', docs], { stdio: 'inherit', shell: process.platform === 'win32' });

function describeRun({ date, quick, machine }: Report): string {
  const command = `npm run bench -- ${quick ? '--quick ' : ''}--json FILE`;
  return `Measured on ${date.slice(0, 10)} with \`${command}\`, in one run. ${Object.values(machine).join('; ')}.`;
}

function formatGoals(goals: readonly Goal[]): string {
  const rows = goals.map(({ name, value, target, met }) => [
    name,
    value.toFixed(3),
    target,
    met ? 'met' : '**not met**',
  ]);
  return formatTable([['goal', 'value', 'target', ''], ...rows]);
}
