'use client';
/** Owns how any value is shown: as coloured JSON that wraps, scrolls, and can be reached by keyboard when it does. */
import { forwardRef, useMemo, useRef, type ComponentPropsWithoutRef, type CSSProperties } from 'react';
import { useToolCallLabels } from './labels-provider.tsx';
import { readValue } from './read-value.ts';
import { useIsScrolling } from './use-is-scrolling.ts';
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
