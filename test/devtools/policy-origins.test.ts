// Proves: of each field of a policy, who set it.
import { expect, it } from 'vitest';
import { resolvePolicies } from '../../src/core/policy.ts';
import { listPolicyFields } from '../../src/devtools/policy-origins.ts';

const hook = { timeout: 5000, retry: 1 };
const tool = { inputSchema: {}, annotations: { readOnlyHint: true }, retry: 3 };
const policy = resolvePolicies({ read: tool } as never, hook).get('read')!;
const fields = listPolicyFields(policy, tool as never, hook);

it.each([
  ['retry', 3, 'tool'],
  ['readOnly', true, 'annotation'],
  ['timeout', 5000, 'hook'],
  ['start', 'eager', 'default'],
] as const)('%s is %j, by the %s', (field, value, origin) => {
  expect(fields.find((each) => each.field === field)).toEqual({ field, value, origin });
});

it('puts what somebody set first, and leaves out what says nothing', () => {
  expect(fields.slice(0, 3).map(({ origin }) => origin)).not.toContain('default');
  expect(fields.map(({ field }) => field)).not.toContain('locks');
});

it('knows nobody where the tool is not known', () => {
  const unknown = listPolicyFields(policy, undefined, {});
  expect(new Set(unknown.map(({ origin }) => origin))).toEqual(new Set(['default']));
});
