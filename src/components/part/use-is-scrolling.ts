'use client';
/** Owns the question whether an element scrolls: then it must be reachable by keyboard. */
import { useContext, useState, type RefObject } from 'react';
import { useLayoutEffect } from './use-layout-effect.ts';
import { FoldedContext } from './use-page-search.ts';

/** Whether the element is taller inside than outside, measured again when its size changes. */
export function useIsScrolling(ref: RefObject<HTMLElement | null>): boolean {
  const [isScrolling, setIsScrolling] = useState(false);
  const isFolded = useContext(FoldedContext);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null || isFolded) return;
    const measure = () => setIsScrolling(element.scrollHeight > element.clientHeight + 1);
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [ref, isFolded]);
  return isScrolling;
}
