/**
 * Owns how the chat's model hears of calls that it did not make (`toolCalls.call(…, { report: true })`): a text at the end of the user's next message, in what is sent and not in
 * what the page shows. What a message said stays the same for as long as the page lives.
 */
import type { UIMessage } from 'ai';
import type { PluginHost, ToolCallsPlugin } from './plugins.ts';
import { isBatchSettled, listCalls, selectDirectBatches } from './selectors.ts';
import type { ToolCallStoreEvent } from './tool-call-store.ts';
import type { ToolBatch, ToolCall } from './tool-call.ts';
import type { ModelReading } from './tool-calls.ts';

const NAME = 'call-reports';

/** What the model is told of one run of a call. */
interface CallReport {
  readonly generation: number;
  readonly text: string;
  /** The message of the user that carries it; absent until there is one. */
  readonly messageId?: string;
}

/** A plugin that tells the chat's model, with the user's next message, of each call that was made with `report: true`. */
export function callReports(): ToolCallsPlugin {
  return { name: NAME, forChat: createCallReports };
}

function createCallReports(): ToolCallsPlugin {
  let host: PluginHost | undefined;

  /** A call may have come to its end: its words are there before a message is sent. */
  async function prepare(given: PluginHost, batch: ToolBatch): Promise<void> {
    const { commands, record, store } = given;
    const [call] = listCalls(batch);
    if (call === undefined || !isBatchSettled(batch) || hasReport(batch, call)) return;
    const reading = await commands.modelResultOf(call);
    // The page has left the chat: what is to be read is asked for again when it is back.
    if (host !== given) return;
    const now = store.getState().batches[batch.key];
    if (reading === undefined || now?.calls[call.key]?.generation !== call.generation || hasReport(now, call)) return;
    record({ reports: [...reportsOf(now), { generation: call.generation, text: describe(call, reading) }] }, batch.key);
  }

  function consider(batch: ToolBatch | undefined): void {
    if (host !== undefined && batch?.direct?.report === true) void prepare(host, batch);
  }

  function hear({ batchKey, type }: ToolCallStoreEvent): void {
    if (type !== 'plugin-event') consider(host?.store.getState().batches[batchKey]);
  }

  return {
    name: NAME,
    connect(given) {
      host = given;
      const stop = given.subscribe(hear);
      selectDirectBatches(given.store.getState()).forEach(consider);
      return () => {
        stop();
        host = undefined;
      };
    },
    request(request) {
      if (host === undefined) return request;
      const last = request.messages.at(-1);
      const batches = selectDirectBatches(host.store.getState());
      if (last?.role === 'user') for (const batch of batches) assign(host, batch, request.messages, last.id);
      const reports = selectDirectBatches(host.store.getState()).flatMap(reportsOf);
      return { ...request, messages: request.messages.map((message) => withReports(message, reports)) };
    },
  };
}

/** Reports that no message carries go with this one. */
function assign(
  { record, noteTold }: PluginHost,
  batch: ToolBatch,
  messages: readonly UIMessage[],
  messageId: string,
): void {
  const ids = new Set(messages.map(({ id }) => id));
  const isCarried = (report: CallReport) => report.messageId !== undefined && ids.has(report.messageId);
  const reports = reportsOf(batch);
  if (reports.every(isCarried)) return;
  record({ reports: reports.map((report) => (isCarried(report) ? report : { ...report, messageId })) }, batch.key);
  noteTold(batch.key);
}

function withReports(message: UIMessage, reports: readonly CallReport[]): UIMessage {
  const own = reports.filter(({ messageId }) => messageId === message.id);
  if (own.length === 0) return message;
  const parts = own.map(({ text }) => ({ type: 'text' as const, text, providerMetadata: MARK }));
  return { ...message, parts: [...message.parts, ...parts] };
}

/** Tells a part of ours from those of the user, in messages that a server has kept. */
const MARK = { 'use-parallel-tools': { callReport: true } };

function reportsOf({ plugins }: ToolBatch): readonly CallReport[] {
  // SAFETY: the plugin's own facts.
  return (plugins?.[NAME] as { readonly reports?: readonly CallReport[] } | undefined)?.reports ?? [];
}

function hasReport(batch: ToolBatch, { generation }: ToolCall): boolean {
  return reportsOf(batch).some((report) => report.generation === generation);
}

/** An output may be anybody's text, and stands in a message of the user's: as JSON in which no tag can be closed. */
function describe({ toolName, input }: ToolCall, reading: ModelReading): string {
  const isOutput = reading.state === 'output-available';
  const result = isOutput ? { output: reading.output } : { error: reading.errorText };
  const json = JSON.stringify({ tool: toolName, input, ...result }).replaceAll('<', '\\u003c');
  return `This tool was called on the page, and not by you:\n<tool-call>${json}</tool-call>`;
}
