/**
 * Owns the parts of OpenTelemetry's interface that this entry uses, so that it works without the package: a tracer's, and the context that names a parent. Values
 * are those of `@opentelemetry/api` 1.x.
 */

export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
}

export type SpanAttributes = Record<string, string | number | boolean>;

export interface TraceSpan {
  spanContext(): SpanContext;
  setAttributes(attributes: SpanAttributes): unknown;
  addEvent(name: string, attributes?: SpanAttributes, at?: number): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(at?: number): void;
}

/** A tracer of `@opentelemetry/api`. */
export interface SpanTracer {
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: SpanAttributes; startTime?: number },
    context?: SpanParent,
  ): TraceSpan;
}

/** A context in which a span is the parent: what `trace.setSpan(ROOT_CONTEXT, span)` gives. */
export interface SpanParent {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): SpanParent;
  deleteValue(key: symbol): SpanParent;
}

export const SPAN_KIND_INTERNAL = 0;
export const STATUS_ERROR = 2;

/** The key under which a context has its span. */
export const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN');

/** A context with one value, or none. */
export function createParent(span: Pick<TraceSpan, 'spanContext'> | undefined): SpanParent {
  return fromValues([[SPAN_KEY, span]]);
}

function fromValues(values: readonly (readonly [key: symbol, value: unknown])[]): SpanParent {
  return {
    getValue: (key) => values.findLast(([each]) => each === key)?.[1],
    setValue: (key, value) => fromValues([...values, [key, value]]),
    deleteValue: (key) => fromValues(values.filter(([each]) => each !== key)),
  };
}

/** W3C's `traceparent` of a span. */
export function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})/;

/** The span that a `traceparent` names; `undefined` where it is none. */
export function readTraceparent(text: unknown): Pick<TraceSpan, 'spanContext'> | undefined {
  const [match, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(typeof text === 'string' ? text : '') ?? [];
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return match === undefined ? undefined : { spanContext: () => context };
}
