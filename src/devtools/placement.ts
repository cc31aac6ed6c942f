/** Owns where the panel is, and that it is there again after a reload. */

export type Dock = 'bottom' | 'right' | 'window';

export interface Placement {
  readonly isOpen: boolean;
  readonly dock: Dock;
  /** The height at the bottom, the width at the side, in pixels. */
  readonly height: number;
  readonly width: number;
}

const FIRST: Placement = { isOpen: false, dock: 'bottom', height: 380, width: 560 };
const KEY = 'use-parallel-tools:devtools';
/** The least of the panel, and the least of the page beside it (px). */
const LEAST = 180;
const LEAST_PAGE = 60;

/** The place as it was left, or `first` where it was never moved. */
export function loadPlacement({
  isOpen = FIRST.isOpen,
  dock = FIRST.dock,
}: {
  readonly isOpen: boolean | undefined;
  readonly dock: Dock | undefined;
}): Placement {
  const first = { ...FIRST, isOpen, dock };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Placement>;
    return { ...first, ...kept };
  } catch {
    return first;
  }
}

export function savePlacement(placement: Placement): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(placement));
  } catch {
    // A storage that is full or forbidden keeps nothing.
  }
}

/** A size that leaves both the panel and the page some room. */
export function limitSize(size: number, available: number): number {
  return Math.round(Math.min(Math.max(size, LEAST), Math.max(LEAST, available - LEAST_PAGE)));
}
