'use client';
/**
 * Owns the one element of a part: its own tag, or, with `asChild`, the element it is given. What the part would show goes into
 * that element too, unless it brings its own; only a drawing is never put into another.
 */
import { Slot } from '@radix-ui/react-slot';
import {
  Children,
  cloneElement,
  forwardRef,
  isValidElement,
  type ComponentPropsWithoutRef,
  type ElementType,
  type ForwardRefExoticComponent,
  type ReactNode,
  type RefAttributes,
} from 'react';

/** The elements that parts are made of, by their tags. */
export interface PartElements {
  button: HTMLButtonElement;
  div: HTMLDivElement;
  dl: HTMLDListElement;
  form: HTMLFormElement;
  span: HTMLSpanElement;
  svg: SVGSVGElement;
}

/** The props of a part: those of its element, and `asChild`. */
export type PartProps<TTag extends keyof PartElements> = ComponentPropsWithoutRef<TTag> & {
  /** Gives everything to the one child instead of an element of its own. @default false */
  asChild?: boolean;
};

export interface PartFilling {
  /** What stands in the element where the user gives nothing. */
  filling?: ReactNode;
  /** Puts something around whatever stands in the element. */
  frame?: (content: ReactNode) => ReactNode;
}

type PartElement<TTag extends keyof PartElements> = ForwardRefExoticComponent<
  PartProps<TTag> & PartFilling & RefAttributes<PartElements[TTag]>
>;

function createPartElement<TTag extends keyof PartElements>(tag: TTag): PartElement<TTag> {
  const Element = tag as ElementType; // SAFETY: the same tag, without what TypeScript knows of it.
  const Component = forwardRef<unknown, PartProps<'div'> & PartFilling>(
    ({ asChild = false, filling, frame = keep, children, ...props }, ref) => {
      if (!asChild) return <Element {...props} ref={ref}>{frame(children ?? filling)}</Element>; // prettier-ignore
      const child = Children.only(children);
      if (tag === 'svg') return <DrawingSlot {...props} ref={ref as never}>{child}</DrawingSlot>; // prettier-ignore
      // SAFETY: Slot hands the ref on to whatever element the child is.
      return <Slot {...props} ref={ref as never}>{fill(child, filling, frame)}</Slot>; // prettier-ignore
    },
  );
  Component.displayName = `Part.${tag}`;
  // SAFETY: one implementation for every tag; the signature says which props and which ref go with it.
  return Component as unknown as PartElement<TTag>;
}

/** A drawing of your own has its own coordinates. */
const DrawingSlot = forwardRef<HTMLElement, Record<string, unknown> & { children?: ReactNode }>(function DrawingSlot(
  { viewBox: _viewBox, width: _width, height: _height, ...props },
  ref,
) {
  return <Slot {...props} ref={ref} />;
});

const keep = (content: ReactNode): ReactNode => content;

function fill(child: ReactNode, filling: ReactNode, frame: (content: ReactNode) => ReactNode): ReactNode {
  if (!isValidElement<{ children?: ReactNode }>(child)) return child;
  const filled = frame(child.props.children ?? filling);
  return filled === child.props.children ? child : cloneElement(child, undefined, filled);
}

/** The elements that parts are made of. */
export const Part: { readonly [TTag in keyof PartElements]: PartElement<TTag> } = {
  button: createPartElement('button'),
  div: createPartElement('div'),
  dl: createPartElement('dl'),
  form: createPartElement('form'),
  span: createPartElement('span'),
  svg: createPartElement('svg'),
};
