// Owns: where the package and the registry's imports are found before a build, for every config that builds or tests.
import { resolve } from 'node:path';

/** As `paths` of tsconfig.json. */
export const alias = [
  { find: '@/components/ui/button', replacement: resolve('registry/fixtures/button.tsx') },
  { find: /^@\/components\/([\w-]+)$/, replacement: resolve('registry/$1.tsx') },
  { find: /^use-parallel-tools$/, replacement: resolve('src/index.ts') },
  { find: /^use-parallel-tools\/core$/, replacement: resolve('src/core/index.ts') },
  { find: /^use-parallel-tools\/durable$/, replacement: resolve('src/durable/index.ts') },
  { find: /^use-parallel-tools\/server$/, replacement: resolve('src/server/index.ts') },
  { find: /^use-parallel-tools\/worker$/, replacement: resolve('src/worker/index.ts') },
  { find: /^use-parallel-tools\/disclosure$/, replacement: resolve('src/disclosure/index.ts') },
  { find: /^use-parallel-tools\/approvals$/, replacement: resolve('src/approvals/index.ts') },
  { find: /^use-parallel-tools\/webmcp$/, replacement: resolve('src/webmcp/index.ts') },
  { find: /^use-parallel-tools\/tracing$/, replacement: resolve('src/tracing/index.ts') },
  { find: /^use-parallel-tools\/join$/, replacement: resolve('src/join/index.ts') },
  { find: /^use-parallel-tools\/undo$/, replacement: resolve('src/undo/index.ts') },
  { find: /^use-parallel-tools\/devtools$/, replacement: resolve('src/devtools/index.ts') },
  { find: /^use-parallel-tools\/devtools\/production$/, replacement: resolve('src/devtools/production.ts') },
  { find: /^use-parallel-tools\/cache$/, replacement: resolve('src/cache/index.ts') },
  { find: /^use-parallel-tools\/early$/, replacement: resolve('src/early/index.ts') },
  { find: /^use-parallel-tools\/refs$/, replacement: resolve('src/refs/index.ts') },
  { find: /^use-parallel-tools\/testing$/, replacement: resolve('src/testing/index.ts') },
  { find: /^use-parallel-tools\/testing\/react$/, replacement: resolve('src/testing/react.ts') },
  { find: /^use-parallel-tools\/styles\.css$/, replacement: resolve('src/styles/styles.css') },
];
