/** Owns rules as rows of a storage, which is the journal's interface. */
import type { JournalRow } from '../durable/journal-entry.ts';
import type { RememberedApproval } from './rules.ts';

/** Under which `chatId` the rows stand: one read gives all rules, those of each chat too, and none of a journal's rows. A journal passes them. */
export const RULES = 'use-parallel-tools/approvals';
const VERSION = 1;

export const rowIdOf = (id: string): string => JSON.stringify([RULES, 'rule', id]);

export function toRow(rule: RememberedApproval, at: number): JournalRow {
  return { id: rowIdOf(rule.id), chatId: RULES, at, version: VERSION, data: rule };
}

/** The rule of a row. Storage is outside, and may hold anything: what is no rule of this version answers nothing. */
export function readRow({ version, data }: JournalRow): RememberedApproval[] {
  // SAFETY: each field that is used is looked at first.
  const rule = data as Partial<RememberedApproval> | null;
  if (version !== VERSION || typeof rule !== 'object' || rule === null) return [];
  const { id, toolName, definition, key, input, chatId, reason, title, answer, at, uses, expiresAt, maxUses } = rule;
  const isWhole =
    [id, toolName, definition].every((field) => typeof field === 'string') &&
    [key, input, chatId, reason, title].every((field) => field === undefined || typeof field === 'string') &&
    [at, uses].every((field) => typeof field === 'number') &&
    [expiresAt, maxUses].every((field) => field === undefined || typeof field === 'number') &&
    (key === undefined) !== (input === undefined) &&
    (answer === 'approve' || answer === 'deny');
  return isWhole ? [{ ...(rule as RememberedApproval), isStored: true }] : [];
}
