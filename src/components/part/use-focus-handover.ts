'use client';
/** Owns where focus goes when what has it disappears, as Retry does once it was pressed: to the trigger that is left. */
import type { RefObject } from 'react';
import { useLayoutEffect } from './use-layout-effect.ts';

/** Hands focus inside `ref` over to the trigger of its card or group when `ref` leaves the page. */
export function useFocusHandover(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (isFocusInside(element)) focusTrigger(element?.closest(`${CARD}, ${GROUP}`));
    };
  }, [ref]);
}

/** Hands focus inside the card at `ref` over to the trigger of its group when the group hides the card. */
export function useHiddenFocus(ref: RefObject<HTMLElement | null>, isHidden: boolean): void {
  useLayoutEffect(() => {
    if (isHidden && isFocusInside(ref.current)) focusTrigger(ref.current?.closest(GROUP));
  }, [ref, isHidden]);
}

/** Whether the element, or something in it, has focus. */
export function isFocusInside(element: Element | null | undefined): boolean {
  return element?.contains(element.ownerDocument.activeElement) === true;
}

const CARD = '[data-slot="tool-call-card"]';
const GROUP = '[data-slot="tool-call-group"]';

function focusTrigger(owner: Element | null | undefined): void {
  const trigger = owner?.querySelector<HTMLElement>(`[data-slot="${owner.getAttribute('data-slot')}-trigger"]`);
  trigger?.focus({ preventScroll: true });
}
