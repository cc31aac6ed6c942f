/**
 * Owns the reading of what a thrown `Response` says: a bounded piece of its body, in bounded time. Nobody else may want it: a tool
 * that threw the response is done with it.
 */
import type { CancelTimer, Clock } from './clock.ts';

/** How much of a body is kept (bytes), and how long it is waited for (ms). */
const MOST_BYTES = 2_048;
const LONGEST_WAIT = 1_000;

/**
 * Reads the beginning of a body as text and calls `then` with it, once: `undefined` where there is none, where it was read before,
 * or where none came in time. Returns what stops the reading; `then` is not called after that. Never throws.
 */
export function readBody(response: Response, clock: Clock, then: (text: string | undefined) => void): CancelTimer {
  if (response.body === null || response.bodyUsed || response.body.locked) {
    then(undefined);
    return () => {};
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  let ended = false;
  const stop = () => {
    ended = true;
    cancelTimer();
    reader.cancel().catch(() => {});
  };
  const end = () => {
    if (ended) return;
    stop();
    then(text.trim() === '' ? undefined : `${text}${bytes > MOST_BYTES ? '…' : ''}`);
  };
  const cancelTimer = clock.setTimer(end, LONGEST_WAIT);
  const read = async (): Promise<void> => {
    while (bytes <= MOST_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, MOST_BYTES - bytes), { stream: true });
      bytes += value.length;
    }
  };
  read().then(end, end);
  return stop;
}
