// Spans of tool calls: through OpenTelemetry's own SDK and exporter into a receiver on loopback, and as plain objects.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ToolCallsPlugin } from 'use-parallel-tools';
import { answerConsent, disclosure } from 'use-parallel-tools/disclosure';
import {
  onTrace,
  performanceTracks,
  tracing,
  type ToolCallTrace,
  type TracingOptions,
} from 'use-parallel-tools/tracing';
import { drainFrames } from '../harness/final-words.ts';
import { createHandTools } from '../harness/hand-tools.ts';
import { renderChat } from '../harness/render-chat.tsx';

const SECRET = 'Lindenweg 12';

function createTracer() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}

const open = (plugins: readonly ToolCallsPlugin[]) => {
  const hand = createHandTools({ read: { redact: () => '[withheld]' } });
  return { ...hand, ...renderChat({ tools: hand.tools, plugins }) };
};

/** One call succeeds, one fails, and the model answers. */
async function runTwo(plugins: readonly ToolCallsPlugin[]) {
  const page = open(plugins);
  (await page.ask()).start('m').call('a', 'read', { n: 1 }).call('b', 'write', { n: 2 }).finish();
  await drainFrames();
  page.reads[0]!.resolve(SECRET);
  page.writes[0]!.reject(new Error(`No ${SECRET}`));
  const followUp = await page.transport.next();
  followUp.start('m').text('Done').finish('stop');
  await drainFrames();
  return { page, followUp };
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Record<string, unknown>;
  readonly status: { readonly code: number };
}

/** The spans of one export, as OTLP writes them in JSON. */
function readOtlp(body: string): OtlpSpan[] {
  type Wire = Omit<OtlpSpan, 'attributes'> & { attributes: { key: string; value: Record<string, unknown> }[] };
  const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Wire[] }[] }[] };
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((span) => {
      const attributes = span.attributes.map(({ key, value }) => [key, Object.values(value)[0]] as const);
      return { ...span, attributes: Object.fromEntries(attributes) };
    });
}

const named = (spans: readonly ReadableSpan[], name: string) => spans.find((span) => span.name === name)!;
const millis = ([seconds, nanos]: ReadableSpan['startTime']) => seconds * 1000 + nanos / 1e6;

