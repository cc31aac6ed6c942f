/** Owns the replay of a recorded session: the model says what it said, people do what they did, and today's tools answer, or the recorded results do. */
import type { ToolSet } from 'ai';
import { listSnapshots, type SessionRecording } from '../session/recording.ts';
import { readSession } from '../session/session.ts';
import { createRecordedTools } from './recorded-tools.ts';
import { readActs, type SessionAct } from './session-acts.ts';
import { findDifferences, type SessionDifference } from './session-differences.ts';
import { readAnswers } from './session-script.ts';
import { ScriptedTransport } from './scripted-transport.ts';
import { createTestClock } from './test-clock.ts';
import { createTestChat, type CreateTestChatOptions, type TestChat } from './test-chat.ts';

export type ReplaySessionOptions<TTools extends ToolSet> = Omit<
  CreateTestChatOptions<TTools>,
  'script' | 'transport' | 'messages' | 'id' | 'generateId'
> & {
  /** `'tools'`: the tools run as they are today. `'recorded'`: each call ends as it did, after the same time; policies are today's. @default 'tools' */
  outputs?: 'tools' | 'recorded' | undefined;
};

export interface SessionReplay {
  /** The chat after the replay. */
  readonly chat: TestChat;
  /** What is not as it was; empty where everything is. */
  readonly differences: readonly SessionDifference[];
}

/**
 * Plays the file of a session, and says what differs: other calls, another order of their starts, other results.
 *
 * @throws TypeError where the file is none of a session
 */
export async function replaySession<TTools extends ToolSet>(
  file: unknown,
  { outputs = 'tools', clock = createTestClock(), ...options }: ReplaySessionOptions<TTools>,
): Promise<SessionReplay> {
  const recording = readSession(file);
  clock.jump(recording.startedAt - clock.now());
  const answers = readAnswers(recording, clock);
  const transport = new ScriptedTransport({
    script: answers.map(({ parts }) => parts),
    clock,
    messageIdOf: (request) => answers[request]?.messageId,
  });
  const isRecorded = outputs === 'recorded';
  const chat = createTestChat({
    ...options,
    tools: isRecorded ? createRecordedTools(options.tools, recording, clock) : options.tools,
    messages: readHistory(recording),
    clock,
    transport,
  } as CreateTestChatOptions<TTools>); // SAFETY: the options as they were given, with others that it takes.
  for (const act of readActs(recording)) {
    await waitForTurn(chat, act, isRecorded ? recording.startedAt : undefined);
    act.play(chat);
  }
  // A follow-up that was not sent before has no answer in the session, and a call that never ended does not now: both are differences.
  await settleQuietly(chat);
  const before = { events: eventsOf(recording), requests: answers.length };
  const now = { events: chat.events, requests: chat.requests.length };
  return { chat, differences: findDifferences(before, now, recording.isRedacted === true) };
}

/** Recorded results come at their recorded times, and so do people. */
async function waitForTurn(chat: TestChat, act: SessionAct, startedAt: number | undefined): Promise<void> {
  if (startedAt !== undefined) await chat.advance(Math.max(0, startedAt + act.at - chat.clock.now()));
  if (act.isTurn) return settleQuietly(chat);
  return quietly(chat.until(() => act.isDue(chat)));
}

function settleQuietly(chat: TestChat): Promise<void> {
  return quietly(chat.settled());
}

/** What does not come is a difference, and no error. */
async function quietly(promise: Promise<void>): Promise<void> {
  try {
    await promise;
  } catch {
    // It is seen in what differs.
  }
}

/** The conversation before the first message of the session. */
function readHistory(recording: SessionRecording) {
  const first = listSnapshots(recording)[0]?.messages ?? [];
  return first.at(-1)?.role === 'user' ? first.slice(0, -1) : first;
}

function eventsOf({ log }: SessionRecording) {
  return log.flatMap((entry) => (entry.type === 'event' ? entry.event : []));
}
