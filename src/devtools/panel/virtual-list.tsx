'use client';
/** Owns a long list of lines of one height, of which only those in sight are in the page. One stop for Tab; arrows move through it. */
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type UIEvent } from 'react';

export interface VirtualListProps<TItem> {
  label: string;
  items: readonly TItem[];
  rowHeight: number;
  keyOf: (item: TItem) => string;
  selectedKey: string | undefined;
  onSelect: (item: TItem) => void;
  children: (item: TItem) => ReactNode;
  /** It stays at its end while lines are added there. */
  followsEnd?: boolean;
}

/** Lines beyond both edges, so that a quick scroll shows no gap. */
const OVERSCAN = 6;
/** Before the list has been measured. */
const FIRST_HEIGHT = 400;

export function VirtualList<TItem>(props: VirtualListProps<TItem>): ReactNode {
  const { label, items, rowHeight, keyOf, selectedKey, onSelect, children, followsEnd = false } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: FIRST_HEIGHT });
  const id = useId();
  const selected = items.findIndex((item) => keyOf(item) === selectedKey);
  const from = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const to = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);

  useLayoutEffect(() => {
    const list = ref.current;
    if (list === null || typeof ResizeObserver === 'undefined') return undefined;
    const measure = () => setView({ top: list.scrollTop, height: list.clientHeight || FIRST_HEIGHT });
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const list = ref.current;
    if (followsEnd && list !== null) list.scrollTop = items.length * rowHeight;
  }, [followsEnd, items.length, rowHeight]);

  const scroll = ({ currentTarget }: UIEvent<HTMLDivElement>) =>
    setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight || FIRST_HEIGHT });

  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = nextIndex(event.key, selected, items.length);
    const item = next === undefined ? undefined : items[next];
    if (next === undefined || item === undefined) return;
    event.preventDefault();
    onSelect(item);
    const list = event.currentTarget;
    const [top, bottom] = [next * rowHeight, (next + 1) * rowHeight];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  };

  return (
    <div
      ref={ref}
      className="list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      {...(selected >= from && selected < to && { 'aria-activedescendant': `${id}-${selected}` })}
      onScroll={scroll}
      onKeyDown={move}
    >
      <div className="list-length" role="presentation" style={{ blockSize: items.length * rowHeight }}>
        {items.slice(from, to).map((item, offset) => {
          const index = from + offset;
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list has the focus, and the keys
            <div
              key={keyOf(item)}
              id={`${id}-${index}`}
              className="list-row"
              role="option"
              aria-selected={index === selected}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              tabIndex={-1}
              style={{ insetBlockStart: index * rowHeight, blockSize: rowHeight }}
              onClick={() => onSelect(item)}
            >
              {children(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function nextIndex(key: string, selected: number, length: number): number | undefined {
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return Math.min(length - 1, selected + 1);
    case 'ArrowUp':
      return Math.max(0, selected - 1);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
