// Owns: reading recorded bodies without the provider packages, so that what they decoded and encoded is judged by other eyes.
import type { Recording } from './recordings.ts';

/** A tool's result as a request carries it. Gemini's may lack the id. */
export interface WireResult {
  readonly id: string | undefined;
  readonly output: string;
}

interface WireTool {
  readonly name: string;
  readonly schema: Record<string, unknown>;
}

/** The tool results in a provider's request body, in order. */
export function readResults(body: unknown): WireResult[] {
  return objectsIn(body).flatMap((object) => {
    if (object['type'] === 'tool_result') return toResult(object['tool_use_id'], object['content']);
    if (object['type'] === 'function_call_output') return toResult(object['call_id'], object['output']);
    if (object['role'] === 'tool') return toResult(object['tool_call_id'], object['content']);
    if ('functionResponse' in object && isObject(object['functionResponse'])) {
      const { id, response } = object['functionResponse'];
      return isObject(response) ? toResult(id, response['result'] ?? response['content']) : [];
    }
    return [];
  });
}

/** Whether the recorded model itself gave a call this id. */
export function namesCall({ api, response }: Recording, id: string | undefined): boolean {
  // OpenAI Responses have ids of items as well.
  const key = api === 'openai-responses' ? 'call_id' : 'id';
  return id !== undefined && new RegExp(`"${key}":\\s*"${RegExp.escape(id)}"`).test(response);
}

/** The tools in a provider's request body, with plain JSON schemas. */
export function readTools(request: Recording['request']): WireTool[] {
  const wrapped = objectsIn(request['tools']);
  return wrapped.flatMap((tool) => {
    const schema = tool['input_schema'] ?? tool['parameters'];
    return typeof tool['name'] === 'string' && isObject(schema)
      ? { name: tool['name'], schema: toJsonSchema(schema) }
      : [];
  });
}

/** What Gemini signed: it refuses a follow-up that does not bring these back. In base64, whichever of its alphabets a client wrote. */
export function readThoughtSignatures(body: unknown): string[] {
  return objectsIn(body).flatMap(({ thoughtSignature }) =>
    typeof thoughtSignature === 'string' ? Buffer.from(thoughtSignature, 'base64').toString('base64') : [],
  );
}

/** The text that a response shows to the user. */
export function readAnswer({ api, kind }: Pick<Recording, 'api' | 'kind'>, body: string): string {
  const events = kind === 'sse' ? readEvents(body) : [JSON.parse(body)];
  return events.flatMap((event) => textsOf[api](event)).join('');
}

/** The same stream, with an error of the provider as its last event; `torn`: with half of one, which nothing can read. */
export function breakAtTheEnd(body: string, { torn = false } = {}): string {
  const event = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
  const error = `data: ${torn ? event.slice(0, -2) : event}\n\n`;
  return body.includes('data: [DONE]') ? body.replace('data: [DONE]', `${error}data: [DONE]`) : `${body}\n\n${error}`;
}

const textsOf: Record<Recording['api'], (event: unknown) => string[]> = {
  anthropic: (event) =>
    objectsIn(event).flatMap(({ type, text }) =>
      (type === 'text' || type === 'text_delta') && typeof text === 'string' ? text : [],
    ),
  chat: (event) =>
    objectsIn(event)
      .flatMap(({ delta, message }) => [delta, message])
      .flatMap((part) => (isObject(part) && typeof part['content'] === 'string' ? part['content'] : [])),
  gemini: (event) =>
    objectsIn(event).flatMap(({ text, thought }) => (typeof text === 'string' && thought !== true ? text : [])),
  'openai-responses': (event) =>
    objectsIn(event).flatMap(({ type, delta, text }) => {
      if (type === 'response.output_text.delta' && typeof delta === 'string') return delta;
      // A stream's last event repeats the whole response; only a body that was not streamed is one.
      const whole = isObject(event) && event['object'] === 'response';
      return whole && type === 'output_text' && typeof text === 'string' ? text : [];
    }),
};

function readEvents(body: string): unknown[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:') && !line.includes('[DONE]'))
    .map((line) => JSON.parse(line.slice('data:'.length)));
}

function toResult(id: unknown, output: unknown): WireResult {
  const texts = Array.isArray(output)
    ? objectsIn(output).flatMap(({ text }) => (typeof text === 'string' ? text : []))
    : [output];
  return { id: typeof id === 'string' ? id : undefined, output: texts.join('') };
}

/** Gemini writes `INTEGER` where JSON Schema has `integer`. */
function toJsonSchema(schema: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'type' && typeof value === 'string' ? value.toLowerCase() : value,
  );
}

/** A value's objects, the value itself included, from the outside in. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
