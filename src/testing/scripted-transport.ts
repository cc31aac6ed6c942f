/** Owns a chat transport whose answers come from a script, or are written by the test by hand. Nothing leaves the test. */
import type { ChatTransport, UIMessage, UIMessageChunk } from 'ai';
import { findProblems } from './check-request.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import { playAnswer, type Script, type ScriptPart, type ScriptStage } from './script.ts';
import { ScriptedResponse, type SendOptions } from './scripted-response.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { createTestRequest, type TestRequest } from './test-request.ts';

export interface ScriptedTransportOptions {
  /** The model's answers. Without it the test writes them: `await transport.next()` gives each. */
  script?: Script | undefined;
  /** Whose time the pauses of the script take. */
  clock?: Pick<TestClock, 'sleep'> | undefined;
  /** The id of the assistant's message in the answer to a request. @default none */
  messageIdOf?: ((request: number) => string | undefined) | undefined;
}

export class ScriptedTransport implements ChatTransport<UIMessage> {
  readonly resumeStreamIsReplay = true;
  /** Every request so far. */
  readonly requests: TestRequest[] = [];
  /** The answer to each request. */
  readonly responses: ScriptedResponse[] = [];
  /** What the SDK found wrong with the messages of a request: a real server would refuse them. */
  readonly problems: string[] = [];
  /** What is wrong with the script itself: it is too short, or a part of it threw. */
  readonly faults: Error[] = [];
  /** What the next request fails with, as with a server that answers 500. */
  failNext: Error | undefined;
  /** The stream that is there to be resumed. */
  resumable: ScriptedResponse | undefined;
  /** Holds the answer to "is there a stream to resume?" until it settles. */
  resumeGate: Promise<unknown> | undefined;
  /** How often the chat asked for a stream to resume. */
  resumes = 0;
  readonly #script: Script | undefined;
  readonly #clock: Pick<TestClock, 'sleep'>;
  readonly #messageIdOf: (request: number) => string | undefined;
  #waiters: Deferred<ScriptedResponse>[] = [];
  #taken = 0;
  #calls = 0;

  constructor({ script, clock = createTestClock(), messageIdOf = () => undefined }: ScriptedTransportOptions = {}) {
    this.#script = script;
    this.#clock = clock;
    this.#messageIdOf = messageIdOf;
  }

  async sendMessages(options: SendOptions): Promise<ReadableStream<UIMessageChunk>> {
    this.problems.push(...(await findProblems(options.messages)));
    const sent = { ...options, messages: structuredClone(options.messages) };
    const response = new ScriptedResponse(sent);
    const request = createTestRequest(sent);
    this.responses.push(response);
    this.requests.push(request);
    this.#hand();
    const answer = this.#script === undefined ? undefined : this.#findAnswer(this.#script, request);
    const refusal = this.failNext ?? answer?.find((part) => part.refusal !== undefined)?.refusal;
    this.failNext = undefined;
    if (refusal !== undefined) {
      response.close();
      throw refusal;
    }
    if (answer !== undefined) void this.#play(answer, response);
    return response.stream;
  }

  /** A stream is there to be resumed: `resumable` writes it. */
  offerResume(): void {
    this.resumable = new ScriptedResponse(undefined);
  }

  async reconnectToStream(): Promise<ReadableStream<UIMessageChunk> | null> {
    this.resumes++;
    await this.resumeGate;
    return this.resumable?.stream ?? null;
  }

  /** The answer to the next request that the test has not taken yet, to be written. */
  next(): Promise<ScriptedResponse> {
    const waiter = createDeferred<ScriptedResponse>();
    this.#waiters.push(waiter);
    this.#hand();
    return waiter.promise;
  }

  #hand(): void {
    while (this.#waiters.length > 0 && this.#taken < this.responses.length) {
      this.#waiters.shift()!.resolve(this.responses[this.#taken++]!);
    }
  }

  #findAnswer(script: Script, request: TestRequest): readonly ScriptPart[] {
    const index = this.requests.length - 1;
    const answer = typeof script === 'function' ? script : script[index];
    if (answer === undefined) {
      const what = request.text === '' ? `a follow-up with ${request.results.length} results` : `"${request.text}"`;
      throw this.#note(
        new Error(
          `The script has ${script.length} answers, and there came a request ${index + 1}: ${what}. Add an answer.`,
        ),
      );
    }
    try {
      const parts = typeof answer === 'function' ? answer(request) : answer;
      return 'play' in parts ? [parts] : parts;
    } catch (thrown) {
      throw this.#note(thrown);
    }
  }

  async #play(answer: readonly ScriptPart[], response: ScriptedResponse): Promise<void> {
    const stage: ScriptStage = {
      response,
      clock: this.#clock,
      nextCallId: () => `call-${++this.#calls}`,
      finishReason: 'stop',
    };
    try {
      await playAnswer(answer, stage, this.#messageIdOf(this.responses.indexOf(response)));
    } catch (thrown) {
      response.fail(this.#note(thrown));
    }
  }

  #note(thrown: unknown): Error {
    const fault = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.faults.push(fault);
    return fault;
  }
}
