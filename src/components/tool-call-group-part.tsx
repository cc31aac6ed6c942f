'use client';
/** Owns the plain parts of a group: one element with the attributes of its group and whatever the user gives it. */
import { forwardRef, type ElementType, type ForwardRefExoticComponent, type RefAttributes } from 'react';
import { Part, type PartProps } from './part-element.tsx';
import { useGroupAttributes } from './tool-call-group-context.tsx';

type BoxPart<TTag extends 'div' | 'span'> = ForwardRefExoticComponent<
  PartProps<TTag> & RefAttributes<HTMLElementTagNameMap[TTag]>
>;

/** A part that is only a box: it takes its content as children. */
export function createGroupPart<TTag extends 'div' | 'span'>(
  tag: TTag,
  slot: string,
  displayName: string,
): BoxPart<TTag> {
  const Element = Part[tag] as ElementType; // SAFETY: the element of the tag, without what TypeScript knows of it.
  const Component = forwardRef<HTMLElementTagNameMap[TTag], PartProps<TTag>>((props, ref) => (
    <Element {...useGroupAttributes(slot)} {...props} ref={ref} />
  ));
  Component.displayName = displayName;
  // SAFETY: forwardRef's PropsWithoutRef<…> of props that have no ref is those props.
  return Component as unknown as BoxPart<TTag>;
}
