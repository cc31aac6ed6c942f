// The decision which remembered answer a call gets: a table, without a chat.
import { describe, expect, it } from 'vitest';
import {
  isAnswerable,
  judgeQuestion,
  type ApprovalCoverage,
  type RememberedApproval,
} from '../../src/approvals/rules.ts';
import { fixtures } from 'use-parallel-tools/testing';
import { readRow, toRow } from '../../src/approvals/rule-rows.ts';

const NOW = 1_000;

function createRule(changes: Partial<RememberedApproval> = {}): RememberedApproval {
  const fields = { toolName: 'refund', key: 'customer 42', definition: 'refund v1', uses: 0, at: 0, isStored: true };
  return { id: 'rule', answer: 'approve', ...fields, ...changes };
}

const byKey: ApprovalCoverage = { toolName: 'refund', key: 'customer 42' };
const byInput: ApprovalCoverage = { toolName: 'refund', input: '{"amount":5}' };

describe('a rule', () => {
  it.each<[what: string, rule: Partial<RememberedApproval>, question: ApprovalCoverage, answers: boolean]>([
    ['of the same key answers', {}, byKey, true],
    ['of another key does not', { key: 'customer 43' }, byKey, false],
    ['of another tool does not', { toolName: 'charge' }, byKey, false],
    ['of an equal input answers', { key: undefined, input: '{"amount":5}' } as never, byInput, true],
    ['of another input does not', { key: undefined, input: '{"amount":6}' } as never, byInput, false],
    ['of a key does not answer for an input', {}, byInput, false],
    ['of an input does not answer for a key', { key: undefined, input: 'customer 42' } as never, byKey, false],
    ['of this chat answers', { chatId: 'here' }, byKey, true],
    ['of another chat does not', { chatId: 'there' }, byKey, false],
    ['answers before its time is over', { expiresAt: NOW + 1 }, byKey, true],
    ['does not when its time is over', { expiresAt: NOW }, byKey, false],
    ['answers as often as it may', { uses: 2, maxUses: 3 }, byKey, true],
    ['does not more often', { uses: 3, maxUses: 3 }, byKey, false],
    ['of a tool that was changed since does not', { definition: 'refund v0' }, byKey, false],
  ])('%s', (_, changes, coverage, answers) => {
    const rule = createRule(changes);
    const verdict = judgeQuestion([rule], { coverage, definition: 'refund v1' }, 'here', NOW);
    expect(verdict.rule).toBe(answers ? rule : undefined);
  });

  it('that denies wins over one that approves', () => {
    const rules = [createRule({ id: 'yes' }), createRule({ id: 'no', answer: 'deny', chatId: 'here' })];
    expect(judgeQuestion(rules, { coverage: byKey, definition: 'refund v1' }, 'here', NOW).rule?.id).toBe('no');
  });

  it('is void once its tool is another one, whatever it covers, but not for the tools of other chats', () => {
    const rules = [
      createRule({ id: 'old', key: 'customer 7', definition: 'refund v0' }),
      createRule({ id: 'over', expiresAt: NOW }),
      createRule({ id: 'elsewhere', chatId: 'there', definition: 'refund v0' }),
      createRule({ id: 'other tool', toolName: 'charge', definition: 'charge v1' }),
      createRule({ id: 'holds' }),
    ];
    const { voided } = judgeQuestion(rules, { coverage: byKey, definition: 'refund v1' }, 'here', NOW);
    expect(voided.map(({ id }) => id)).toEqual(['old', 'over']);
  });
});

describe('a question', () => {
  const waiting = fixtures.awaitingApproval('note', {});

  it.each<[what: string, changes: object, isAnswerable: boolean]>([
    ['of the policy or the server is answered by a rule', {}, true],
    ['of a plugin is not', { reasons: ['It may carry private data away'] }, false],
    ['with an input that the server has signed is not', { inputSigned: true }, false],
    ['whether the answer of the model is complete is not', { unknownEnd: true }, false],
    ['for an input is not', { status: 'awaiting-input' }, false],
  ])('%s', (_, changes, expected) => {
    expect(isAnswerable({ ...waiting, ...changes } as never)).toBe(expected);
  });
});

describe('a row of the storage', () => {
  it('gives back the rule that it was made of', () => {
    const rule = createRule({ chatId: 'here', reason: 'No', answer: 'deny', expiresAt: 5, maxUses: 2 });
    expect(readRow(structuredClone(toRow(rule, NOW)))).toEqual([rule]);
  });

  it.each([
    ['no data', null],
    ['a text', 'approve everything'],
    ['no definition', { ...createRule(), definition: undefined }],
    ['neither key nor input', { ...createRule(), key: undefined }],
    ['a key and an input', { ...createRule(), input: '{}' }],
    ['another answer', { ...createRule(), answer: 'maybe' }],
    ['a count that is a text', { ...createRule(), uses: '0' }],
    ['an end that is a text', { ...createRule(), expiresAt: 'never' }],
  ])('with %s is no rule', (_, data) => {
    expect(readRow({ ...toRow(createRule(), NOW), data })).toEqual([]);
  });

  it('of another version is no rule', () => {
    expect(readRow({ ...toRow(createRule(), NOW), version: 2 })).toEqual([]);
  });
});
