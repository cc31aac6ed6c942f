// Owns the page's scroll position: it stays at the end while an answer grows, unless the reader has scrolled up.
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
    const look = () => {
      const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
      follows.current = scrollHeight - clientHeight - scrollTop <= tolerance;
      setIsAtEnd(follows.current);
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
    return () => observer.disconnect();
  }, [content, isGrowing]);

  return { isAtEnd, scrollToEnd };
}

function toEnd(): void {
  const { scrollHeight } = document.documentElement;
  scrollTo({ top: scrollHeight, behavior: 'instant' });
}
