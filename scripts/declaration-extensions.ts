// Owns: published types naming `.js` files. TypeScript rewrites `./a.ts` to `./a.js` in the code that it emits but not in declarations
// (https://github.com/microsoft/TypeScript/issues/61037), and a consumer under nodenext wants the name of what is there.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const relativeImport = /(\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)(['"])(\.{1,2}\/[^'"]+?)\.tsx?\2/g;

/** A declaration's text with `.js` for the `.ts` and `.tsx` of its relative imports. */
export const rewriteDeclaration = (text: string): string => text.replace(relativeImport, '$1$2$3.js$2');

if (import.meta.main) {
  const folder = 'dist';
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(folder, name);
    writeFileSync(path, rewriteDeclaration(readFileSync(path, 'utf8')));
  }
}
