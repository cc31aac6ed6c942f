/** Owns what holds for every part: one element with its slot, and whatever the user gives it on top. */
import { fireEvent, render } from '@testing-library/react';
import {
  createRef,
  forwardRef,
  type ComponentPropsWithoutRef,
  type ComponentType,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import { describe, expect, it, vi } from 'vitest';

type Handler = (event: { preventDefault: () => void }) => void;

interface PartProps {
  ref?: Ref<Element>;
  className?: string;
  style?: object;
  title?: string;
  id?: string;
  asChild?: boolean;
  children?: ReactNode;
  onClick?: Handler;
  onSubmit?: Handler;
  [name: `data-${string}`]: string;
}

export interface ConformanceOptions {
  slot: string;
  /** `undefined` for a part that shows a value and knows no call. */
  status?: string | undefined;
  /** The part's own required props. */
  props?: object;
  /** It folds, so it says whether it is open. @default true */
  folds?: boolean;
  /** It takes `asChild`. @default true */
  takesChild?: boolean;
  /** It has an element to refer to. @default true */
  takesRef?: boolean;
  /** Something that the part's own handler changes; every button and form must have one. */
  effect?: (() => unknown) | undefined;
  /** What the part must stand in. */
  wrap: (part: ReactElement) => ReactNode;
}

/** An element of the user's own; React 18 hands a ref on to no other component. */
const Child = forwardRef<HTMLElement, ComponentPropsWithoutRef<'section'>>((props, ref) => (
  <section {...props} className={`theirs ${props.className}`} ref={ref} />
));

const find = (container: Element) => container.querySelector('[data-test="it"]');

/** Does to an element what its own handler waits for. */
const use = (element: Element | null) => {
  if (element instanceof HTMLFormElement) fireEvent.submit(element);
  else fireEvent.click(element as Element); // SAFETY: `fireEvent` says so if there is none.
};

/** Tests one part against the contract of all parts. */
export function describeConformance(name: string, part: unknown, options: ConformanceOptions): void {
  const { slot, status, props, folds = true, takesChild = true, takesRef = true, effect, wrap } = options;
  const Part = part as ComponentType<PartProps>; // SAFETY: every part takes the props of an element.
  const draw = (more: PartProps) => render(wrap(<Part {...props} {...more} data-test="it" />));

  describe(`${name}, as a part,`, () => {
    it('is one element with its slot and status', () => {
      const { container } = draw({});
      const found = container.querySelectorAll('[data-test="it"]');
      expect(found).toHaveLength(1);
      expect(found[0]?.getAttribute('data-slot')).toBe(slot);
      expect(found[0]?.getAttribute('data-status')).toBe(status ?? null);
      if (folds && status !== undefined) expect(found[0]?.getAttribute('data-state')).toMatch(/^(open|closed)$/);
    });

    it.each(takesRef ? ['ref'] : [])('gives its element to a %s object and to a ref function', () => {
      const ref = createRef<Element>();
      const { container, unmount } = draw({ ref });
      expect(ref.current).toBe(find(container));
      unmount();
      expect(ref.current).toBeNull();

      const seen: (Element | null)[] = [];
      const again = draw({ ref: (element) => void seen.push(element) });
      expect(seen).toEqual([find(again.container)]);
      again.unmount();
      expect(seen.at(-1)).toBeNull();
    });

    it('merges class, style and any other prop', () => {
      const { container } = draw({ className: 'mine', style: { marginTop: 3 }, title: 'mine', id: 'mine' });
      const element = find(container) as HTMLElement;
      expect(element.classList.contains('mine')).toBe(true);
      expect(element.style.marginTop).toBe('3px');
      expect(element.getAttribute('title')).toBe('mine');
      expect(element.id).toBe('mine');
    });

    it("calls the user's handler", () => {
      const onClick = vi.fn<() => void>();
      const { container } = draw({ onClick });
      fireEvent.click(find(container) as Element);
      expect(onClick).toHaveBeenCalledOnce();
    });

    it('says what it does, if it does something', () => {
      const { container } = draw({});
      const isActive = find(container)?.matches('button, form') === true;
      expect(effect !== undefined).toBe(isActive);
    });

    it.each(effect === undefined ? [] : ['handler'])("calls the user's %s before its own", () => {
      const seen: unknown[] = [];
      const before = () => void seen.push(effect?.());
      const { container } = draw({ onClick: before, onSubmit: before });
      const untouched = effect?.();
      use(find(container));
      expect(seen[0]).toEqual(untouched);
      expect(effect?.()).not.toEqual(untouched);
    });

    it.each(effect === undefined ? [] : ['handler'])("does nothing if the user's %s prevents it", () => {
      const prevent: Handler = (event) => event.preventDefault();
      const { container } = draw({ onClick: prevent, onSubmit: prevent });
      const untouched = effect?.();
      use(find(container));
      expect(effect?.()).toEqual(untouched);
    });

    it.each(takesChild ? ['asChild'] : [])('gives everything to its child with %s', () => {
      const calls: string[] = [];
      const ref = createRef<Element>();
      const { container } = draw({
        asChild: true,
        ref,
        className: 'mine',
        onClick: () => void calls.push('mine'),
        children: <Child onClick={() => void calls.push('theirs')} />,
      });
      const element = find(container);
      expect(element?.tagName).toBe('SECTION');
      expect(ref.current).toBe(element);
      expect([...(element?.classList ?? [])].sort()).toEqual(['mine', 'theirs']);
      expect(element?.getAttribute('data-slot')).toBe(slot);
      fireEvent.click(element as Element);
      expect(calls).toEqual(['theirs', 'mine']);
    });
  });
}
