import { expect, it } from 'vitest';
import { countTests } from '../../scripts/count-tests.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

it('takes the numbers of the report', () => {
  const testResults = [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed', 'skipped')];
  expect(countTests({ numPassedTests: 3, numFailedTests: 1, testResults })).toEqual({ passed: 3, failed: 1 });
});

it('counts a file that could not run as one failed test', () => {
  const testResults = [file('passed', 'passed'), file('failed'), file('failed', 'passed')];
  expect(countTests({ numPassedTests: 2, numFailedTests: 0, testResults })).toEqual({ passed: 2, failed: 2 });
});

it('counts nothing when the run left no report', () => {
  expect(countTests(undefined)).toEqual({ passed: 0, failed: 0 });
});
