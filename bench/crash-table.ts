// Owns: the crash matrix of the journal as a table: what becomes of calls when their page ends at each moment. The moments are those of
// test/e2e/durable.test.ts, which kills a page's process at every one of them and counts at a real service.
import { MOMENTS, type Moment } from '../test/e2e/durable-moments.ts';

export function crashTable(): string[][] {
  const rows = Object.entries<Moment>(MOMENTS).map(([name, { shown, runs = [], writes, sends }]) => [
    name,
    shown.join(', '),
    runs.join(', ') || 'nothing',
    count(writes),
    sends === undefined ? 'none' : `one, with ${sends.length === 1 ? 'its result' : `all ${sends.length} results`}`,
  ]);
  return [
    [
      'the page ends',
      'its calls in the next page',
      'what that page runs',
      'effects of writes',
      'what it sends by itself',
    ],
    ...rows,
  ];
}

/** Each write once is `2 writes, once each`. */
function count(writes: readonly string[]): string {
  if (writes.length === 0) return 'none';
  const different = new Set(writes).size;
  if (different < writes.length) return `${writes.length} of one write: a person ran it again`;
  return different === 1 ? '1 write, once' : `${different} writes, once each`;
}
