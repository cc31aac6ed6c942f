// Owns: the figures in docs/contributing/benchmarks.md and the pictures of the bench in docs/images: `node bench/write-docs.ts FILE`, with the JSON of
// `npm run bench -- --json FILE`. It replaces what stands between the marks `<!-- bench NAME -->` and `<!-- /bench -->`, where NAME is `machine`,
// `goals`, `crashes` or a case; words stay as they are. Without FILE it writes what needs no run: `crashes`.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Goal } from './bench-case.ts';
import { crashTable } from './crash-table.ts';
import { showValue } from './goals.ts';
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
    readonly drawings?: Readonly<Record<string, string>>;
  }[];
  readonly goals: readonly Goal[];
}

const [file] = process.argv.slice(2);
const report: Report | undefined = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));
const docs = fileURLToPath(new URL('../docs/contributing/benchmarks.md', import.meta.url));

const blocks = new Map<string, string>([
  ['crashes', formatTable(crashTable())],
  ...(report === undefined ? [] : describeReport(report)),
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
for (const [name, drawing] of (report?.cases ?? []).flatMap(({ drawings = {} }) => Object.entries(drawings))) {
  writeFileSync(fileURLToPath(new URL(`../docs/images/${name}`, import.meta.url)), drawing);
}
spawnSync('npx', ['oxfmt', docs], { stdio: 'inherit', shell: process.platform === 'win32' });

function describeReport(report: Report): [string, string][] {
  return [
    ['machine', describeRun(report)],
    ['goals', formatGoals(report.goals)],
    ...report.cases.map(({ name, title, rounds, table, notes }): [string, string] => [
      name,
      [`${title}. Median of ${rounds}.`, formatTable(table), ...notes].join('\n\n'),
    ]),
  ];
}

function describeRun({ date, quick, machine }: Report): string {
  const command = `npm run bench -- ${quick ? '--quick ' : ''}--json FILE`;
  return `Measured on ${date.slice(0, 10)} with \`${command}\`, in one run. ${Object.values(machine).join('; ')}.`;
}

function formatGoals(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => [
    goal.name,
    showValue(goal),
    goal.target,
    goal.outcome === 'not met' ? '**not met**' : goal.outcome,
  ]);
  return formatTable([['goal', 'value', 'target', ''], ...rows]);
}
