/**
 * Owns the workers of a tool: so many as calls need, at most `size`, one call each, kept for the next one and closed when nobody needs them. A worker that
 * crashes, or does not stop when it is told to, is terminated, and another takes its place.
 */
import { systemClock, type CancelTimer } from '../core/clock.ts';

export interface WorkerPoolOptions {
  readonly create: () => Worker;
  readonly size: number;
  /** Milliseconds after which a worker without a call is closed. */
  readonly idle: number;
}

/** A worker for one call. */
export interface Lease {
  readonly worker: Worker;
  /** Settles with what broke the worker. */
  readonly broken: Promise<Error>;
  /** The call has ended, and the worker can take another one. */
  release(): void;
  /** The worker is not to be used any more: it is stopped where it is. */
  terminate(): void;
}

export interface WorkerPool {
  /** Waits for a worker, in the order of asking. Rejects with the signal's reason. */
  take(abortSignal: AbortSignal): Promise<Lease>;
}

export function createWorkerPool({ create, size, idle }: WorkerPoolOptions): WorkerPool {
  const free: { worker: Worker; cancelClose: CancelTimer }[] = [];
  const waiting = new Set<() => void>();
  let count = 0;

  function close(worker: Worker): void {
    worker.terminate();
    count--;
    const [next] = waiting;
    next?.();
  }

  function put(worker: Worker): void {
    const cancelClose = systemClock.setTimer(() => {
      free.splice(
        free.findIndex((each) => each.worker === worker),
        1,
      );
      close(worker);
    }, idle);
    free.push({ worker, cancelClose });
    const [next] = waiting;
    next?.();
  }

  function lease(): Lease | undefined {
    const known = free.pop();
    known?.cancelClose();
    if (known === undefined && count >= size) return undefined;
    if (known === undefined) count++;
    let worker: Worker;
    try {
      worker = known?.worker ?? create();
    } catch (thrown) {
      count--;
      throw thrown;
    }
    let isOver = false;
    const listening = new AbortController();
    const end = (then: (worker: Worker) => void) => {
      if (isOver) return;
      isOver = true;
      listening.abort();
      then(worker);
    };
    const broken = new Promise<Error>((resolve) => {
      const fail = (what: string) => {
        resolve(new Error(what));
        end(close);
      };
      const { signal } = listening;
      worker.addEventListener(
        'error',
        (event) => fail(`The worker crashed: ${event.message || 'its file could not be loaded'}`),
        { signal },
      );
      worker.addEventListener('messageerror', () => fail('The worker sent what cannot be read'), { signal });
    });
    return { worker, broken, release: () => end(put), terminate: () => end(close) };
  }

  return {
    take(abortSignal) {
      return new Promise<Lease>((resolve, reject) => {
        const stop = () => {
          waiting.delete(attempt);
          abortSignal.removeEventListener('abort', giveUp);
        };
        const giveUp = () => {
          stop();
          reject(abortSignal.reason as Error);
        };
        const attempt = () => {
          try {
            const found = lease();
            if (found === undefined) return;
            stop();
            resolve(found);
          } catch (thrown) {
            stop();
            reject(thrown as Error);
          }
        };
        if (abortSignal.aborted) return giveUp();
        abortSignal.addEventListener('abort', giveUp);
        waiting.add(attempt);
        attempt();
      });
    },
  };
}
