/** Owns the judgement of how an answer ended, by its chunks and by what `onFinish` said. Pure. */
import type { FinishReason } from 'ai';
import { warnOf } from '../core/misuse.ts';
import type { ResponseRecord } from './response-tap.ts';

/**
 * `'well'`: calls of `step-end` tools may start. `'lost'`: the connection broke, and a resumed stream may
 * still bring the rest. `'unknown'`: nobody watched the chunks, and the callbacks cannot tell a stop from a good end.
 */
export type ResponseEnd = 'well' | 'stopped' | 'error' | 'cut' | 'lost' | 'unknown';

/** What `onFinish` says of the end. */
export interface FinishFlags {
  readonly isAbort: boolean;
  readonly isDisconnect: boolean;
  readonly isError: boolean;
  readonly finishReason?: FinishReason | undefined;
}

/** Judges the end of an answer. `record`: what the tap saw of it, if there is one. */
export function judgeEnd(
  { isAbort, isDisconnect, isError, finishReason }: FinishFlags,
  record: ResponseRecord | undefined,
): ResponseEnd {
  if (isDisconnect) return 'lost';
  if (isAbort || record?.aborted === true) return 'stopped';
  if (isError || record?.failed === true) return 'error';
  if (record === undefined && finishReason === undefined) return 'unknown';
  if (record !== undefined && !record.finished) return 'cut';
  const reason: string | undefined = record?.finishReason ?? finishReason;
  if (reason === 'error') return 'error';
  // `interrupted` is new in 7: the server ended the answer in its middle.
  return reason === 'length' || reason === 'content-filter' || reason === 'interrupted' ? 'cut' : 'well';
}

/** Tells the page's author of a backend that never says that an answer is complete: without that word nothing of it is sent on. */
export function warnOfMissingFinish(end: ResponseEnd, record: ResponseRecord | undefined): void {
  if (end === 'cut' && record?.finished === false) warnOf('missing-finish', []);
}
