'use client';
/** Owns where focus goes when the button that has it disappears, as Retry does once it was pressed: to the trigger beside it. */
import type { RefObject } from 'react';
import { useLayoutEffect } from './use-layout-effect.ts';

/** Hands focus inside `ref` over to the trigger of its card or group when `ref` leaves the page. */
export function useFocusHandover(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element === null || !element.contains(element.ownerDocument.activeElement)) return;
      const owner = element.closest('[data-slot="tool-call-card"], [data-slot="tool-call-group"]');
      const trigger = owner?.querySelector<HTMLElement>(`[data-slot="${owner.getAttribute('data-slot')}-trigger"]`);
      trigger?.focus({ preventScroll: true });
    };
  }, [ref]);
}
