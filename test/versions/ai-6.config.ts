// Owns: the chat's tests and the recordings on AI SDK 6, the oldest that the peer range allows. `npm run test:ai-6` runs them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { alias } from '../../scripts/aliases.ts';

const require = createRequire(import.meta.url);
const manifest = require.resolve('on-ai-6/package.json');
const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> };
/** `ai`, its hooks and its providers, as the folder beside this file has them. */
const sdk = Object.keys(dependencies).map((name) => ({
  find: new RegExp(`^${name}$`),
  replacement: resolve(dirname(createRequire(manifest).resolve(`${name}/package.json`)), 'dist/index.mjs'),
}));

export default defineConfig({
  resolve: { alias: [...alias, ...sdk] },
  test: {
    name: 'ai-6',
    environment: 'jsdom',
    include: [
      'test/react/**/*.test.tsx',
      'test/chat/**/*.test.ts',
      'test/conformance/**/*.test.tsx',
      'test/versions/ai-6.test.ts',
    ],
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['test/setup/console.ts', 'test/setup/react.ts'],
    env: { AI_SDK: '6' },
    reporters: process.env['TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['TEST_REPORT'] ? { outputFile: { json: `${process.env['TEST_REPORT']}.ai-6` } } : {}),
  },
});
