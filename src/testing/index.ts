/** The door of `use-parallel-tools/testing`: a chat with a scripted model, for Vitest, Jest and any other runner; calls in any state, for stories. */
export {
  calls,
  cuts,
  fails,
  finishes,
  pauses,
  refuses,
  says,
  writes,
  type Script,
  type ScriptedAnswer,
  type ScriptedCall,
  type ScriptPart,
  type ScriptStage,
} from './script.ts';
export { ScriptedResponse } from './scripted-response.ts';
export { ScriptedTransport, type ScriptedTransportOptions } from './scripted-transport.ts';
export {
  createTestChat,
  type CreateTestChatOptions,
  type TestChat,
  type TestChatOptions,
  type TestMessage,
} from './test-chat.ts';
export { replaySession, type ReplaySessionOptions, type SessionReplay } from './replay-session.ts';
export type { SessionDifference, SessionResult } from './session-differences.ts';
export { createTestClock, type TestClock, type TestClockOptions } from './test-clock.ts';
export type { TestRequest, TestRequestResult } from './test-request.ts';
export type { SessionEntry, SessionRecording, ToolCallSession } from '../session/recording.ts';
export type { RedactSession } from '../session/redaction.ts';
export {
  createSessionRecorder,
  type SessionRecorder,
  type SessionRecorderOptions,
} from '../session/session-recorder.ts';
export { exportSession, readSession, type ExportSessionOptions } from '../session/session.ts';
export * as fixtures from './call-fixtures.ts';
export { createToolCallState, toolCallStateNames, type ToolCallStateName } from './tool-call-states.ts';
export {
  withToolCalls,
  type StoryToolCalls,
  type ToolCallsDecorator,
  type WithToolCallsOptions,
} from './with-tool-calls.tsx';
