'use client';
/** Owns how any value is shown: as coloured JSON that wraps, scrolls, and can be reached by keyboard when it does. */
import {
  forwardRef,
  useMemo,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
  type CSSProperties,
  type RefObject,
} from 'react';
import { useToolCallLabels } from './labels-provider.tsx';
import { readValue } from './read-value.ts';
import { useLayoutEffect } from './use-layout-effect.ts';
import { useMergedRefs } from './use-merged-refs.ts';
import { toValueLines, type ValueEntry, type ValueLine, type ValueToken } from './value-lines.ts';

export interface ToolCallValueProps extends Omit<ComponentPropsWithoutRef<'pre'>, 'children'> {
  /** Any value: `0`, `''`, `undefined`, a cycle, a DOM node, megabytes. */
  value: unknown;
  /** The model is still writing this value: its end is left open, with a caret. */
  isStreaming?: boolean;
}

/** Shows a value. @selector [data-slot="tool-call-value"] */
export const ToolCallValue = forwardRef<HTMLPreElement, ToolCallValueProps>(function ToolCallValue(
  { value, isStreaming = false, ...props },
  forwardedRef,
) {
  const labels = useToolCallLabels();
  const ref = useRef<HTMLPreElement>(null);
  const mergedRef = useMergedRefs(ref, forwardedRef);
  const lines = useMemo(
    () => (isStreaming && value === undefined ? NOTHING_YET : toValueLines(readValue(value), labels, isStreaming)),
    [value, labels, isStreaming],
  );
  const isScrolling = useIsScrolling(ref);
  return (
    <pre data-slot="tool-call-value" {...(isScrolling && { tabIndex: 0, role: 'group' })} {...props} ref={mergedRef}>
      <code>
        {lines.map((line, index) => (
          <span key={index} data-token="line" style={{ '--tool-call-depth': line.depth } as CSSProperties}>
            {line.tokens.map(renderToken)}
            {isStreaming && index === lines.length - 1 && <span data-slot="tool-call-caret" />}
            {index < lines.length - 1 && '\n'}
          </span>
        ))}
      </code>
    </pre>
  );
});

const NOTHING_YET: readonly ValueLine[] = [{ depth: 0, tokens: [] }];

function renderToken(token: ValueToken | ValueEntry, index: number) {
  return (
    <span key={index} data-token={token.type}>
      {token.type === 'entry' ? token.tokens.map(renderToken) : token.text}
    </span>
  );
}

/** Whether the element is taller inside than outside, measured again when its size changes. */
function useIsScrolling(ref: RefObject<HTMLElement | null>): boolean {
  const [isScrolling, setIsScrolling] = useState(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setIsScrolling(element.scrollHeight > element.clientHeight + 1);
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [ref]);
  return isScrolling;
}