describe('tracing', () => {
  it('makes one span a step and one a call, by the conventions for generative AI', async () => {
    const { tracer, spans } = createTracer();
    const { page } = await runTwo([tracing({ tracer })]);
    expect(spans().map(({ name }) => name).sort()).toEqual(['execute_tool read', 'execute_tool write', 'execute_tools']);
    const [step, read, write] = ['execute_tools', 'execute_tool read', 'execute_tool write'].map((name) => named(spans(), name)) as [ReadableSpan, ReadableSpan, ReadableSpan];
    expect(read).toMatchObject({
      kind: SpanKind.INTERNAL,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'read',
        'gen_ai.tool.call.id': 'a',
        'gen_ai.tool.type': 'function',
        'gen_ai.conversation.id': page.chat().id,
      },
    });
    expect(write).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'execution' } });
    for (const span of [read, write]) {
      expect(span.parentSpanContext?.spanId).toBe(step.spanContext().spanId);
      expect(span.spanContext().traceId).toBe(step.spanContext().traceId);
      const call = page.call(span === read ? 'a' : 'b');
      expect(millis(span.startTime)).toBeCloseTo(call.queuedAt, 0);
      expect(millis(span.endTime)).toBeCloseTo(call.settledAt!, 0);
    }
    expect(millis(step.endTime)).toBeGreaterThanOrEqual(millis(write.endTime));
    expect(write.events.map(({ name }) => name)).toEqual(['waiting', 'attempt.started']);
    const all = JSON.stringify(spans().map(({ attributes, events, status }) => ({ attributes, events, status })));
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain('"n"');
  }); // prettier-ignore

  it.each<[string, (options: TracingOptions) => ToolCallsPlugin[]]>([
    ['after', (options) => [disclosure(), tracing(options)]],
    ['before', (options) => [tracing(options), disclosure()]],
  ])('records inputs and what the model was given of outputs, where asked to, %s disclosure', async (_, plugins) => {
    const { tracer, spans } = createTracer();
    await runTwo(plugins({ tracer, recordInputs: true, recordOutputs: true }));
    expect(named(spans(), 'execute_tool read').attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"n":1}',
      'gen_ai.tool.call.result': '"[withheld]"',
    });
    expect(JSON.stringify(spans().map(({ attributes, events }) => ({ attributes, events })))).not.toContain(SECRET);
  });

  it('hands its context to tools and to the follow-up, and joins the trace that the server names', async () => {
    const { tracer, spans } = createTracer();
    const page = open([tracing({ tracer })]);
    const traceId = 'a'.repeat(32);
    const response = await page.ask();
    response.start('m').write({ type: 'data-traceparent', data: `00-${traceId}-${'b'.repeat(16)}-01` });
    response.call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    const { traceparent } = page.reads[0]!.options;
    page.reads[0]!.resolve('one');
    const { request } = await page.transport.next();
    const read = named(spans(), 'execute_tool read');
    const step = named(spans(), 'execute_tools');
    expect(traceparent).toBe(`00-${traceId}-${read.spanContext().spanId}-01`);
    expect(new Headers(request!.headers).get('traceparent')).toBe(`00-${traceId}-${step.spanContext().spanId}-01`);
    expect(step.parentSpanContext).toMatchObject({ traceId, spanId: 'b'.repeat(16), isRemote: true });
  });

  it('notes on the step that a person is asked about its results, and has answered', async () => {
    const { tracer, spans } = createTracer();
    const page = open([disclosure({ consent: () => 'ask' }), tracing({ tracer })]);
    (await page.ask()).start('m').call('a', 'read', { n: 1 }).finish();
    await drainFrames();
    page.reads[0]!.resolve(SECRET);
    await drainFrames();
    answerConsent(page.chat().toolCalls, 'm/0', { leaveOut: 'all' });
    await page.transport.next();
    expect(named(spans(), 'execute_tools').events.map(({ name }) => name)).toEqual(['consent.required', 'consent.answered']);
  }); // prettier-ignore

  it('gives a retried call a span of its own, and ends what a cancelled one has begun', async () => {
    const { tracer, spans } = createTracer();
    const { page } = await runTwo([tracing({ tracer, recordOutputs: true })]);
    page.chat().toolCalls.retry(page.call('b'));
    await drainFrames();
    page.chat().toolCalls.cancel(page.call('b'));
    await drainFrames();
    const writes = spans().filter(({ name }) => name === 'execute_tool write');
    expect(writes.map(({ attributes }) => attributes['error.type'])).toEqual(['execution', 'cancelled']);
  });

  it('arrives at a receiver over HTTP through the official exporter', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        bodies.push(body);
        response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*').end('{}');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url }))] });
    const { page, followUp } = await runTwo([tracing({ tracer: provider.getTracer('test') })]);
    await provider.forceFlush();
    const received = bodies.flatMap(readOtlp);
    const find = (name: string) => received.find((span) => span.name === name)!;
    const [step, read, write] = [find('execute_tools'), find('execute_tool read'), find('execute_tool write')];
    expect(received).toHaveLength(3);
    expect(step.parentSpanId).toBeUndefined();
    for (const [span, id] of [[read, 'a'], [write, 'b']] as const) {
      const { queuedAt, settledAt } = page.call(id);
      expect(span).toMatchObject({ parentSpanId: step.spanId, traceId: step.traceId, kind: 1 });
      expect(span.attributes).toMatchObject({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.call.id': id, 'gen_ai.tool.type': 'function' });
      expect(Number(span.startTimeUnixNano) / 1e6).toBeCloseTo(queuedAt, 0);
      expect(Number(span.endTimeUnixNano) / 1e6).toBeCloseTo(settledAt!, 0);
    }
    expect(write).toMatchObject({ attributes: { 'error.type': 'execution' }, status: { code: 2 } });
    expect(Number(step.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(write.endTimeUnixNano));
    expect(new Headers(followUp.request!.headers).get('traceparent')).toBe(`00-${step.traceId}-${step.spanId}-01`);
    expect(bodies.join('')).not.toContain(SECRET);
    await provider.shutdown();
  }); // prettier-ignore
});

it('gives the same spans as plain objects to pages without OpenTelemetry', async () => {
  const traces: ToolCallTrace[] = [];
  await runTwo([onTrace((trace) => traces.push(trace))]);
  const step = traces.find(({ name }) => name === 'execute_tools')!;
  expect(traces.filter(({ parentSpanId, traceId }) => parentSpanId === step.spanId && traceId === step.traceId)).toMatchObject([
    { name: 'execute_tool read', isError: false, attributes: { 'gen_ai.tool.call.id': 'a' } },
    { name: 'execute_tool write', isError: true, events: [{ name: 'waiting' }, { name: 'attempt.started' }] },
  ]); // prettier-ignore
});

it('puts each call on a track of its own in the performance panel', async () => {
  const timeStamp = vi.fn();
  vi.stubGlobal('console', Object.assign(Object.create(console) as Console, { timeStamp }));
  const measure = vi.spyOn(performance, 'measure').mockReturnValue(undefined as never);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    measure.mockRestore();
  });
  await runTwo([performanceTracks()]);
  const measured = measure.mock.calls.map(([name, options]) => [name, (options as PerformanceMeasureOptions).detail]);
  const entry = { dataType: 'track-entry', trackGroup: 'Tool calls' };
  expect(measured).toEqual([
    ['execute_tool read', { devtools: { ...entry, track: 'a', color: 'primary-dark' } }],
    ['execute_tool write', { devtools: { ...entry, track: 'b', color: 'error' } }],
    ['execute_tools', { devtools: { ...entry, track: 'execute_tools', color: 'primary-dark' } }],
  ]);
  for (const [, options] of measure.mock.calls) {
    const { start, end } = options as { start: number; end: number };
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(performance.now() + 1);
  }
  expect(timeStamp.mock.calls.map(([phase, , , track]) => `${track} ${phase}`)).toContain('a running');
});
