// Owns the page's scroll position: it stays at the end while an answer grows, until the reader scrolls up.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/** Pixels from the end that still count as the end. */
const tolerance = 48;

export function useScrollFollow(content: RefObject<HTMLElement | null>, isGrowing: boolean) {
  const [isAtEnd, setIsAtEnd] = useState(true);
  // Read by the observer, which must not be made anew with each scroll.
  const follows = useRef(true);

  const scrollToEnd = useCallback(() => {
    follows.current = true;
    setIsAtEnd(true);
    toEnd();
  }, []);

  useEffect(() => {
    let last = { top: 0, height: 0 };
    const look = () => {
      const { scrollHeight: height, clientHeight, scrollTop: top } = document.documentElement;
      const isEnd = height - clientHeight - top <= tolerance;
      // Content that grew or folded moves the end away by itself; only a reader moves up while the height stays.
      const isReader = top < last.top && height >= last.height;
      if (isEnd || isReader) follows.current = isEnd;
      setIsAtEnd(isEnd || follows.current);
      last = { top, height };
    };
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);

  useEffect(() => {
    if (!isGrowing || !content.current) return;
    const observer = new ResizeObserver(() => {
      if (follows.current) toEnd();
    });
    observer.observe(content.current);
    return () => {
      observer.disconnect();
      // The last words may not be laid out yet.
      if (follows.current) requestAnimationFrame(toEnd);
    };
  }, [content, isGrowing]);

  return { isAtEnd, scrollToEnd };
}

function toEnd(): void {
  const { scrollHeight } = document.documentElement;
  scrollTo({ top: scrollHeight, behavior: 'instant' });
}
