// Owns: a plugin beside a random walk that holds, throws and answers late, whenever the walk says so.
import type { PluginHost, ToolCallsPlugin } from 'use-parallel-tools';
import { createDeferred } from './deferred.ts';

export class WalkPlugin {
  /** Nothing is to be sent to go on. */
  isHolding = false;
  /** Attempts and outputs are to wait. */
  isLate = false;
  /** What is passed over throws. */
  isFaulty = false;
  readonly #late = new Map<() => void, unknown>();
  readonly #hosts = new Set<PluginHost>();

  readonly plugin: ToolCallsPlugin = {
    name: 'walk',
    connect: (host) => {
      this.#hosts.add(host);
      return () => void this.#hosts.delete(host);
    },
    recall: () => this.#fail(undefined),
    beforeAttempt: () => this.#wait(undefined),
    execute: (_, run) => {
      const value = run();
      return this.#fail(value);
    },
    toModel: (_, output) => this.#wait(output) ?? output,
    beforeFollowUp: () => {
      if (this.isHolding && this.isFaulty) throw new Error('a fault of the plugin');
      return this.isHolding ? 'hold' : 'send';
    },
    request: (request) => this.#fail(request),
  };

  /** Outputs that the model is not to have yet. */
  get withheld(): unknown[] {
    return [...this.#late.values()].filter((value) => value !== undefined);
  }

  /** What waits goes on, and everything is asked again. */
  letGo(): void {
    Object.assign(this, { isHolding: false, isLate: false, isFaulty: false });
    for (const go of this.#late.keys()) go();
    this.#late.clear();
    for (const host of this.#hosts) host.reconsider();
  }

  #fail<TValue>(value: TValue): TValue {
    if (this.isFaulty) throw new Error('a fault of the plugin');
    return value;
  }

  #wait<TValue>(value: TValue): Promise<TValue> | undefined {
    if (!this.isLate) return undefined;
    const { promise, resolve } = createDeferred<TValue>();
    this.#late.set(() => resolve(value), value);
    return promise;
  }
}
