'use client';
/**
 * Owns when a card or a group opens and closes: by hand, or by itself, once, while there is a reason. It never closes by
 * itself while focus is inside, nor what a person opened.
 */
import { useCallback, useRef, useState, type RefObject } from 'react';
import { useLayoutEffect } from './use-layout-effect.ts';

export interface DisclosureOptions {
  open?: boolean | undefined;
  defaultOpen?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
}

/** Holds the open state of the element at `root`. `reason` says why it should be open now; a new one opens it once. */
export function useDisclosure(
  root: RefObject<HTMLElement | null>,
  reason: string | undefined,
  { open: controlled, defaultOpen, onOpenChange }: DisclosureOptions,
): [open: boolean, setOpen: (open: boolean) => void] {
  const [uncontrolled, setUncontrolled] = useState(defaultOpen ?? reason !== undefined);
  const open = controlled ?? uncontrolled;
  const memory = useRef({ reason, isByHand: defaultOpen === true, closedByHand: new Set<string>() });

  const change = useCallback(
    (next: boolean) => {
      setUncontrolled(next);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );

  useLayoutEffect(() => {
    const { current } = memory;
    if (current.reason === reason) return;
    current.reason = reason;
    if (reason !== undefined && !open && !current.closedByHand.has(reason)) change(true);
    if (reason === undefined && open && !current.isByHand && !isFocusInside(root.current)) change(false);
  }, [reason, open, change, root]);

  const setOpen = useCallback(
    (next: boolean) => {
      const { current } = memory;
      current.isByHand = next;
      if (!next && current.reason !== undefined) current.closedByHand.add(current.reason);
      change(next);
    },
    [change],
  );
  return [open, setOpen];
}

function isFocusInside(element: HTMLElement | null): boolean {
  return element !== null && element.contains(element.ownerDocument.activeElement);
}
