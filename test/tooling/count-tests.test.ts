import { expect, it } from 'vitest';
import { countTests, listFailed } from '../../scripts/count-tests.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'could not be loaded',
  assertionResults: tests.map((each, index) => ({
    status: each,
    fullName: `test ${index}`,
    failureMessages: each === 'failed' ? ['AssertionError: expected 1 to be 2'] : null,
  })),
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

it('names what failed, and says why', () => {
  const testResults = [file('passed', 'passed'), file('failed', 'passed', 'failed'), file('failed')];
  expect(listFailed({ numPassedTests: 2, numFailedTests: 1, testResults })).toEqual([
    'a.test.ts > test 1\n      AssertionError: expected 1 to be 2',
    'a.test.ts\n      could not be loaded',
  ]);
  expect(listFailed(undefined)).toEqual([]);
});
