'use client';
/**
 * Owns how any value is shown: as coloured JSON that wraps, folds and scrolls, all by keyboard too. What is huge is shown in part,
 * and in larger parts on request.
 */
import {
  forwardRef,
  useMemo,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { isCut, READ_LIMITS, readValue } from './read-value.ts';
import { useIsScrolling } from '../part/use-is-scrolling.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { findFolds, listSeen } from './folds.ts';
import { toValueLines, type ValueEntry, type ValueLine, type ValueToken } from './lines.ts';

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
  const [level, setLevel] = useState(0);
  const [folded, setFolded] = useState<ReadonlySet<number>>(NOTHING_FOLDED);
  const { lines, folds, hasMore } = useMemo(() => {
    if (isStreaming && value === undefined) return { lines: NOTHING_YET, folds: findFolds([]), hasMore: false };
    const read = readValue(value, READ_LIMITS[level]);
    const lines = toValueLines(read, labels, isStreaming);
    return {
      lines,
      folds: isStreaming ? findFolds([]) : findFolds(lines),
      hasMore: !isStreaming && level < READ_LIMITS.length - 1 && isCut(read),
    };
  }, [value, labels, isStreaming, level]);
  const seen = useMemo(() => listSeen(lines, folds, folded), [lines, folds, folded]);
  const isScrolling = useIsScrolling(ref);
  const first = folds.size === 0 ? undefined : Math.min(...folds.keys());

  const toggle = (index: number) =>
    setFolded((current) => {
      const next = new Set(current);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  const showMore = () => {
    setFolded(NOTHING_FOLDED); // its lines are counted anew
    setLevel(level + 1);
  };

  return (
    <pre data-slot="tool-call-value" {...(isScrolling && { tabIndex: 0, role: 'group' })} {...props} ref={mergedRef}>
      <code>
        {seen.map((index, position) => {
          const line = lines[index];
          if (line === undefined) return null;
          const end = folds.get(index);
          const isFolded = folded.has(index);
          const closing = isFolded && end !== undefined ? lines[end] : undefined;
          return (
            <span key={index} data-token="line" style={{ '--tool-call-depth': line.depth } as CSSProperties}>
              {line.tokens.map((token, place) =>
                end !== undefined && place === line.tokens.length - 1 ? (
                  <button
                    key={place}
                    type="button"
                    data-slot="tool-call-value-fold"
                    aria-expanded={!isFolded}
                    aria-label={isFolded ? labels.unfold : labels.fold}
                    tabIndex={index === first ? 0 : -1}
                    onClick={() => toggle(index)}
                    onKeyDown={moveFocus}
                  >
                    {renderToken(token, place)}
                    {closing && '\u00A0…\u00A0'}
                  </button>
                ) : (
                  renderToken(token, place)
                ),
              )}
              {closing?.tokens.map(renderToken)}
              {isStreaming && index === lines.length - 1 && <span data-slot="tool-call-caret" />}
              {position < seen.length - 1 && '\n'}
            </span>
          );
        })}
      </code>
      {hasMore && (
        <button type="button" data-slot="tool-call-value-more" data-variant="outline" onClick={showMore}>
          {labels.showMore}
        </button>
      )}
    </pre>
  );
});

const NOTHING_FOLDED: ReadonlySet<number> = new Set();
const NOTHING_YET: readonly ValueLine[] = [{ depth: 0, tokens: [] }];

/** One stop for Tab, arrows between the folds. */
function moveFocus(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const folds = [
    ...(event.currentTarget.closest('pre')?.querySelectorAll<HTMLElement>('[data-slot="tool-call-value-fold"]') ?? []),
  ];
  const next = folds[folds.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function renderToken(token: ValueToken | ValueEntry, index: number): ReactNode {
  return (
    <span key={index} data-token={token.type}>
      {token.type === 'entry' ? token.tokens.map(renderToken) : renderText(token.text)}
    </span>
  );
}
