/** Owns the spans for pages without OpenTelemetry: the same ones, as plain objects, when they end. */
import type { ToolCallsPlugin } from '../core/plugins.ts';
import { SPAN_KEY, STATUS_ERROR, type SpanAttributes, type SpanTracer, type TraceSpan } from './spans.ts';
import { tracing, type TracingOptions } from './tracing.ts';

/** A span that has ended. Times are epoch milliseconds. */
export interface ToolCallTrace {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly isError: boolean;
  readonly attributes: SpanAttributes;
  readonly events: readonly { readonly name: string; readonly at: number; readonly attributes: SpanAttributes }[];
}

/** Calls `listener` with each span of tool calls when it ends: `plugins: [onTrace(console.log)]`. */
export function onTrace(
  listener: (trace: ToolCallTrace) => void,
  options: Omit<TracingOptions, 'tracer'> = {},
): ToolCallsPlugin {
  if (typeof listener !== 'function') throw new TypeError('Expected `listener` of onTrace to be a function.');
  return tracing({ ...options, tracer: createPlainTracer(listener) });
}

function createPlainTracer(listener: (trace: ToolCallTrace) => void): SpanTracer {
  return {
    startSpan(name, { attributes, startTime = 0 } = {}, context) {
      const parent = (context?.getValue(SPAN_KEY) as TraceSpan | undefined)?.spanContext();
      const own = { traceId: parent?.traceId ?? createId(16), spanId: createId(8), traceFlags: 1 };
      const events: ToolCallTrace['events'][number][] = [];
      const all = { ...attributes };
      let isError = false;
      return {
        spanContext: () => own,
        setAttributes: (more) => Object.assign(all, more),
        addEvent: (event, more = {}, at = startTime) => events.push({ name: event, at, attributes: more }),
        setStatus: ({ code }) => (isError = code === STATUS_ERROR),
        end(endTime = startTime) {
          const { traceId, spanId } = own;
          const parentIds = parent === undefined ? {} : { parentSpanId: parent.spanId };
          listener({ name, traceId, spanId, ...parentIds, startTime, endTime, isError, attributes: all, events });
        },
      };
    },
  };
}

function createId(bytes: number): string {
  // oxlint-disable-next-line no-restricted-globals -- an id is to be like no other, under a test's clock too
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
