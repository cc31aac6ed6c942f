// Owns the shop's twelve stores: what they are called, where they stand on the map, and the way through them.
import type { Tour } from './shop-contract.ts';

export interface Store {
  storeId: string;
  city: string;
  /** Kilometres from the south-west corner of the map. */
  x: number;
  y: number;
}

export const stores: readonly Store[] = [
  { storeId: 'berlin', city: 'Berlin', x: 560, y: 620 },
  { storeId: 'hamburg', city: 'Hamburg', x: 330, y: 760 },
  { storeId: 'munich', city: 'Munich', x: 440, y: 120 },
  { storeId: 'cologne', city: 'Cologne', x: 90, y: 440 },
  { storeId: 'frankfurt', city: 'Frankfurt', x: 220, y: 350 },
  { storeId: 'stuttgart', city: 'Stuttgart', x: 250, y: 200 },
  { storeId: 'leipzig', city: 'Leipzig', x: 490, y: 500 },
  { storeId: 'dresden', city: 'Dresden', x: 590, y: 470 },
  { storeId: 'bremen', city: 'Bremen', x: 250, y: 710 },
  { storeId: 'hanover', city: 'Hanover', x: 310, y: 620 },
  { storeId: 'nuremberg', city: 'Nuremberg', x: 400, y: 250 },
  { storeId: 'freiburg', city: 'Freiburg', x: 140, y: 100 },
];

const distance = (from: Store, to: Store): number => Math.hypot(from.x - to.x, from.y - to.y);

/** The shortest round trip, found by looking at every one: work that only computes. `onProgress` hears how far it is, from 0 to 1. */
export function planTour(stops: readonly Store[], onProgress: (fraction: number) => void = () => {}): Tour {
  const [first, ...others] = stops;
  if (first === undefined) return { route: [], kilometres: 0 };
  let best: Tour = { route: [], kilometres: Infinity };
  const visit = (route: Store[], left: readonly Store[], kilometres: number): void => {
    const last = route.at(-1)!;
    if (left.length === 0) {
      const total = kilometres + distance(last, first);
      if (total < best.kilometres) best = { route: route.map(({ city }) => city), kilometres: total };
    }
    for (const [index, next] of left.entries()) {
      if (route.length === 1) onProgress(index / left.length);
      visit([...route, next], left.toSpliced(index, 1), kilometres + distance(last, next));
    }
  };
  visit([first], others, 0);
  return { ...best, kilometres: Math.round(best.kilometres) };
}
