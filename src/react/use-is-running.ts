'use client';
/** Owns `isRunning`: whether any call is at work, as a value to render. */
import { useEffect, useState } from 'react';
import { selectIsRunning } from '../core/selectors.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import type { TellSoon } from './page-frames.ts';

const tellNow: TellSoon = (tell) => tell();

/**
 * Not `useStore`: `useSyncExternalStore` renders in a microtask, between two chunks of one piece of the stream, and on a page that is
 * slow to render the second call of a batch would wait for that. A state update is rendered with the messages, in a task of its own.
 */
export function useIsRunning({ store }: Pick<ToolCalls, 'store'>, tellSoon: TellSoon = tellNow): boolean {
  const [seen, setSeen] = useState(() => ({ store, isRunning: selectIsRunning(store.getState()) }));
  useEffect(() => {
    const update = () => {
      const isRunning = selectIsRunning(store.getState());
      setSeen((last) => (last.store === store && last.isRunning === isRunning ? last : { store, isRunning }));
    };
    update();
    return store.subscribe(() => tellSoon(update));
  }, [store, tellSoon]);
  return seen.store === store ? seen.isRunning : selectIsRunning(store.getState());
}
