/** Owns which lines of a laid out value fold into the line that opens them. Pure. */
import type { ValueLine } from './lines.ts';

/** Where each nested object or array ends, by the line that opens it. A short value has none: there is nothing to gain. */
export function findFolds(lines: readonly ValueLine[]): ReadonlyMap<number, number> {
  const folds = new Map<number, number>();
  if (lines.length < SHORTEST_FOLDED) return folds;
  const open: number[] = [];
  lines.forEach((line, index) => {
    const last = open.at(-1);
    if (last !== undefined && line.depth === lines[last]?.depth) {
      folds.set(last, index);
      open.pop();
    }
    const next = lines[index + 1];
    if (line.depth > 0 && next !== undefined && next.depth > line.depth) open.push(index);
  });
  return folds;
}

/** The fewest lines of a value that folds. */
const SHORTEST_FOLDED = 12;

/** The lines that are seen, by their index. */
export function listSeen(
  lines: readonly ValueLine[],
  folds: ReadonlyMap<number, number>,
  folded: ReadonlySet<number>,
): number[] {
  const seen: number[] = [];
  for (let index = 0; index < lines.length; index++) {
    seen.push(index);
    const end = folded.has(index) ? folds.get(index) : undefined;
    if (end !== undefined) index = end;
  }
  return seen;
}
