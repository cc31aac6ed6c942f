/**
 * Owns the spans of a chat's tool calls: one a step, one a call in it, by OpenTelemetry's conventions for generative AI. It reads the events of the store and
 * changes nothing; only its context goes into a tool's options and a follow-up's headers.
 */
import type { UIMessage } from 'ai';
import type { PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import { listCalls, selectToolBatch, selectToolCall } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import {
  isSettled,
  moveToolBatchKey,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
  type ToolCallWait,
} from '../core/tool-call.ts';
import {
  createParent,
  readTraceparent,
  SPAN_KIND_INTERNAL,
  STATUS_ERROR,
  writeTraceparent,
  type SpanAttributes,
  type SpanTracer,
  type TraceSpan,
} from './spans.ts';

export interface TracingOptions {
  /** A tracer of OpenTelemetry: `trace.getTracer('my-shop')`. */
  tracer: SpanTracer;
  /** Records what the model gave to tools. It may be private. @default false */
  recordInputs?: boolean;
  /** Records what the model was given of outputs: after redaction, and nothing of what was withheld. It may be private. @default false */
  recordOutputs?: boolean;
}

/** Traces tool calls. Give it to the hook: `plugins: [tracing({ tracer })]`. */
export function tracing(options: TracingOptions): ToolCallsPlugin {
  if (typeof options?.tracer?.startSpan !== 'function')
    throw new TypeError("Expected `tracer` to be a tracer of OpenTelemetry: `trace.getTracer('name')`.");
  return { name: 'tracing', forChat: () => createTracing(options) };
}

/** The spans of steps and of calls, by their keys. Of a span that has ended the context is still handed on. */
type Spans = Map<ToolBatchKey | ToolCallKey, { readonly span: TraceSpan; isOpen: boolean }>;

function createTracing({ tracer, recordInputs = false, recordOutputs = false }: TracingOptions): ToolCallsPlugin {
  let spans: Spans = new Map();
  let host: PluginHost | undefined;

  function open(
    { chatId }: PluginHost,
    key: string,
    name: string,
    startTime: number,
    parent: Parameters<typeof createParent>[0],
    more?: SpanAttributes,
  ): TraceSpan {
    end(key, startTime);
    const attributes = { 'gen_ai.conversation.id': chatId, ...more };
    const span = tracer.startSpan(name, { kind: SPAN_KIND_INTERNAL, attributes, startTime }, createParent(parent));
    spans.set(key, { span, isOpen: true });
    return span;
  }

  function end(key: string, at: number): void {
    const entry = spans.get(key);
    if (!entry?.isOpen) return;
    entry.isOpen = false;
    entry.span.end(at);
  }

  function openBatch(given: PluginHost, { batchKey, messageId }: ToolCall, at: number): TraceSpan {
    const known = spans.get(batchKey);
    return known?.isOpen
      ? known.span
      : open(given, batchKey, 'execute_tools', at, readParent(findMessage(given, messageId)));
  }

  function openCall(given: PluginHost, call: ToolCall, at: number): void {
    const { key, toolName, toolCallId, input } = call;
    open(given, key, `execute_tool ${toolName}`, at, openBatch(given, call, at), {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': toolName,
      'gen_ai.tool.call.id': toolCallId,
      'gen_ai.tool.type': 'function',
      ...(recordInputs && { 'gen_ai.tool.call.arguments': JSON.stringify(input) ?? '' }),
    });
  }

  /** Ends the span of a call, at the time when the call ended. */
  function endCall(given: PluginHost, call: ToolCall): void {
    const entry = spans.get(call.key);
    if (!entry?.isOpen || !isSettled(call)) return;
    const { status, attempts, queuedAt, settledAt, error } = call;
    const result = recordOutputs ? readResult(given, call) : undefined;
    entry.span.setAttributes({
      'use_parallel_tools.status': status,
      'use_parallel_tools.attempts': attempts.length,
      'use_parallel_tools.waited': (attempts[0]?.startedAt ?? settledAt) - queuedAt,
      ...(error !== undefined && { 'error.type': error.kind }),
      ...(result !== undefined && { 'gen_ai.tool.call.result': result }),
    });
    if (error !== undefined) entry.span.setStatus({ code: STATUS_ERROR });
    end(call.key, settledAt);
  }

  function endBatch(given: PluginHost, batchKey: ToolBatchKey): void {
    const batch = selectToolBatch(given.store.getState(), batchKey);
    if (batch !== undefined) for (const call of listCalls(batch)) endCall(given, call);
    end(batchKey, given.clock.now());
  }

  function hear(given: PluginHost, event: ToolCallStoreEvent): void {
    const { type, batchKey } = event;
    const { store, clock } = given;
    const isOf = (key: string) => key === batchKey || key.startsWith(`${batchKey}/`);
    if (type === 'batch-moved') {
      const to = moveToolBatchKey(batchKey, event.messageId);
      const move = (key: string) => (isOf(key) ? to + key.slice(batchKey.length) : key);
      spans = new Map([...spans].map(([key, entry]) => [move(key), entry]));
    } else if (type === 'batch-told' || type === 'batch-halted') endBatch(given, batchKey);
    // The page is left, or the conversation goes back: what is open ends now.
    else if (type === 'batch-forgotten') {
      for (const key of [...spans.keys()].filter(isOf)) {
        end(key, clock.now());
        spans.delete(key);
      }
    } else if (type === 'plugin-event') {
      const { awaiting } = event.data as { awaiting?: readonly string[] };
      const name = awaiting?.length === 0 ? 'consent.answered' : 'consent.required';
      if (awaiting !== undefined) spans.get(batchKey)?.span.addEvent(name, {}, clock.now());
    } else if ('key' in event || type === 'call-added') {
      const call = selectToolCall(store.getState(), type === 'call-added' ? event.call.key : event.key);
      if (call !== undefined) hearCall(given, event, call);
      // No request carries what no answer asked for: it is over with its result.
      const batch = selectToolBatch(store.getState(), batchKey);
      if (batch?.direct !== undefined && call !== undefined && isSettled(call) && !call.held) endBatch(given, batchKey);
    }
  }

  function hearCall(given: PluginHost, event: ToolCallStoreEvent, call: ToolCall): void {
    const at = 'at' in event ? event.at : given.clock.now();
    if (event.type === 'call-added' || event.type === 'call-retried') openCall(given, call, at);
    const note = (name: string, attributes: SpanAttributes = {}) =>
      void spans.get(call.key)?.span.addEvent(name, attributes, at);
    const attempt = call.attempts.length;
    if (event.type === 'wait-changed' && event.waitingFor !== undefined)
      note('waiting', describeWait(event.waitingFor));
    if (event.type === 'approval-required') note('approval.required');
    if (event.type === 'approval-granted') note('approval.granted');
    if (event.type === 'attempt-started') note('attempt.started', { attempt });
    if (event.type === 'attempt-failed') note('attempt.failed', { attempt, 'error.type': event.error.kind });
    // What the model is given of it is known when it is sent.
    if (!recordOutputs) endCall(given, call);
  }

  return {
    name: 'tracing',
    connect(given) {
      host = given;
      const stop = given.subscribe((event) => hear(given, event));
      return () => {
        stop();
        for (const key in given.store.getState().batches) endBatch(given, key);
      };
    },
    execute(call, run) {
      const span = spans.get(call.key)?.span;
      return span === undefined ? run() : run({ traceparent: writeTraceparent(span.spanContext()) });
    },
    request(request) {
      const last = request.messages.at(-1);
      const key = last?.role === 'assistant' ? host?.toolPartsOf(last).at(-1)?.batchKey : undefined;
      const span = spans.get(key ?? '')?.span;
      if (span === undefined) return request;
      const headers = new Headers(request.headers);
      headers.set('traceparent', writeTraceparent(span.spanContext()));
      return { ...request, headers };
    },
  };
}

function findMessage({ getMessages }: PluginHost, messageId: string): UIMessage | undefined {
  return getMessages().find((each) => each?.id === messageId);
}

/** What the message says of a call: that is what the model is given. */
function readResult(host: PluginHost, { key, messageId }: ToolCall): string | undefined {
  const message = findMessage(host, messageId);
  const part = message && host.toolPartsOf(message).find((ref) => ref.key === key)?.part;
  return part?.state === 'output-available' ? JSON.stringify(part.output) : undefined;
}

/** What the server says of its own trace: `traceparent` in the message's metadata, or in a data part of that name. */
function readParent(message: UIMessage | undefined): Pick<TraceSpan, 'spanContext'> | undefined {
  const metadata = message?.metadata as { traceparent?: unknown } | null | undefined;
  const part = message?.parts?.find((each) => each?.type === 'data-traceparent') as { data?: unknown } | undefined;
  return readTraceparent(metadata?.traceparent) ?? readTraceparent(part?.data);
}

function describeWait(wait: ToolCallWait): SpanAttributes {
  const { heldByToolName, toolName, name, scope } = wait as Partial<Record<string, string>>;
  const holder = heldByToolName ?? toolName ?? name ?? scope;
  return { 'wait.type': wait.type, ...(holder !== undefined && { 'wait.for': holder }) };
}
