/** Owns one run of a tool that began early: what its tool is given, what it comes to, and how it is given up. Nobody hears of it before it is adopted. */
import { readField } from '../core/read-field.ts';
import { closeOutputStream, isOutputStream, openOutputStream } from '../core/output-stream.ts';
import type { ToolCallProgress } from '../core/tool-call.ts';
import type { ClientToolExecutionOptions } from '../core/tool.ts';

export interface EarlyRun {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Becomes the attempt of a call: it ends with the call's signal, and what it reports is the call's. Rejects where it has failed. */
  adopt(options: Pick<ClientToolExecutionOptions, 'abortSignal' | 'reportProgress'>): Promise<unknown>;
  /** Nobody wants it. */
  abort(reason: unknown): void;
}

/** What the plugin says of the call; the rest of what a tool is given is the run's own. */
export type EarlyCall = Pick<ClientToolExecutionOptions, 'toolCallId' | 'toolName' | 'idempotencyKey'> & {
  readonly getMessages: () => ClientToolExecutionOptions['messages'];
};

export function startEarlyRun(tool: object, input: unknown, call: EarlyCall, startedAt: number): EarlyRun {
  const { toolCallId, toolName, idempotencyKey, getMessages } = call;
  const controller = new AbortController();
  let report: ((progress: ToolCallProgress) => void) | undefined;
  let lastProgress: ToolCallProgress | undefined;
  const options: ClientToolExecutionOptions = {
    toolCallId,
    toolName,
    idempotencyKey,
    get messages() {
      return getMessages();
    },
    abortSignal: controller.signal,
    attempt: 1,
    reportProgress(progress) {
      lastProgress = progress;
      report?.(progress);
    },
    context: {},
  };
  const outcome = run(tool, input, options);
  // A run that fails before anybody wants it is nobody's error.
  outcome.catch(() => undefined);

  return {
    startedAt,
    adopt({ abortSignal, reportProgress }) {
      abortSignal.addEventListener('abort', () => controller.abort(abortSignal.reason), { once: true });
      report = reportProgress;
      if (lastProgress !== undefined) report(lastProgress);
      return outcome;
    },
    abort(reason) {
      controller.abort(reason);
      void outcome.then(close, () => undefined);
    },
  };
}

/** What a tool throws at once is a rejection too. */
async function run(tool: object, input: unknown, options: ClientToolExecutionOptions): Promise<unknown> {
  // SAFETY: the plugin asks only tools with an `execute`, and gives the input as the tool's schema gives it.
  return (readField(tool, 'execute') as (input: unknown, options: ClientToolExecutionOptions) => unknown).call(
    tool,
    input,
    options,
  );
}

function close(given: unknown): void {
  if (isOutputStream(given)) void closeOutputStream(openOutputStream(given));
}
