'use client';
/** Owns the button that copies a value of a card. It stands on the value's corner while the section is hovered or has focus. */
import { forwardRef, useEffect, useState } from 'react';
import { composeHandlers } from '../part/attributes.ts';
import { copiedDrawing, copyDrawing, drawingAttributes } from '../part/icons.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { Part, type PartProps } from '../part/part-element.tsx';
import { useCardAttributes } from './context.tsx';
import { startTimer } from '../part/use-now.ts';
import { writeValue } from '../value/write-value.ts';

export interface ToolCallCardCopyProps extends Omit<PartProps<'button'>, 'value'> {
  /** What to copy: a string as it is, anything else as JSON, all of it. */
  value: unknown;
}

/** For how long it says that it has copied (ms). */
const SAYS_SO_FOR = 2000;

/** Copies a value. @selector [data-slot="tool-call-card-copy"] @selector [data-copied] */
export const ToolCallCardCopy = forwardRef<HTMLButtonElement, ToolCallCardCopyProps>(function ToolCallCardCopy(
  { value, onClick, ...props },
  ref,
) {
  const labels = useToolCallLabels();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => (isCopied ? startTimer(() => setIsCopied(false), SAYS_SO_FOR) : undefined), [isCopied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(writeValue(value));
    } catch {
      return; // Without a permission, or on a page without https, there is no clipboard: the text can still be selected.
    }
    setIsCopied(true);
  };
  const label = isCopied ? labels.copied : labels.copy;
  return (
    <Part.button
      type="button"
      aria-label={label}
      title={label}
      {...useCardAttributes('copy')}
      {...(isCopied && { 'data-copied': '' })}
      {...props}
      onClick={composeHandlers(onClick, () => void copy())}
      ref={ref}
      filling={<svg {...drawingAttributes}>{isCopied ? copiedDrawing : copyDrawing}</svg>}
    />
  );
});
