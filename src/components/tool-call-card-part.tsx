'use client';
/** Owns the plain parts: one element with the attributes of its card and whatever the user gives it. */
import {
  forwardRef,
  type ComponentPropsWithoutRef,
  type ElementType,
  type ForwardRefExoticComponent,
  type JSX,
  type RefAttributes,
} from 'react';
import { useCardAttributes } from './tool-call-card-context.tsx';

type Tag = keyof JSX.IntrinsicElements & keyof HTMLElementTagNameMap;
type Part<TTag extends Tag> = ForwardRefExoticComponent<
  ComponentPropsWithoutRef<TTag> & RefAttributes<HTMLElementTagNameMap[TTag]>
>;

/** A part that is only a box: it takes its content as children. */
export function createCardPart<TTag extends Tag>(tag: TTag, slot: string, displayName: string): Part<TTag> {
  const Element: ElementType = tag;
  const Component = forwardRef<HTMLElementTagNameMap[TTag], ComponentPropsWithoutRef<TTag>>((props, ref) => (
    <Element {...useCardAttributes(slot)} {...props} ref={ref} />
  ));
  Component.displayName = displayName;
  // SAFETY: forwardRef's PropsWithoutRef<…> of props that have no ref is those props.
  return Component as unknown as Part<TTag>;
}
