// Owns: the demo for the tests of one file: from source and built, without a key, and a browser.
import type { Browser } from 'playwright';
import { afterAll, beforeAll, vi } from 'vitest';
import { startBrowser, startBuiltDemo, startDemo, type DemoServer } from './demo-server.ts';

/** What is there while the tests of the file run. */
export interface ServedDemo {
  browser: Browser;
  /** As `npm run demo` starts it. */
  source: DemoServer;
  /** Its page is built. */
  built: DemoServer;
}

/** Starts it before the tests of this file, and closes it after them. */
export function serveDemo(): ServedDemo {
  const served: Partial<ServedDemo> = {};
  beforeAll(async () => {
    for (const name of ['AI_GATEWAY_API_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'MODEL']) vi.stubEnv(name, '');
    // Development React: StrictMode mounts twice, and what React has to say is a complaint.
    vi.stubEnv('NODE_ENV', 'development');
    const [source, browser] = await Promise.all([startDemo(), startBrowser()]);
    Object.assign(served, { source, browser });
    served.built = await startBuiltDemo(source);
  });
  afterAll(async () => {
    await served.browser?.close();
    await served.built?.close();
    await served.source?.close();
    vi.unstubAllEnvs();
  });
  // SAFETY: tests run after `beforeAll`.
  return served as ServedDemo;
}
