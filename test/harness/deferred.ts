// Owns: promises and tools that a test settles by hand, so that no test sleeps.

export interface Deferred<TValue> {
  readonly promise: Promise<TValue>;
  resolve(value: TValue): void;
  reject(error: unknown): void;
}

export function createDeferred<TValue = unknown>(): Deferred<TValue> {
  let resolve!: (value: TValue) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<TValue>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** One invocation of a hand-settled tool. */
export interface Invocation<TInput, TOptions> extends Deferred<unknown> {
  readonly input: TInput;
  readonly options: TOptions;
}

/** An `execute` whose invocations are kept, to be settled one by one. */
export function createHandExecute<TInput, TOptions>() {
  const invocations: Invocation<TInput, TOptions>[] = [];
  const execute = (input: TInput, options: TOptions): Promise<unknown> => {
    const deferred = createDeferred();
    invocations.push({ ...deferred, input, options });
    return deferred.promise;
  };
  return { execute, invocations };
}
