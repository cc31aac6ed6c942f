// Owns the page's scroll position: it stays at the end while an answer grows, until the reader scrolls up.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/** Pixels from the end that still count as the end. */
const tolerance = 48;
/** Milliseconds for which a turn of the wheel or a key goes on scrolling. */
const inertia = 500;

const scrollKeys = new Set(['ArrowUp', 'PageUp', 'Home', 'Tab']);

export function useScrollFollow(content: RefObject<HTMLElement | null>, isGrowing: boolean) {
  const [isAtEnd, setIsAtEnd] = useState(true);
  const follows = useRef(true);
  const grows = useRef(isGrowing);

  const scrollToEnd = useCallback(() => {
    follows.current = true;
    setIsAtEnd(true);
    toEnd();
  }, []);

  useEffect(() => {
    grows.current = isGrowing;
    // The last words may not be laid out yet.
    if (!isGrowing && follows.current) requestAnimationFrame(toEnd);
  }, [isGrowing]);

  useEffect(() => {
    if (!content.current) return;
    const listening = new AbortController();
    const options = { passive: true, signal: listening.signal };
    // Content that folds or is replaced moves the page too, so that only an act of the reader's counts as one.
    let lastAct = -Infinity;
    const act = () => (lastAct = performance.now());

    addEventListener('wheel', act, options);
    addEventListener('touchmove', act, options);
    addEventListener('keydown', ({ key }) => void (scrollKeys.has(key) && act()), options);
    // The root itself is pressed where the scroll bar is; it tells nothing while it is dragged.
    const press = ({ target }: Event) => (lastAct = target === document.documentElement ? Infinity : -Infinity);
    addEventListener('pointerdown', press, options);
    addEventListener(
      'scroll',
      () => {
        const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
        const isEnd = scrollHeight - clientHeight - scrollTop <= tolerance;
        if (isEnd || performance.now() - lastAct < inertia) follows.current = isEnd;
        setIsAtEnd(isEnd || follows.current);
      },
      options,
    );

    const observer = new ResizeObserver(() => {
      if (grows.current && follows.current) toEnd();
    });
    observer.observe(content.current);
    return () => {
      listening.abort();
      observer.disconnect();
    };
  }, [content]);

  return { isAtEnd, scrollToEnd };
}

function toEnd(): void {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
}
