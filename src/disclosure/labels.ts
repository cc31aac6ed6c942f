/** Owns every word of this entry that people read, in English. Another language is a partial override. */
import { guardWords } from './guard-words.ts';
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

export const englishDisclosureLabels: DisclosureLabels = {
  ...guardWords,
  sources: (count, withLabels) =>
    `From ${calls(count)}${withLabels > 0 ? ` · ${number.format(withLabels)} with personal data` : ''}`,
  untrusted: 'Text that others wrote',
  approved: 'Approved by you',
  failed: 'Failed',
  changed: { redacted: 'Partly withheld', shortened: 'Shortened' },
  withheld: {
    'by-person': 'Withheld by you',
    'by-page': 'Withheld by this page',
    unsent: 'Not sent: you wrote a new message',
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
