// @vitest-environment jsdom
// Owns: what real models sent, through the whole chain. One test a recording and way to start; at the end, how many held.
import { afterAll, describe, expect, it } from 'vitest';
import { selectToolCalls } from '../../src/core/selectors.ts';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { readRecordings, type Recording } from './recordings.ts';
import { lastText, recordedOutputs, replay, until, type Replay, type StartMode } from './replay.ts';
import { breakAtTheEnd, namesCall, readAnswer, readResults, readThoughtSignatures } from './wire.ts';

const recordings = readRecordings();
const modes: StartMode[] = ['eager', 'step-end'];
/** They complete the calls of a response at its end, which an error takes away. */
const lateCalls = new Set(['@ai-sdk/groq', '@ai-sdk/openai (chat)', '@ai-sdk/openai-compatible']);
/** In its version for AI SDK 6, it passes over an event that is an error. */
const torn = (recording: Recording) => isAiSdk6 && recording.package === '@ai-sdk/google-vertex';

it('finds recordings, or says that it was skipped', () => {
  if (recordings === undefined) console.log('recordings: skipped, there is no ../shared/recordings');
  else expect(recordings.length).toBeGreaterThan(0);
});

describe.runIf(recordings !== undefined)('recorded responses', () => {
  const streamed = recordings?.filter(({ kind }) => kind === 'sse') ?? [];
  const whole = recordings?.filter(({ kind }) => kind === 'json') ?? [];
  const held = new Set<string>();

  afterAll(() => {
    const count = (group: Recording[]) =>
      group.filter(({ id }) => modes.every((mode) => held.has(`${id} ${mode}`))).length;
    const on = isAiSdk6 ? ' on AI SDK 6' : '';
    console.log(
      `recordings${on}: ${count(streamed)} of ${streamed.length}\nrecordings not streamed${on}: ${count(whole)} of ${whole.length}`,
    );
  });

  describe.each(byName([...streamed, ...whole], ({ id }) => id))('%s', (_, recording) => {
    it.each(modes)('runs every call once and at once, sends one follow-up, shows the answer (%s)', async (mode) => {
      const running = await replay(recording, mode, [recording.response, recording.followUp.response]);
      await expectTurn(running, recording, 0);
      held.add(`${recording.id} ${mode}`);
    });
  });

  describe.each(byName(streamed, ({ id }) => id))('%s, started early', (_, recording) => {
    it('runs every call once: the first whole input is the final one', async () => {
      const running = await replay(recording, 'early', [recording.response, recording.followUp.response]);
      await expectTurn(running, recording, 0);
      const calls = selectToolCalls(running.chat().toolCalls.store.getState());
      expect(calls.filter(({ plugins }) => plugins?.['early-start'] === undefined)).toEqual([]);
    });
  });

  const reusingIds = streamed.filter(({ response }) => response.includes('"functions.'));
  describe.each(byName(reusingIds, ({ id }) => id))('%s, asked twice', (_, recording) => {
    it('keeps two turns apart whose calls have the same ids', async () => {
      const turn = [recording.response, recording.followUp.response];
      const running = await replay(recording, 'eager', [...turn, ...turn]);
      await expectTurn(running, recording, 0);
      await expectTurn(running, recording, 1);
    });
  });

  const packages = onePerPackage(streamed);
  const afterCalls = packages.filter((recording) => !lateCalls.has(recording.package));
  describe.each(byName(afterCalls, (recording) => recording.package))(
    '%s, an error after complete calls',
    (_, recording) => {
      const bodies = [breakAtTheEnd(recording.response, { torn: torn(recording) }), recording.followUp.response];

      it('writes the results of running calls, sends nothing, and the user can go on', async () => {
        const running = await replay(recording, 'eager', bodies);
        await expectBrokenTurn(running);
        expect(running.invocations).toHaveLength(recording.calls.length);
        settleAll(running, recording);
        await until(() => toolStates(running).every((state) => state === 'output-available'), 'all results written');
        await expectToGoOn(running, recording);
        const { providerRequests } = running;
        expect(readResults(providerRequests[1]).map(({ output }) => output)).toEqual(recordedOutputs(recording));
      });

      it('starts nothing that had to wait for the end, tells the model, and the user can go on', async () => {
        const running = await replay(recording, 'step-end', bodies);
        await expectBrokenTurn(running);
        await until(() => toolStates(running).every((state) => state === 'output-error'), 'all results written');
        await expectToGoOn(running, recording);
        expect(readResults(running.providerRequests[1])).toHaveLength(recording.calls.length);
        expect(running.invocations).toEqual([]);
      });
    },
  );

  const beforeCalls = packages.filter((recording) => lateCalls.has(recording.package));
  describe.each(byName(beforeCalls, (recording) => recording.package))(
    '%s, an error before the calls are complete',
    (_, recording) => {
      it.each(modes)('starts nothing, sends nothing, and the user can go on (%s)', async (mode) => {
        const running = await replay(recording, mode, [breakAtTheEnd(recording.response), recording.followUp.response]);
        await expectBrokenTurn(running);
        await expectToGoOn(running, recording);
        expect(readResults(running.providerRequests[1])).toEqual([]);
        expect(running.invocations).toEqual([]);
      });
    },
  );
});

