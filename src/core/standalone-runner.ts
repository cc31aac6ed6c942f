/** Owns the runner of a page without a chat: what the chat room does otherwise (`chat/chat-commands.ts`), it does for itself. */
import { systemClock } from './clock.ts';
import { beginDirectCall, followDirectCall } from './direct-calls.ts';
import type { ToolRunner } from './runner-interface.ts';
import type { ToolRunnerOptions } from './runner-settings.ts';
import { selectToolCall } from './selectors.ts';
import { createRunId } from './tool-call-key.ts';
import type { ToolBatchKey } from './tool-call.ts';
import { createChatRunner } from './tool-runner.ts';

/**
 * Creates a runner.
 *
 * @throws TypeError for a tool without `inputSchema`, a limit below 1, an `after` that names no tool or forms a cycle
 */
export function createToolRunner(options: ToolRunnerOptions): ToolRunner {
  const { clock = systemClock } = options;
  const settledListeners = new Map<ToolBatchKey, () => void>();
  const runner = createChatRunner(options, (batchKey) => settledListeners.get(batchKey)?.());
  const { store } = runner;
  const own: Pick<ToolRunner, 'runCalls' | 'call' | 'modelResultOf'> = {
    async runCalls(calls) {
      const batchKey = runner.openBatch(createRunId(clock), 0);
      const keys = calls.map((call) => runner.addCall(batchKey, call));
      runner.endStep(batchKey);
      if (!runner.isFinished(batchKey)) {
        await new Promise<void>((resolve) => settledListeners.set(batchKey, resolve));
        settledListeners.delete(batchKey);
      }
      return keys.flatMap((key) => selectToolCall(store.getState(), key) ?? []);
    },
    call(toolName, input, given = {}) {
      const begin = (id: string) =>
        void beginDirectCall(runner, [toolName, input, id], given, ({ key }) => runner.forget(key));
      return followDirectCall(runner, clock, given, begin, (batchKey) => runner.abort('caller', batchKey));
    },
    async modelResultOf(ref) {
      const call = selectToolCall(store.getState(), runner.currentKey(ref));
      if (call?.status === 'succeeded') return { state: 'output-available', output: call.output };
      if (call?.error === undefined) return undefined;
      const errorText = runner.policyOf(call.toolName)?.errorText(call.error) ?? call.error.message;
      return { state: 'output-error', errorText };
    },
  };
  return Object.assign(runner, own);
}
