'use client';
/** Owns the images of a value. Each is decoded only once a person asks for it: a model may have chosen what it shows, or how large it is. */
import { forwardRef, useId, useMemo, useState, type ReactNode } from 'react';
import { findImages } from './find-images.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { Part, type PartProps } from '../part/part-element.tsx';

export interface ToolCallImagesProps extends PartProps<'div'> {
  /** Any value; data URLs and MCP's image content are found in it, wherever they are. */
  value: unknown;
}

/** The images of a value, each behind a button; nothing where there are none. @selector [data-slot="tool-call-images"] */
export const ToolCallImages = forwardRef<HTMLDivElement, ToolCallImagesProps>(function ToolCallImages(
  { value, ...props },
  ref,
) {
  const images = useMemo(() => findImages(value), [value]);
  if (images.length === 0) return null;
  const filling = images.map((url, index) => <Image key={index} url={url} number={index + 1} />);
  return <Part.div data-slot="tool-call-images" {...props} ref={ref} filling={filling} />;
});

function Image({ url, number }: { url: string; number: number }): ReactNode {
  const labels = useToolCallLabels();
  const [isShown, setIsShown] = useState(false);
  const id = useId();
  return (
    <div data-slot="tool-call-image">
      <button
        type="button"
        data-slot="tool-call-image-toggle"
        data-variant="outline"
        aria-expanded={isShown}
        aria-controls={id}
        onClick={() => setIsShown(!isShown)}
      >
        {isShown ? labels.hideImage(number) : labels.showImage(number)}
      </button>
      <div id={id} hidden={!isShown}>
        {isShown && <img data-slot="tool-call-picture" src={url} alt={labels.image(number)} />}
      </div>
    </div>
  );
}
