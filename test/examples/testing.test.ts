import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
import { withoutVitest } from './install-examples.ts';
import { expectTypes } from './start-example.ts';

it.each(['vitest', 'jest'])(
  'tests tools, a component and a recorded session with the packed kit under %s',
  async (runner) => {
    const env = { ...withoutVitest(process.env), NO_COLOR: '1', FORCE_COLOR: '0' };
    const { stdout, stderr } = await promisify(execFile)('npm', ['run', `test:${runner}`], {
      cwd: join(inject('examples'), 'testing'),
      env,
    }).catch((failure: { stdout: string; stderr: string }) => failure);
    // Jest reports on stderr.
    expect(stdout + stderr).toMatch(/Tests:? +6 passed/);
  },
);

it('compiles', () => expectTypes('testing'));
