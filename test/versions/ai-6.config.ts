// Owns: the chat's tests on AI SDK 6, the oldest that the peer range allows. `npm run test:ai-6` runs them.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What `on-ai-6` (the folder beside this file) depends on. */
const resolveOn6 = createRequire(createRequire(import.meta.url).resolve('on-ai-6/package.json')).resolve;
const folderOf = (name: string) => dirname(resolveOn6(`${name}/package.json`));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^use-parallel-tools$/, replacement: resolve('src/index.ts') },
      { find: /^ai$/, replacement: resolve(folderOf('ai'), 'dist/index.mjs') },
      { find: /^@ai-sdk\/react$/, replacement: resolve(folderOf('@ai-sdk/react'), 'dist/index.mjs') },
    ],
  },
  test: {
    name: 'ai-6',
    environment: 'jsdom',
    include: ['test/react/**/*.test.tsx', 'test/chat/**/*.test.ts'],
    // Version 6 cannot stop a resumed stream, which the walks do.
    exclude: ['test/chat/walk.property.test.ts'],
    setupFiles: ['test/setup/console.ts', 'test/setup/react.ts'],
    env: { AI_SDK: '6' },
    reporters: process.env['TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['TEST_REPORT'] ? { outputFile: { json: `${process.env['TEST_REPORT']}.ai-6` } } : {}),
  },
});
