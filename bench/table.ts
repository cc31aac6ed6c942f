// Owns: how figures and tables look in a terminal.
import type { Figure } from './bench-case.ts';

/** `105.2 ms (104.9 to 105.8)`: the median, and where the middle half of the samples lies. */
export function showFigure({ median, low, high }: Figure, unit: string, digits = 1): string {
  return `${median.toFixed(digits)} ${unit} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** A table whose first row is its head and whose first column stands left; as Markdown, to be copied. */
export function formatTable([head, ...rows]: readonly (readonly string[])[]): string {
  if (head === undefined) return '';
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
