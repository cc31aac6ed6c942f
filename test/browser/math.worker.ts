// Owns: the worker of the tests in Chromium: tools that compute, stream, fail, crash and never stop.
import { exposeTools, transfer } from 'use-parallel-tools/worker';

const spin = (milliseconds: number) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

let calls = 0;

exposeTools({
  add: ({ a, b }: { a: number; b: number }) => a + b,
  spin: ({ milliseconds }: { milliseconds: number }) => {
    spin(milliseconds);
    return 'done';
  },
  loop: () => {
    for (;;);
  },
  patient: (_: object, { abortSignal }) =>
    new Promise(
      (_resolve, reject) => void abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error)),
    ),
  async *count({ to }: { to: number }) {
    for (let n = 1; n <= to; n++) {
      yield n;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  },
  report: (_: object, { reportProgress, idempotencyKey, attempt }) => {
    reportProgress({ fraction: 0.5, message: 'half' });
    return { idempotencyKey, attempt };
  },
  fail: () => {
    throw Object.assign(new RangeError('too many'), { retryAfter: 7 });
  },
  crash: () => {
    setTimeout(() => {
      throw new Error('bad day');
    });
    return new Promise(() => {});
  },
  size: ({ buffer }: { buffer: ArrayBuffer }) => transfer({ size: buffer.byteLength }, []),
  nth: () => ++calls,
});
