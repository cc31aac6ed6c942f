'use client';
/** Owns how most parts are made: one element with the attributes of its owner, what it shows by itself, and what the user gives it. */
import {
  forwardRef,
  type CSSProperties,
  type ElementType,
  type ForwardRefExoticComponent,
  type RefAttributes,
} from 'react';
import { Part, type PartElements, type PartFilling, type PartProps } from './part-element.tsx';

/** A component of one element. */
export type PartComponent<TTag extends keyof PartElements> = ForwardRefExoticComponent<
  PartProps<TTag> & RefAttributes<PartElements[TTag]>
>;

type OwnProps<TTag extends keyof PartElements> = PartProps<TTag> &
  PartFilling & { readonly [name: `data-${string}`]: unknown };

/** What a part that is only a box brings along: nothing. */
const useNothing = () => ({});

/**
 * Makes `createPart(tag, slot, useOwn)` for the parts of one component. `useAttributes(slot)` reads what all of them carry; `useOwn`
 * what only this part has, or `null` where there is nothing to show. The user's props come last, so that they win.
 */
export function createPartFactory(
  component: string,
  useAttributes: (slot: string) => object,
): <TTag extends keyof PartElements>(
  tag: TTag,
  slot: string,
  useOwn?: () => OwnProps<TTag> | null,
) => PartComponent<TTag> {
  return (tag, slot, useOwn = useNothing as never) => {
    const Element = Part[tag] as ElementType; // SAFETY: the element of the tag, without what TypeScript knows of it.
    const Component = forwardRef<unknown, { style?: CSSProperties }>((props, ref) => {
      const attributes = useAttributes(slot);
      const own = useOwn();
      const style = own?.style && props.style && { style: { ...own.style, ...props.style } };
      return own && <Element {...attributes} {...own} {...props} {...style} ref={ref} />;
    });
    Component.displayName = component + toPascalCase(slot);
    return Component as never; // SAFETY: the tag's element, props and ref, as the signature says.
  };
}

/** `retry-failed` → `RetryFailed`. */
function toPascalCase(slot: string): string {
  return slot.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
