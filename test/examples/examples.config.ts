// Owns: the examples as their users have them, each in its own app on the packed tarball. `npm run test:examples` runs them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'examples',
    environment: 'node',
    include: ['test/examples/**/*.test.ts'],
    globalSetup: 'test/examples/install-examples.ts',
    retry: process.env.CI ? 1 : 0,
    testTimeout: 180_000,
    // Next.js builds meanwhile.
    hookTimeout: 600_000,
    // Nothing runs beside a browser.
    fileParallelism: false,
    reporters: process.env['TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['TEST_REPORT'] ? { outputFile: { json: `${process.env['TEST_REPORT']}.examples` } } : {}),
  },
});
