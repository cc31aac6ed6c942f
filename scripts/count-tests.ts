// Owns: the true number of passed and failed tests in Vitest's JSON report, and the names of those that failed. A file that could not run counts as a failed test.
import { existsSync, readFileSync } from 'node:fs';

interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; status: string; message: string; assertionResults: TestResult[] }[];
}

interface TestResult {
  status: string;
  fullName: string;
  failureMessages: string[] | null;
}

/** Counts over all projects; without a report (the run broke before it) there are none of either. */
export function countTests(report: TestReport | undefined): { passed: number; failed: number } {
  if (!report) return { passed: 0, failed: 0 };
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

/** The tests that failed, each with the first lines of why. */
export function listFailed(report: TestReport | undefined): string[] {
  const failed = (report?.testResults ?? []).filter(({ status }) => status === 'failed');
  return failed.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    const why = (text: string) => text.split('\n', 6).join('\n      ');
    if (tests.length === 0) return [`${name}\n      ${why(message)}`];
    return tests.map((test) => `${name} > ${test.fullName}\n      ${why(test.failureMessages?.[0] ?? '')}`);
  });
}

if (import.meta.main) {
  const [first, ...others] = process.argv.slice(2);
  const isList = first === '--failed';
  const paths = isList || first === undefined ? others : [first, ...others];
  if (paths.length === 0)
    throw new Error('Expected the paths of JSON reports: node scripts/count-tests.ts report.json …');
  const reports = paths.map((path) =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TestReport) : undefined,
  );
  const counts = reports.map(countTests);
  const sum = (key: 'passed' | 'failed') => counts.reduce((total, count) => total + count[key], 0);
  console.log(isList ? reports.flatMap(listFailed).join('\n') : `${sum('passed')} ${sum('failed')}`);
}
