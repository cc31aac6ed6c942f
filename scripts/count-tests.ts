// Owns: the true number of passed and failed tests in Vitest's JSON report. A file that could not run counts as a failed test.
import { existsSync, readFileSync } from 'node:fs';

interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** Counts over all projects; without a report (the run broke before it) there are none of either. */
export function countTests(report: TestReport | undefined): { passed: number; failed: number } {
  if (!report) return { passed: 0, failed: 0 };
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

if (import.meta.main) {
  const paths = process.argv.slice(2);
  if (paths.length === 0)
    throw new Error('Expected the paths of JSON reports: node scripts/count-tests.ts report.json …');
  const counts = paths.map((path) =>
    countTests(existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TestReport) : undefined),
  );
  const sum = (key: 'passed' | 'failed') => counts.reduce((total, count) => total + count[key], 0);
  console.log(`${sum('passed')} ${sum('failed')}`);
}
