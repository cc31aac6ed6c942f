/** Owns every word of this entry that people read, in English. Another language is a partial override. */
import type { RememberFor } from '../core/tool-calls.ts';
import type { RememberedApproval } from './rules.ts';

export interface ApprovalMemoryLabels {
  /** What opens the choice on a card. */
  remember: string;
  /** The choice, to those who do not see whose card it is on: `Remember your answer to refund`. Begins with `remember`. */
  rememberNamed: (name: string) => string;
  /** Which calls an answer covers; the tool's `approvalKey` stands behind it. */
  covers: (name: string) => string;
  /** The same of a tool without `approvalKey`. */
  coversInput: (name: string) => string;
  /** How many other calls that wait now the answer is for too. */
  alsoAnswers: (count: number) => string;
  /** How long (ms), and for how many calls, an answer is remembered. One of the two is there. */
  lasts: (ttl: number | undefined, maxUses: number | undefined) => string;
  /** Said where nothing is stored. */
  untilLeft: string;
  /** The name of the choice between one chat and all. */
  scope: string;
  scopes: Record<RememberFor, string>;
  /** In the list, of an answer for one chat: it may be another one than this. */
  oneChat: string;
  /** The two buttons. */
  approve: string;
  deny: string;
  /** Whose word a call has gone by, on its card. `at`: when the person said it (epoch ms). */
  answered: (answer: RememberedApproval['answer'], at: number) => string;
  /** The list of what is remembered. */
  list: string;
  nothing: string;
  answers: Record<RememberedApproval['answer'], string>;
  exactInput: string;
  until: (at: number) => string;
  usesLeft: (count: number) => string;
  forget: string;
  /** The name of the button of one answer. `covered` is the key, or the input as JSON. */
  forgetNamed: (name: string, covered: string) => string;
}

/** Labels in another language: what is left out stays English. */
export type ApprovalMemoryLabelsOverride = Partial<ApprovalMemoryLabels>;

const number = new Intl.NumberFormat('en');
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const calls = (count: number) => `${number.format(count)} ${count === 1 ? 'call' : 'calls'}`;

export const englishApprovalMemoryLabels: ApprovalMemoryLabels = {
  remember: 'Remember your answer',
  rememberNamed: (name) => `Remember your answer to ${name}`,
  covers: (name) => `Covers every call of ${name} for`,
  coversInput: (name) => `Covers only calls of ${name} with exactly this input.`,
  alsoAnswers: (count) => `Also answers ${calls(count)} waiting in this chat.`,
  lasts: (ttl, maxUses) => {
    const limits = [ttl !== undefined && formatSpan('en', ttl), maxUses !== undefined && calls(maxUses)].filter(
      Boolean,
    );
    return `Remembered for at most ${limits.join(', ')}.`;
  },
  untilLeft: 'Forgotten when you leave this page.',
  scope: 'Where',
  scopes: { chat: 'In this chat', always: 'In every chat' },
  oneChat: 'In one chat',
  approve: 'Approve and remember',
  deny: 'Deny and remember',
  answered: (answer, at) =>
    `${answer === 'approve' ? 'Approved' : 'Denied'} by the answer you gave on ${dateTime.format(at)}`,
  list: 'Remembered answers',
  nothing: 'No answers are remembered.',
  answers: { approve: 'Approved', deny: 'Denied' },
  exactInput: 'Exactly this input',
  until: (at) => `Until ${dateTime.format(at)}`,
  usesLeft: (count) => `For ${calls(count)} more`,
  forget: 'Forget',
  forgetNamed: (name, covered) => `Forget the answer to ${name}: ${covered}`,
};

/** A time of milliseconds in its largest whole unit, in any language: `30 days`. */
function formatSpan(locale: string, ms: number): string {
  const [unit, size] =
    ms >= 2 * 86_400_000
      ? ['day', 86_400_000]
      : ms >= 2 * 3_600_000
        ? ['hour', 3_600_000]
        : ms >= 60_000
          ? ['minute', 60_000]
          : ['second', 1_000];
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 });
  return format.format(ms / size);
}
