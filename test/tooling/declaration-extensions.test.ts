import { expect, it } from 'vitest';
import { rewriteDeclaration } from '../../scripts/declaration-extensions.ts';

it.each([
  [`export { a } from './a.ts';`, `export { a } from './a.js';`],
  [`export * as Card from '../card.parts.ts';`, `export * as Card from '../card.parts.js';`],
  [`import type { A } from "./a.tsx";`, `import type { A } from "./a.js";`],
  [`type A = import('./a.ts').A;`, `type A = import('./a.js').A;`],
  [`import './a.ts';`, `import './a.js';`],
])('names the file that is there: %s', (before, after) => {
  expect(rewriteDeclaration(before)).toBe(after);
});

it.each([`import { a } from 'package/a.ts';`, `import { a } from './a.js';`, `declare const path: './a.ts';`])(
  'leaves alone: %s',
  (text) => {
    expect(rewriteDeclaration(text)).toBe(text);
  },
);
