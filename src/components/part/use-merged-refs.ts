'use client';
/** Owns giving one element to two refs, ours and the user's, under React 18 and 19 (where a ref may return its cleanup). */
import { useMemo, type ForwardedRef, type RefCallback, type RefObject } from 'react';

/** A ref that fills both. */
export function useMergedRefs<TElement>(
  ownRef: RefObject<TElement | null>,
  givenRef: ForwardedRef<TElement>,
): RefCallback<TElement> {
  return useMemo(() => mergeRefs(ownRef, givenRef), [ownRef, givenRef]);
}

function mergeRefs<TElement>(own: RefObject<TElement | null>, given: ForwardedRef<TElement>): RefCallback<TElement> {
  return (element) => {
    own.current = element;
    if (given === null) return;
    if (typeof given !== 'function') {
      given.current = element;
      return;
    }
    const cleanUp: unknown = given(element);
    if (typeof cleanUp !== 'function') return;
    return () => {
      own.current = null;
      cleanUp();
    };
  };
}
