/** Owns what the author of a page is told while they develop it, and nobody else is: a warning in the console. */

// The published types of src have no Node, and a page without a bundler has no `process` at all.
declare const process: { readonly env: { readonly NODE_ENV?: string | undefined } };

const told = new Set<string>();

/** Warns once for each `key` as long as the page lives: say what happened, why it matters, and what to do. Silent in production. */
export function warnInDevelopment(key: string, message: string): void {
  if (!isDevelopment() || told.has(key)) return;
  told.add(key);
  // oxlint-disable-next-line no-console -- the page's author is to see it, and nothing else can tell them
  console.warn(`use-parallel-tools: ${message}`);
}

/** Bundlers replace the expression as a whole, but not `typeof process`: to ask for that first would silence every bundled page. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production';
  } catch {
    return false;
  }
}
