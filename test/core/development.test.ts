// Specifies: what is said to the author of a page while they develop it.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { warnInDevelopment } from '../../src/core/development.ts';
import { expectConsole } from '../setup/console.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a warning in development', () => {
  it('is said once for each key', () => {
    expectConsole('warn', 'use-parallel-tools: one');
    expectConsole('warn', 'use-parallel-tools: another');
    warnInDevelopment('a', 'one');
    warnInDevelopment('a', 'one again');
    warnInDevelopment('b', 'another');
  });

  it('is silent in production, and not used up by it', () => {
    vi.stubEnv('NODE_ENV', 'production');
    warnInDevelopment('c', 'later');
    vi.unstubAllEnvs();
    expectConsole('warn', 'later');
    warnInDevelopment('c', 'later');
  });

  it('is silent where no bundler has put anything for `process`', () => {
    vi.stubGlobal('process', undefined);
    try {
      expect(() => warnInDevelopment('d', 'never')).not.toThrow();
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
