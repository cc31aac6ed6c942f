// Owns: the tests of hook and components on React 18, the oldest that the peer range allows. `npm run test:react-18` runs them.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { alias } from '../../scripts/aliases.ts';

const require = createRequire(import.meta.url);
const modules = resolve(dirname(require.resolve('on-react-18/package.json')), 'node_modules');

export default defineConfig({
  resolve: {
    alias: [
      ...alias,
      // For what Vite loads: our own files. The setup file does the same for what Node loads.
      { find: /^(react|react-dom)(?=\/|$)/, replacement: `${modules}/$1` },
    ],
  },
  test: {
    name: 'react-18',
    environment: 'jsdom',
    include: ['test/{react,components,hosts}/**/*.test.{ts,tsx}', 'test/versions/react-18*.test.tsx'],
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['test/setup/console.ts', 'test/versions/react-18.setup.ts', 'test/setup/react.ts'],
    sequence: { setupFiles: 'list' },
    env: { REACT_18: modules },
    // A thrown error goes to the browser too, whose stand-in prints it.
    silent: 'passed-only',
    reporters: process.env['TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['TEST_REPORT'] ? { outputFile: { json: `${process.env['TEST_REPORT']}.react-18` } } : {}),
  },
});
