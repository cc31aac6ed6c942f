/** Owns what holds for every part: one element with its slot, and whatever the user gives it on top. */
import { fireEvent, render } from '@testing-library/react';
import {
  createRef,
  type ComponentPropsWithRef,
  type ComponentType,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import { describe, expect, it, vi } from 'vitest';

interface PartProps {
  ref?: Ref<Element>;
  className?: string;
  style?: object;
  title?: string;
  id?: string;
  asChild?: boolean;
  children?: ReactNode;
  onClick?: (event: { preventDefault: () => void }) => void;
  [name: `data-${string}`]: string;
}

interface ConformanceOptions {
  /** The part; its own required props are given in `props`. */
  part: ComponentType<never>;
  slot: string;
  status: string;
  props?: object;
  /** It folds, so it says whether it is open. @default true */
  folds?: boolean;
  /** It takes `asChild`. @default true */
  takesChild?: boolean;
  /** What the part must stand in. */
  wrap: (part: ReactElement) => ReactNode;
}

/** An element of the user's own. */
const Child = (props: ComponentPropsWithRef<'section'>) => (
  <section {...props} className={`theirs ${props.className}`} />
);

/** Tests one part against the contract of all parts. */
export function describeConformance(
  name: string,
  { part, slot, status, props, folds = true, takesChild = true, wrap }: ConformanceOptions,
): void {
  const Part = part as ComponentType<PartProps>; // SAFETY: every part takes the props of an element.
  const find = (container: Element) => container.querySelector(`[data-test="it"]`);
  const draw = (more: PartProps) => render(wrap(<Part {...props} {...more} data-test="it" />));

  describe(`${name}, as a part,`, () => {
    it('is one element with its slot and status', () => {
      const { container } = draw({});
      const found = container.querySelectorAll('[data-test="it"]');
      expect(found).toHaveLength(1);
      expect(found[0]?.getAttribute('data-slot')).toBe(slot);
      expect(found[0]?.getAttribute('data-status')).toBe(status);
      if (folds) expect(found[0]?.getAttribute('data-state')).toMatch(/^(open|closed)$/);
    });

    it('gives its element to a ref object and to a ref function', () => {
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
      const { container } = draw({ className: 'mine', style: { marginTop: 3 }, title: 'mine' });
      const element = find(container) as HTMLElement;
      expect(element.classList.contains('mine')).toBe(true);
      expect(element.style.marginTop).toBe('3px');
      expect(element.getAttribute('title')).toBe('mine');
    });

    it("calls the user's handler", () => {
      const onClick = vi.fn<() => void>();
      const { container } = draw({ onClick });
      fireEvent.click(find(container) as Element);
      expect(onClick).toHaveBeenCalledOnce();
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
