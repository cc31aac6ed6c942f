/**
 * Owns the reading of an output that comes bit by bit: of an `AsyncIterable`, such as an `async function*` gives, or a `ReadableStream`.
 */
import { readField } from './read-field.ts';

/** What a tool may give in place of an output. */
type OutputStream = AsyncIterable<unknown> | ReadableStream<unknown>;

export function isOutputStream(value: unknown): value is OutputStream {
  if (typeof value !== 'object' || value === null) return false;
  return isReadableStream(value) || typeof readField(value, Symbol.asyncIterator) === 'function';
}

/** By its method: not every browser lets `for await` read one. */
function isReadableStream(value: object): value is ReadableStream<unknown> {
  return typeof readField(value, 'getReader') === 'function';
}

export function openOutputStream(stream: OutputStream): AsyncIterator<unknown> {
  if (!isReadableStream(stream)) return stream[Symbol.asyncIterator]();
  // A stream's own iterator would wait for the next chunk before it lets itself be closed.
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>, // SAFETY: `done` and `value`, as an iterator's.
    return: async () => ({ done: true, value: await reader.cancel() }),
  };
}

/** Hands on every value, and resolves to the last. Once it has ended, what still comes is dropped. */
export async function readOutputStream(
  source: AsyncIterator<unknown>,
  onValue: (value: unknown) => void,
  isEnded: () => boolean,
): Promise<unknown> {
  let last: unknown;
  for (let next = await source.next(); next.done !== true && !isEnded(); next = await source.next()) {
    last = next.value;
    onValue(last);
  }
  return last;
}

/** Tells the source that nobody reads on, so that a generator's `finally` runs and a request is given up. Never rejects. */
export async function closeOutputStream(source: AsyncIterator<unknown>): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // The attempt is over: what tidying up comes to changes nothing.
  }
}
