// Owns the page's scroll position: it stays at the end while an answer grows, until the reader scrolls up.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/** Pixels from the end that still count as the end. */
const tolerance = 48;

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
    let last = measure();
    const look = () => {
      const now = measure();
      const isEnd = now.fromEnd <= tolerance;
      // Content that folds moves the page too; only a reader moves it up while the content keeps its height.
      const isReader = now.top < last.top && now.height >= last.height;
      if (isEnd || isReader) follows.current = isEnd;
      setIsAtEnd(isEnd || follows.current);
      last = now;
    };
    const observer = new ResizeObserver(() => {
      if (grows.current && follows.current) toEnd();
      last = measure();
    });
    addEventListener('scroll', look, { passive: true });
    if (content.current) observer.observe(content.current);
    return () => {
      removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [content]);

  return { isAtEnd, scrollToEnd };
}

function measure() {
  const { scrollHeight: height, clientHeight, scrollTop: top } = document.documentElement;
  return { top, height, fromEnd: height - clientHeight - top };
}

function toEnd(): void {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
}
