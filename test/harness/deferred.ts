// Owns: tools that a test settles by hand, so that no test sleeps.
import { createDeferred, type Deferred } from '../../src/testing/deferred.ts';

export { createDeferred, type Deferred };

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
