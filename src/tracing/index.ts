/** The door of `use-parallel-tools/tracing`: spans of tool calls, for OpenTelemetry or as plain objects. */
export { onTrace, type ToolCallTrace } from './on-trace.ts';
export { performanceTracks } from './performance-tracks.ts';
export type { SpanAttributes, SpanContext, SpanParent, SpanTracer, TraceSpan } from './spans.ts';
export { tracing, type TracingOptions } from './tracing.ts';
