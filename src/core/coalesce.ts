/**
 * Owns one request for several calls: what `executeMany` receives, and which part of its answer is whose. Each call keeps an attempt of its own
 * (`attempts.ts`), which joins the request here and waits for its entry; so timeout, cancel, checks and retries are those of any call.
 */
import type { Clock } from './clock.ts';
import { isResponse } from './errors.ts';
import { misuse } from './misuse.ts';
import type { ClientToolExecuteMany, ClientToolExecutionOptions } from './tool.ts';

export interface SharedRequest {
  /**
   * Takes an attempt into the request. `run` is called at once with what joins it: a function that takes the options of the call and gives its entry.
   * Plugins around the tool may call that later, or never. Gives what `run` gives.
   */
  take(input: unknown, abortSignal: AbortSignal, run: (join: Join) => unknown): Promise<unknown>;
  /** No more attempts are coming: sends the request as soon as each of them has joined or ended. */
  seal(): void;
  /** One number for all calls of the request, so that those that failed wait equally long and go again together. */
  random(): number;
}

type Join = (options: ClientToolExecutionOptions) => Promise<unknown>;

interface Member {
  readonly input: unknown;
  readonly abortSignal: AbortSignal;
  /** It has joined. */
  options?: ClientToolExecutionOptions;
}

export function createSharedRequest(
  toolName: string,
  executeMany: ClientToolExecuteMany<unknown, unknown>,
  clock: Clock,
): SharedRequest {
  const members: Member[] = [];
  /** Who has neither joined nor ended; and, until it is sealed, the list itself. */
  const awaited = new Set<Member | Member[]>([members]);
  const controller = new AbortController();
  const random = clock.random();
  let sent: Member[] | undefined;
  let answer!: (entries: Promise<readonly unknown[]>) => void;
  const answered = new Promise<readonly unknown[]>((resolve) => (answer = resolve));

  function awaitNoMore(one: Member | Member[]): void {
    awaited.delete(one);
    if (awaited.size > 0 || sent !== undefined) return;
    sent = members.filter(({ options, abortSignal }) => options !== undefined && !abortSignal.aborted);
    if (sent.length > 0) answer(send(sent));
  }

  async function send(chosen: readonly Member[]): Promise<readonly unknown[]> {
    const inputs = chosen.map(({ input }) => input);
    const calls = chosen.map(({ options }) => options!);
    const entries: unknown = await executeMany(inputs, { toolName, calls, abortSignal: controller.signal });
    if (Array.isArray(entries) && entries.length === inputs.length) return entries;
    throw misuse('entries', toolName, inputs.length, entries);
  }

  async function entryOf(member: Member): Promise<unknown> {
    const entries = await answered.catch((thrown: unknown) => {
      // The body of a response can be read once, and each call reads it.
      throw isResponse(thrown) && member !== sent![0] && !thrown.bodyUsed ? thrown.clone() : thrown;
    });
    const entry = entries[sent!.indexOf(member)];
    if (entry instanceof Error) throw entry;
    return entry;
  }

  return {
    take(input, abortSignal, run) {
      const member: Member = { input, abortSignal };
      members.push(member);
      awaited.add(member);
      const end = () => awaitNoMore(member);
      abortSignal.addEventListener('abort', () => {
        end();
        // No call is left that wants the request.
        if (sent?.every((other) => other.abortSignal.aborted)) controller.abort(abortSignal.reason);
      });
      const join: Join = (options) => {
        member.options = options;
        end();
        return entryOf(member);
      };
      const given = (async () => run(join))();
      given.then(end, end);
      return given;
    },
    seal: () => awaitNoMore(members),
    random: () => random,
  };
}
