'use client';
/**
 * Owns that the browser's search of a page ("Find in page") finds what is folded, and opens it. Nothing is there for it until a search
 * begins: until then a folded card costs the page nothing. Where a browser has no `hidden="until-found"`, it never begins.
 */
import { createContext, useEffect, useState, type RefObject } from 'react';
import type { CancelTimer } from '../../core/clock.ts';
import { useLayoutEffect } from './use-layout-effect.ts';
import { startTimer } from './use-now.ts';

/** For how long something found may take to open (ms). */
const PATIENCE = 200;

/** Whether what is here stands in something folded, only for the browser's search to look into. */
export const FoldedContext = createContext(false);

/** So many wait for a search, or, once one has begun, for their turn to be rendered: many at once would hold up the page. */
const waiting = new Set<() => void>();
const AT_ONCE = 8;
let hasBegun = false;
let isRendering = false;

/** The keys by which browsers begin or go on with a search: Ctrl or Cmd with F or G, and F3. */
function noticeKey({ key, code, ctrlKey, metaKey }: KeyboardEvent): void {
  if (key !== 'F3' && !((ctrlKey || metaKey) && (code === 'KeyF' || code === 'KeyG'))) return;
  hasBegun = true;
  globalThis.removeEventListener('keydown', noticeKey, true);
  renderNext();
}

function renderNext(): void {
  isRendering = waiting.size > 0;
  if (!isRendering) return;
  for (const render of [...waiting].slice(0, AT_ONCE)) {
    waiting.delete(render);
    render();
  }
  startTimer(renderNext, 0);
}

function waitForSearch(render: () => void): () => void {
  if (!('onbeforematch' in document.documentElement)) return () => {};
  if (!hasBegun && waiting.size === 0) globalThis.addEventListener('keydown', noticeKey, true);
  waiting.add(render);
  if (hasBegun && !isRendering) renderNext();
  return () => {
    waiting.delete(render);
    if (waiting.size === 0) globalThis.removeEventListener('keydown', noticeKey, true);
  };
}

/** Whether a search of the page has begun, and it is this component's turn to show what is folded. */
export function usePageSearch(): boolean {
  const [isSearched, setIsSearched] = useState(false);
  useEffect(() => (isSearched ? undefined : waitForSearch(() => setIsSearched(true))), [isSearched]);
  return isSearched;
}

/**
 * Lets the browser's search look into the element while it is hidden. `reveal` is called when it found something there: the browser
 * takes `hidden` away itself, and scrolls to it. React knows `hidden` as a boolean only, and has no `onBeforeMatch`.
 */
export function useFindable(ref: RefObject<HTMLElement | null>, isFindable: boolean, reveal: () => void): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (!isFindable || element === null) return;
    const hide = () => element.setAttribute('hidden', 'until-found');
    let cancel: CancelTimer | undefined;
    const listen = (event: Event) => {
      if (event.target !== element) return;
      reveal();
      cancel = startTimer(hide, PATIENCE); // unless it opened meanwhile: a page that controls it may refuse
    };
    hide();
    element.addEventListener('beforematch', listen);
    return () => {
      cancel?.();
      element.removeEventListener('beforematch', listen);
    };
  }, [ref, isFindable, reveal]);
}
