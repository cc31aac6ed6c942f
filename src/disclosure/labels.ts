/** Owns every word of this entry that people read, in English. Another language is a partial override. */
import type { GuardReasons } from './guard.ts';
import type { Withheld } from './model-value.ts';

export interface DisclosureLabels {
  /** Why a call needs a yes: the tools that brought private data, with its labels, those that brought others' text, and those of which the input repeats a value. */
  guardReason: (reasons: { privateFrom: string; labels: string; untrustedFrom: string; carriedFrom: string }) => string;
  /** Why a call needs a yes where the page does not know yet what the conversation holds. */
  guardNotReady: string;
  /** A list of names in one text. */
  list: (names: readonly string[]) => string;
  /** The head of an answer's sources: `From 3 calls · 1 with personal data`. */
  sources: (calls: number, withLabels: number) => string;
  /** Text that others wrote, at a source. */
  untrusted: string;
  approved: string;
  failed: string;
  changed: Record<'redacted' | 'shortened', string>;
  withheld: Record<Withheld, string>;
  /** The head of the question whether results may be sent. */
  consent: (calls: number) => string;
  /** What would go, in bytes. */
  size: (bytes: number) => string;
  /** The checkbox that leaves a result out or in: `Send the result of getAddress`. */
  include: (name: string) => string;
  remember: string;
  send: string;
  sendNothing: string;
}

const number = new Intl.NumberFormat('en');
const calls = (count: number) => `${number.format(count)} ${count === 1 ? 'call' : 'calls'}`;
const kilobytes = new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 });
const bytesOf = new Intl.NumberFormat('en', { style: 'unit', unit: 'byte', unitDisplay: 'long' });
const names = new Intl.ListFormat('en');

export const englishDisclosureLabels: DisclosureLabels = {
  guardReason: ({ privateFrom, labels, untrustedFrom, carriedFrom }) =>
    [
      privateFrom &&
        `The conversation holds private data (${labels}, from ${privateFrom}) and text that others wrote (from ${untrustedFrom}). That text may have asked for this call.`,
      carriedFrom && `The input repeats private data from ${carriedFrom}.`,
    ]
      .filter(Boolean)
      .join(' '),
  guardNotReady: 'It is not known yet which private data the conversation holds.',
  list: (list) => names.format(list),
  sources: (count, withLabels) =>
    `From ${calls(count)}${withLabels > 0 ? ` · ${number.format(withLabels)} with personal data` : ''}`,
  untrusted: 'Text that others wrote',
  approved: 'Approved by you',
  failed: 'Failed',
  changed: { redacted: 'Partly withheld', shortened: 'Shortened' },
  withheld: {
    'by-person': 'Withheld by you',
    'by-page': 'Withheld by this page',
    'too-large': 'Withheld: too large',
    'redaction-failed': 'Withheld: private data could not be taken out',
    'labels-failed': 'Withheld: it is not known what is private in it',
  },
  consent: (count) => `Send the ${count === 1 ? 'result' : 'results'} of ${calls(count)} to the model?`,
  size: (bytes) => (bytes < 1000 ? bytesOf.format(bytes) : kilobytes.format(bytes / 1000)),
  include: (name) => `Send the result of ${name}`,
  remember: 'Do not ask again for such data in this chat',
  send: 'Send',
  sendNothing: 'Send nothing',
};

/** Labels in another language: what is left out stays English. */
export type DisclosureLabelsOverride = Partial<DisclosureLabels>;

/** The guard's reasons in words: what the card shows. */
export function explainGuard(labels: DisclosureLabels, reasons: GuardReasons): string {
  const toNames = (sources: GuardReasons['privateFrom']) =>
    labels.list([...new Set(sources.map(({ title, toolName }) => title ?? toolName))]);
  return labels.guardReason({
    privateFrom: toNames(reasons.privateFrom),
    labels: labels.list([...new Set(reasons.privateFrom.flatMap((source) => source.labels))]),
    untrustedFrom: toNames(reasons.untrustedFrom),
    carriedFrom: toNames(reasons.carriedFrom),
  });
}