async function expectBrokenTurn({ chat, chatRequests }: Replay): Promise<void> {
  void chat().sendMessage({ text: 'Hi' });
  await until(() => chat().status === 'error', 'the error of the stream');
  expect(chat().error?.message).toContain('Overloaded');
  expect(chatRequests).toHaveLength(1);
}

/** One question to the end of its answer. */
async function expectTurn(running: Replay, recording: Recording, turn: number): Promise<void> {
  const { chat, invocations, chatRequests, providerRequests } = running;
  const { calls, followUp } = recording;
  const before = invocations.length;
  void chat().sendMessage({ text: 'Hi' });

  await until(() => invocations.length - before === calls.length, 'all calls running at the same time');
  const open = invocations.slice(before);
  expect(open.map(({ toolName, input }) => ({ toolName, input }))).toEqual(
    calls.map(({ name, args }) => ({ toolName: name, input: JSON.parse(args) })),
  );
  await until(() => chat().status === 'ready', 'the end of the stream');
  expect(chat().isRunning).toBe(true);
  expect(chatRequests).toHaveLength(2 * turn + 1);

  settleAll(running, recording, before);
  await until(() => chatRequests.length === 2 * turn + 2 && !chat().isBusy, 'the answer');
  await quiet();
  expect(chat().error).toBeUndefined();
  expect(lastText(chat().messages)).toBe(readAnswer({ ...recording, kind: followUp.responseKind }, followUp.response));
  expect(invocations).toHaveLength(before + calls.length);
  expect(chatRequests).toHaveLength(2 * turn + 2);
  expect(providerRequests).toHaveLength(2 * turn + 2);
  expectFollowUp(
    recording,
    providerRequests.at(-1),
    open.map(({ options }) => options.toolCallId),
  );
}

/** The request of the provider package carries what the recorded one carried. */
function expectFollowUp(recording: Recording, body: unknown, toolCallIds: readonly string[]): void {
  const recorded = readResults(recording.followUp.request);
  const sent = readResults(body).slice(-recorded.length);
  expect(sent.map(({ output }) => output)).toEqual(recorded.map(({ output }) => output));
  // Gemini does without ids, and so does its provider package for the models that refuse them.
  const hasIds = sent.some(({ id }) => id !== undefined);
  if (hasIds) expect(sent.map(({ id }) => id)).toEqual(toolCallIds);
  // Some of the recorded clients numbered the calls by themselves; where they kept the model's ids, so must we.
  if (hasIds && recorded.every(({ id }) => namesCall(recording, id))) expect(sent).toEqual(recorded);
  expect(readThoughtSignatures(body)).toEqual(
    expect.arrayContaining(readThoughtSignatures(recording.followUp.request)),
  );
}

/** In the opposite order, which must not matter. */
function settleAll({ invocations }: Replay, recording: Recording, from = 0): void {
  const outputs = recordedOutputs(recording);
  expect(outputs).toHaveLength(invocations.length - from);
  for (const [index, { resolve }] of [...invocations.slice(from).entries()].toReversed()) resolve(outputs[index]);
}

async function expectToGoOn({ chat, chatRequests }: Replay, { followUp, ...recording }: Recording): Promise<void> {
  await quiet();
  expect(chatRequests).toHaveLength(1);
  expect(chat().isRunning).toBe(false);
  expect(chat().status).toBe('error');
  await chat().sendMessage({ text: 'Go on' });
  await until(() => !chat().isBusy, 'the answer');
  expect(chat().error).toBeUndefined();
  expect(lastText(chat().messages)).toBe(readAnswer({ ...recording, kind: followUp.responseKind }, followUp.response));
  expect(chatRequests).toHaveLength(2);
}

function toolStates({ chat }: Replay): string[] {
  return chat().messages.flatMap(({ parts }) => parts.flatMap((part) => ('toolCallId' in part ? part.state : [])));
}

/** Time enough for a request that nobody should have made to reach the server. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

/** For `describe.each`, which cuts a long `$id`. */
function byName(all: readonly Recording[], nameOf: (recording: Recording) => string): [string, Recording][] {
  return all.map((recording) => [nameOf(recording), recording]);
}

function onePerPackage(all: readonly Recording[]): Recording[] {
  return [...new Map(all.map((recording) => [recording.package, recording])).values()];
}
