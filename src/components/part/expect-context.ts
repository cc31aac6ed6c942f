/** Owns what a part says that stands where it cannot know what to show. */
import { useContext, type Context } from 'react';
import { misuse } from '../../core/misuse.ts';

/** Reads a context that `root` gives; `root` as it is written in the page. */
export function useExpectedContext<TValue>(context: Context<TValue | null>, root: string): TValue {
  const value = useContext(context);
  if (value !== null) return value;
  const [name] = root.split(' ');
  throw misuse('no-root', name!, root);
}
