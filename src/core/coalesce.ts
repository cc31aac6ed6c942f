/**
 * Owns one request for several calls: what `executeMany` receives, and which part of its answer is whose. Each call keeps an attempt of its own
 * (`attempts.ts`), which joins the request here and waits for its entry; so timeout, cancel, checks and retries are those of any call.
 */
import type { Clock } from './clock.ts';
import { isResponse } from './errors.ts';
import { show } from './expect.ts';
import { isPromiseLike } from './schema.ts';
import type { ClientToolExecuteMany, ClientToolExecutionOptions } from './tool.ts';

export interface SharedRequest {
  /**
   * Takes an attempt into the request. `run` is called at once with what joins it: a function that takes the options of the call and gives its entry.
   * Plugins around the tool may call that later, or never. Returns what `run` returns.
   */
  take(input: unknown, abortSignal: AbortSignal, run: (join: Join) => unknown): unknown;
  /** No more attempts are coming: sends the request as soon as each of them has joined or ended. */
  seal(): void;
  /** One number for all calls of the request, so that those that failed wait equally long and go again together. */
  random(): number;
}

type Join = (options: ClientToolExecutionOptions) => Promise<unknown>;

interface Member {
  readonly input: unknown;
  readonly abortSignal: AbortSignal;
  state: 'coming' | 'joined' | 'gone';
  options: ClientToolExecutionOptions | undefined;
  readonly entry: Promise<unknown>;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function createSharedRequest(
  toolName: string,
  executeMany: ClientToolExecuteMany<unknown, unknown>,
  clock: Clock,
): SharedRequest {
  const members: Member[] = [];
  const controller = new AbortController();
  let isSealed = false;
  let sent: readonly Member[] | undefined;
  let random: number | undefined;

  /** A call that ended before it joined is not waited for; when no call is left that wants the request, it is aborted. */
  function leave(member: Member): void {
    if (member.state === 'coming') member.state = 'gone';
    if (sent === undefined) sendWhenComplete();
    else if (sent.every(({ abortSignal }) => abortSignal.aborted)) controller.abort(member.abortSignal.reason);
  }

  function sendWhenComplete(): void {
    if (!isSealed || sent !== undefined || members.some(({ state }) => state === 'coming')) return;
    sent = members.filter(({ state, abortSignal }) => state === 'joined' && !abortSignal.aborted);
    if (sent.length > 0) void send(sent);
  }

  async function send(chosen: readonly Member[]): Promise<void> {
    try {
      const calls = chosen.map(({ options }) => options!);
      const inputs = chosen.map(({ input }) => input);
      const entries: unknown = await executeMany(inputs, { toolName, calls, abortSignal: controller.signal });
      expectEntries(toolName, entries, chosen.length);
      chosen.forEach(({ resolve, reject }, index) => {
        const entry = entries[index];
        if (entry instanceof Error) reject(entry);
        else resolve(entry);
      });
    } catch (thrown) {
      // The body of a response can be read once, and each call reads it.
      const canClone = isResponse(thrown) && !thrown.bodyUsed && !thrown.body?.locked;
      chosen.forEach(({ reject }, index) => reject(canClone && index > 0 ? thrown.clone() : thrown));
    }
  }

  return {
    take(input, abortSignal, run) {
      const member = createMember(input, abortSignal);
      members.push(member);
      const end = () => leave(member);
      abortSignal.addEventListener('abort', end);
      try {
        const given = run((options) => {
          if (member.state === 'coming') {
            member.state = 'joined';
            member.options = options;
            sendWhenComplete();
          }
          return member.entry;
        });
        if (isPromiseLike(given)) given.then(end, end);
        else end();
        return given;
      } catch (thrown) {
        end();
        throw thrown;
      }
    },
    seal() {
      isSealed = true;
      sendWhenComplete();
    },
    random: () => (random ??= clock.random()),
  };
}

function createMember(input: unknown, abortSignal: AbortSignal): Member {
  let resolve!: Member['resolve'];
  let reject!: Member['reject'];
  const entry = new Promise<unknown>((...settle) => ([resolve, reject] = settle));
  // Nobody listens to the entry of a call that has ended.
  entry.catch(() => {});
  return { input, abortSignal, state: 'coming', options: undefined, entry, resolve, reject };
}

function expectEntries(toolName: string, entries: unknown, count: number): asserts entries is readonly unknown[] {
  if (Array.isArray(entries) && entries.length === count) return;
  const got = Array.isArray(entries) ? `${entries.length} entries` : show(entries);
  throw new TypeError(
    `Expected \`executeMany\` of ${toolName} to return an array with one output or Error for each of its ${count} inputs, in their order, got ${got}. ` +
      'Without that it cannot be known which output is whose.',
  );
}
