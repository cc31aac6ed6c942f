'use client';
/**
 * Owns when a card or a group opens and closes: by hand, or by itself, once, while there is a reason. It never closes by
 * itself what a person opened, nor what is held open.
 */
import { useCallback, useRef, useState } from 'react';
import { useLayoutEffect } from './use-layout-effect.ts';

export interface DisclosureOptions {
  open?: boolean | undefined;
  defaultOpen?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
}

/**
 * Holds an open state. `reason` says why it should be open now; a new one opens it once. `isHeldOpen` is asked when the reason
 * before is gone: focus, for one, must not vanish in what closes.
 */
export function useDisclosure(
  reason: string | undefined,
  isHeldOpen: (before: string | undefined) => boolean,
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
    const before = current.reason;
    if (before === reason) return;
    current.reason = reason;
    if (reason !== undefined && !open && !current.closedByHand.has(reason)) change(true);
    if (reason === undefined && open && !current.isByHand && !isHeldOpen(before)) change(false);
  }, [reason, open, change, isHeldOpen]);

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
