// Owns: the moments at which a page with a journal ends, and what comes of its calls then. `durable.test.ts` brings a page to each of them, and the table in
// docs/contributing/benchmarks.md is made of them.

export interface Moment {
  /** What the cards show in the page that comes after it. */
  readonly shown: readonly string[];
  /** What runs in that page by itself. */
  readonly runs?: readonly string[];
  /** What reached the server in the end without a person's word, of writes. */
  readonly writes: readonly string[];
  /** What the follow-up carries that the page which comes after it sends by itself; none where it sends none. */
  readonly sends?: readonly string[];
}

export const MOMENTS = {
  'while the answer that makes the write still streams': {
    shown: ['interrupted'],
    writes: [],
  },
  'before the intent is stored': {
    // That its answer has ended was to be stored with the intent.
    shown: ['interrupted'],
    writes: [],
  },
  'while a write waits for its turn': {
    shown: ['interrupted', 'running'],
    runs: ['single v'],
    writes: ['single v', 'single w'],
  },
  'after the intent, before the tool': {
    shown: ['interrupted'],
    writes: [],
  },
  'in the tool': {
    shown: ['interrupted'],
    writes: ['write w'],
  },
  'after the outcome is stored, before it is in the messages': {
    shown: ['succeeded', 'interrupted'],
    writes: ['write w', 'write v'],
  },
  'before the outcome is stored': {
    shown: ['succeeded'],
    writes: ['write w'],
    sends: ['w: output-available'],
  },
  'between two results': {
    shown: ['running', 'succeeded', 'interrupted'],
    runs: ['read r'],
    writes: ['write w', 'write v'],
  },
  'before the follow-up is sent': {
    shown: ['succeeded', 'succeeded'],
    writes: ['write w'],
    sends: ['w: output-available', 'r: output-available'],
  },
  // It is sent at most once: a person may say `resend`.
  'after it is noted that the follow-up is sent, before it leaves': {
    shown: ['succeeded'],
    writes: ['write w'],
  },
  'in the stream of a follow-up whose results were not kept': {
    shown: ['succeeded'],
    writes: ['write w'],
  },
  'in the stream of the follow-up': {
    shown: ['succeeded'],
    writes: ['write w'],
  },
  'during an approval': {
    shown: ['awaiting-approval'],
    writes: [],
  },
  'after an approval, while a write waits for its turn': {
    shown: ['interrupted', 'running'],
    runs: ['refund v'],
    writes: ['refund v', 'refund w'],
  },
  'in the backoff between two attempts': {
    shown: ['interrupted'],
    writes: ['flaky w'],
  },
  'while a failure is held': {
    shown: ['failed'],
    writes: ['careful w'],
  },
  'in a retry after the batch was sent': {
    shown: ['failed'],
    // A person wanted the second one.
    writes: ['write w', 'write w'],
  },
  'while a person fills in a form': {
    shown: ['awaiting-input', 'succeeded'],
    writes: ['write w'],
  },
} as const satisfies Record<string, Moment>;

export type MomentName = keyof typeof MOMENTS;
