// Owns: the server of the torture, on a real socket: the page, the model's answers with their faults in every protocol, and the service on which a
// call has its effect. It counts effects, keeps every request, and says what of it harmed somebody.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UIMessageChunk } from 'ai';
import { createUIMessageStream, createUIMessageStreamResponse } from 'ai';
import { answerAgUi, type AgUiEvent } from '../ag-ui-events.ts';
import type { Fault, Step } from './faults.ts';

export interface Run {
  /** How often each call reached the service, by its index. */
  readonly effects: Map<string, number>;
  readonly requests: { readonly path: string; readonly body: ChatRequest }[];
  /** Epoch milliseconds of the last thing that happened. */
  lastAt: number;
}

export interface ChatRequest {
  readonly threadId: string;
  readonly runId: string;
  readonly messages: readonly { readonly role: string }[];
  readonly resume?: readonly unknown[];
}

export interface TortureServer {
  readonly url: string;
  begin(fault: Fault): Run;
  close(): void;
}

/** A library that asks again and again is stopped by a model that has said it all. */
const PATIENCE = 8;

export const isFollowUp = ({ messages, resume = [] }: ChatRequest): boolean =>
  resume.length > 0 || messages.at(-1)?.role !== 'user';

export const callIdOf = (step: Extract<Step, { type: 'call' }>): string => step.id ?? `call-${step.index}`;

const inputOf = ({ index, input }: Extract<Step, { type: 'call' }>) => input ?? { index, milliseconds: 0 };

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** @param folder the built page */
export async function startTortureServer(folder: string): Promise<TortureServer> {
  let fault: Fault = { name: '', answers: [] };
  let run: Run = { effects: new Map(), requests: [], lastAt: 0 };

  async function answer(path: string, body: ChatRequest, response: ServerResponse): Promise<Response> {
    const turn = run.requests.length;
    run.requests.push({ path, body });
    const steps = turn < PATIENCE ? fault.answers[turn] : undefined;
    if (steps?.[0]?.type === 'fails') return new Response('Out of order', { status: 500 });
    const cut = () => response.destroy();
    if (path === '/api/ui') return answerUI(steps, turn, cut);
    const events = () => agUiEvents(steps, body, cut);
    if (path === '/api/ag-ui') return answerAgUi(events());
    const { answerTanStack } = await import(new URL('../rivals/tanstack-server.ts', import.meta.url).href);
    return answerTanStack(body, events);
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://bench').pathname;
    if (!path.startsWith('/api/')) {
      const file = path === '/' ? 'index.html' : path.slice(1);
      const content = await readFile(join(folder, file));
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(content);
      return;
    }
    run.lastAt = Date.now();
    const [, effect] = /^\/api\/effect\/(.+)$/.exec(path) ?? [];
    if (effect !== undefined) {
      run.effects.set(effect, (run.effects.get(effect) ?? 0) + 1);
      response.end('{}');
      return;
    }
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { status, headers, body: stream } = await answer(path, JSON.parse(body), response);
    if (response.destroyed) return;
    response.writeHead(status, Object.fromEntries(headers));
    if (stream === null) response.end();
    else Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]).on('error', () => {}).pipe(response); // prettier-ignore
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // SAFETY: a server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    begin(next) {
      fault = next;
      run = { effects: new Map(), requests: [], lastAt: Date.now() };
      return run;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const done: readonly Step[] = [{ type: 'text' }];

/** The stream of the AI SDK. */
function answerUI(steps: readonly Step[] = done, turn: number, cut: () => void): Response {
  return createUIMessageStreamResponse({
    stream: createUIMessageStream({
      async execute({ writer }) {
        const write = (chunk: UIMessageChunk) => writer.write(chunk);
        write({ type: 'start', messageId: `answer-${turn}` });
        write({ type: 'start-step' });
        let finishReason: 'stop' | 'tool-calls' | 'length' = 'stop';
        for (const step of steps) {
          if (step.type === 'wait') await sleep(step.milliseconds);
          if (step.type === 'length') finishReason = 'length';
          if (step.type === 'cut') return cut();
          if (step.type === 'call') {
            finishReason = 'tool-calls';
            const toolName = step.tool ?? 'work';
            write({ type: 'tool-input-start', toolCallId: callIdOf(step), toolName });
            write({ type: 'tool-input-available', toolCallId: callIdOf(step), toolName, input: inputOf(step) });
          }
          if (step.type === 'text') {
            write({ type: 'text-start', id: 'text' });
            write({ type: 'text-delta', id: 'text', delta: 'All done' });
            write({ type: 'text-end', id: 'text' });
          }
        }
        write({ type: 'finish-step' });
        write({ type: 'finish', finishReason });
      },
    }),
  });
}

/** The events of AG-UI. */
async function* agUiEvents(
  steps: readonly Step[] = done,
  { threadId, runId }: ChatRequest,
  cut: () => void,
): AsyncGenerator<AgUiEvent> {
  const messageId = `message-${runId}`;
  yield { type: 'RUN_STARTED', threadId, runId };
  let finishReason = 'stop';
  for (const step of steps) {
    if (step.type === 'wait') await sleep(step.milliseconds);
    if (step.type === 'length') finishReason = 'length';
    if (step.type === 'cut') return cut();
    if (step.type === 'call') {
      finishReason = 'tool_calls';
      const toolCallId = callIdOf(step);
      yield { type: 'TOOL_CALL_START', toolCallId, toolCallName: step.tool ?? 'work', parentMessageId: messageId };
      yield { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(inputOf(step)) };
      yield { type: 'TOOL_CALL_END', toolCallId };
    }
    if (step.type === 'text') {
      yield { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' };
      yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: 'All done' };
      yield { type: 'TEXT_MESSAGE_END', messageId };
    }
  }
  yield { type: 'RUN_FINISHED', threadId, runId, finishReason };
}
