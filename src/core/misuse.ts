/**
 * Owns what the author of a page is told of a mistake. In development it is told in whole sentences (`misuse-words.ts`), which bundlers leave out
 * of a page in production; there an error has a name, which `docs/errors.md` explains, and a warning is not given.
 */
import { warnInDevelopment } from './development.ts';
import { ADVICE, MISUSE_WORDS } from './misuse-words.ts';

// The published types of src have no Node, and a page without a bundler has no `process` at all.
declare const process: { readonly env: { readonly NODE_ENV?: string | undefined } };

type Words = typeof MISUSE_WORDS;
export type MisuseName = keyof Words;

/** The error to throw for a mistake. */
export function misuse<TName extends MisuseName>(name: TName, ...about: Parameters<Words[TName]>): TypeError {
  return new TypeError(
    explain(name, about) ?? `Misuse "${name}" (${namesIn(about)}): see docs/errors.md of use-parallel-tools`,
  );
}

/** Warns of a mistake, once for each name and for each thing that the words name. */
export function warnOf<TName extends MisuseName>(name: TName, about: Parameters<Words[TName]>): void {
  try {
    if (process.env.NODE_ENV !== 'production')
      warnInDevelopment(`${name}/${namesIn(about)}`, explain(name, about) ?? name);
  } catch {
    // Nobody said that this is development.
  }
}

/** Tells of a fault in what goes on without it: the page's author once, in development, and `onError` of the page each time. */
export function reportTo(onError: ((error: unknown) => void) | undefined, ...about: Parameters<Words['fault']>): void {
  warnOf('fault', about);
  try {
    onError?.(about[1]);
  } catch {
    // The page's own fault is not ours to tell.
  }
}

/** What the author of a tool is to do, to stand after what is wrong with its output. Said in development only. */
export function advise(name: keyof typeof ADVICE): string {
  try {
    if (process.env.NODE_ENV !== 'production') return `; ${ADVICE[name]}`;
  } catch {
    // Nobody said that this is development.
  }
  return '';
}

function namesIn(about: readonly unknown[]): string {
  return about.filter((each) => typeof each === 'string' && each !== '').join(', ');
}

function explain(name: MisuseName, about: readonly unknown[]): string | undefined {
  try {
    // SAFETY: whoever gave the name gave what its words are about.
    if (process.env.NODE_ENV !== 'production') return (MISUSE_WORDS[name] as (...given: unknown[]) => string)(...about);
  } catch {
    // As above.
  }
  return undefined;
}
