// Owns: work for one processor, wherever it runs.

/** Computes for so many milliseconds. */
export function spin(milliseconds: number): string {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  return 'done';
}
