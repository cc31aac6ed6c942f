/**
 * Owns the spans of a chat's tool calls: one a step, one a call in it, by OpenTelemetry's conventions for generative AI. It reads the events of the store and
 * changes nothing; only its context goes into a tool's options and a follow-up's headers.
 */
import type { UIMessage } from 'ai';
import type { PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import { listCalls, selectToolCall } from '../core/selectors.ts';
import type { ToolCallStoreEvent } from '../core/tool-call-store.ts';
import {
  isSettled,
  moveToolBatchKey,
  moveToolCallKey,
  type ToolBatchKey,
  type ToolCall,
  type ToolCallKey,
  type ToolCallWait,
} from '../core/tool-call.ts';
import { readToolParts } from '../messages/message-parts.ts';
import { idOf, partsOf } from '../messages/part-fields.ts';
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

interface CallSpan {
  readonly span: TraceSpan;
  isEnded: boolean;
}

function createTracing({ tracer, recordInputs = false, recordOutputs = false }: TracingOptions): ToolCallsPlugin {
  let host: PluginHost | undefined;
  const batches = new Map<ToolBatchKey, { readonly span: TraceSpan; isEnded: boolean }>();
  const calls = new Map<ToolCallKey, CallSpan>();

  function openBatch(batchKey: ToolBatchKey, at: number): TraceSpan {
    const known = batches.get(batchKey);
    if (known !== undefined && !known.isEnded) return known.span;
    const messageId = host?.store.getState().batches[batchKey]?.messageId;
    const message = host?.getMessages().find((each) => idOf(each) === messageId);
    const attributes: SpanAttributes = host === undefined ? {} : { 'gen_ai.conversation.id': host.chatId };
    const options = { kind: SPAN_KIND_INTERNAL, attributes, startTime: at };
    const span = tracer.startSpan('execute_tools', options, createParent(readParent(message)));
    batches.set(batchKey, { span, isEnded: false });
    return span;
  }

  function openCall(call: ToolCall, at: number): void {
    const { key, batchKey, toolName, toolCallId } = call;
    const attributes: SpanAttributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': toolName,
      'gen_ai.tool.call.id': toolCallId,
      'gen_ai.tool.type': 'function',
      ...(host !== undefined && { 'gen_ai.conversation.id': host.chatId }),
      ...(recordInputs && { 'gen_ai.tool.call.arguments': JSON.stringify(call.input) ?? '' }),
    };
    const parent = createParent(openBatch(batchKey, at));
    const before = calls.get(key);
    if (before?.isEnded === false) before.span.end(at);
    const span = tracer.startSpan(
      `execute_tool ${toolName}`,
      { kind: SPAN_KIND_INTERNAL, attributes, startTime: at },
      parent,
    );
    calls.set(key, { span, isEnded: false });
  }

  /** Ends the span of a call, at the time when the call ended. */
  function endCall(call: ToolCall): void {
    const entry = calls.get(call.key);
    if (entry === undefined || entry.isEnded || !isSettled(call)) return;
    entry.isEnded = true;
    const { span } = entry;
    span.setAttributes({
      'use_parallel_tools.status': call.status,
      'use_parallel_tools.attempts': call.attempts.length,
    });
    if (call.status !== 'succeeded') {
      span.setAttributes({ 'error.type': call.error.kind });
      span.setStatus({ code: STATUS_ERROR });
    }
    const result = recordOutputs ? readResult(call) : undefined;
    if (result !== undefined) span.setAttributes({ 'gen_ai.tool.call.result': result });
    span.end(call.settledAt);
  }

  /** What the message says of a call: that is what the model is given. */
  function readResult({ key, messageId }: ToolCall): string | undefined {
    const message = host?.getMessages().find((each) => idOf(each) === messageId);
    const part = message && readToolParts(message).find((ref) => ref.key === key)?.part;
    return part?.state === 'output-available' ? JSON.stringify(part.output) : undefined;
  }

  function endBatch(batchKey: ToolBatchKey): void {
    const batch = host?.store.getState().batches[batchKey];
    const settled = batch === undefined ? [] : listCalls(batch).filter(isSettled);
    for (const call of settled) endCall(call);
    const entry = batches.get(batchKey);
    if (entry === undefined || entry.isEnded) return;
    entry.isEnded = true;
    entry.span.end(
      settled.reduce<number | undefined>((last, { settledAt }) => Math.max(last ?? 0, settledAt), undefined),
    );
  }

  function hear(event: ToolCallStoreEvent): void {
    if (host === undefined) return;
    const { type, batchKey } = event;
    if (type === 'batch-moved') return move(batchKey, moveToolBatchKey(batchKey, event.messageId));
    if (type === 'batch-told' || type === 'batch-halted') return endBatch(batchKey);
    if (type === 'batch-forgotten') return forget(batchKey);
    const key = type === 'call-added' ? event.call.key : 'key' in event ? event.key : undefined;
    const call = key === undefined ? undefined : selectToolCall(host.store.getState(), key);
    if (call === undefined) return;
    if (type === 'call-added' || type === 'call-retried') openCall(call, event.at);
    const span = calls.get(call.key)?.span;
    const note = (name: string, attributes: SpanAttributes = {}, at?: number) =>
      void span?.addEvent(name, attributes, at);
    const attempt = call.attempts.length;
    if (type === 'wait-changed' && event.waitingFor !== undefined) note('waiting', describeWait(event.waitingFor));
    if (type === 'approval-required') note('approval.required');
    if (type === 'approval-granted') note('approval.granted', {}, event.at);
    if (type === 'attempt-started') note('attempt.started', { attempt }, event.at);
    if (type === 'attempt-failed') note('attempt.failed', { attempt, 'error.type': event.error.kind }, event.at);
    // What the model is given of it is known when it is sent.
    if (isSettled(call) && !recordOutputs) endCall(call);
  }

  function move(from: ToolBatchKey, to: ToolBatchKey): void {
    rename(batches, from, to);
    const batch = host?.store.getState().batches[to];
    for (const key of batch?.order ?? []) rename(calls, moveToolCallKey(key, from), key);
  }

  /** The page is left, or the conversation goes back: what is open ends now. */
  function forget(batchKey: ToolBatchKey): void {
    for (const [key, { span, isEnded }] of calls) {
      if (!key.startsWith(`${batchKey}/`)) continue;
      if (!isEnded) span.end();
      calls.delete(key);
    }
    const entry = batches.get(batchKey);
    if (entry !== undefined && !entry.isEnded) entry.span.end();
    batches.delete(batchKey);
  }

  return {
    name: 'tracing',
    connect(given) {
      host = given;
      const stop = given.subscribe(hear);
      return () => {
        stop();
        for (const key of batches.keys()) endBatch(key);
      };
    },
    execute(call, run) {
      const span = calls.get(call.key)?.span;
      return span === undefined ? run() : run({ traceparent: writeTraceparent(span.spanContext()) });
    },
    request(request) {
      const last = request.messages.at(-1);
      const key = last?.role === 'assistant' ? readToolParts(last).at(-1)?.batchKey : undefined;
      const span = key === undefined ? undefined : batches.get(key)?.span;
      if (span === undefined) return request;
      const headers = new Headers(request.headers);
      headers.set('traceparent', writeTraceparent(span.spanContext()));
      return { ...request, headers };
    },
  };
}

function rename<TValue>(map: Map<string, TValue>, from: string, to: string): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}

/** What the server says of its own trace: `traceparent` in the message's metadata, or in a data part of that name. */
function readParent(message: UIMessage | undefined): Pick<TraceSpan, 'spanContext'> | undefined {
  const metadata = message?.metadata as { traceparent?: unknown } | null | undefined;
  const part = partsOf(message).find(({ type }) => type === 'data-traceparent') as { data?: unknown } | undefined;
  return readTraceparent(metadata?.traceparent) ?? readTraceparent(part?.data);
}

function describeWait(wait: ToolCallWait): SpanAttributes {
  switch (wait.type) {
    case 'lock':
      return { 'wait.type': 'lock', 'wait.held_by': wait.heldByToolName };
    case 'slot':
      return { 'wait.type': 'slot', 'wait.scope': wait.scope };
    case 'order':
      return { 'wait.type': 'order', 'wait.for': wait.toolName };
    case 'plugin':
      return { 'wait.type': 'plugin', 'wait.for': wait.name };
    default:
      return { 'wait.type': wait.type };
  }
}
