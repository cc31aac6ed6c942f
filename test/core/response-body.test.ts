// A tool that throws a `Response`: what the card and the model get to read of it.
import { describe, expect, it } from 'vitest';
import type { ToolCallError } from '../../src/core/index.ts';
import { createHandRunner, flush, type HandTool } from './hand-runner.ts';

const json = { 'content-type': 'application/json' };

async function fail(response: Response, policy: HandTool = {}) {
  const hand = createHandRunner({ tool: policy });
  hand.start('tool', 'a');
  await hand.fail('a', response);
  return hand;
}

/** A body of which nothing comes until a test says so. */
function createSlowBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => void (isCancelled = true),
  });
  return {
    stream,
    write: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    error: () => controller.error(new Error('reset')),
    isCancelled: () => isCancelled,
  };
}

describe('a thrown Response', () => {
  it('keeps status and body beside its words, and the response as the cause', async () => {
    const response = new Response('{"error":"no order 42"}', { status: 404, statusText: 'Not Found', headers: json });
    const { error } = await fail(response);
    expect(error('a')).toMatchObject({
      kind: 'execution',
      message: 'HTTP 404 Not Found: {"error":"no order 42"}',
      status: 404,
      body: '{"error":"no order 42"}',
      cause: response,
    });
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/problem+json', true],
    ['text/plain;charset=UTF-8', true],
    ['text/html', false],
    ['application/octet-stream', false],
    ['', false],
  ])('of type "%s" says in its message what its body says: %s', async (type, says) => {
    const { error } = await fail(new Response('words', { status: 500, headers: { 'content-type': type } }));
    expect(error('a')).toMatchObject({ message: says ? 'HTTP 500: words' : 'HTTP 500', body: 'words' });
  });

  it('keeps 2 kB of a long body and reads no more', async () => {
    const slow = createSlowBody();
    slow.write('x'.repeat(1500));
    slow.write('x'.repeat(1500));
    const { error, clock } = await fail(new Response(slow.stream, { status: 500, headers: json }));
    expect(error('a')?.body).toBe(`${'x'.repeat(2048)}…`);
    expect(slow.isCancelled()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('keeps a body of exactly 2 kB whole', async () => {
    const { error } = await fail(new Response('x'.repeat(2048), { status: 500, headers: json }));
    expect(error('a')?.body).toBe('x'.repeat(2048));
  });

  it.each([
    ['none', () => new Response(null, { status: 500 })],
    ['an empty one', () => new Response('', { status: 500 })],
    ['only spaces', () => new Response(' \n', { status: 500 })],
    ['one that is locked', () => lock(new Response('words', { status: 500 }))],
    ['one that fails', () => new Response(failing(), { status: 500, headers: json })],
  ])('says its status where its body is %s', async (_, create) => {
    const { error, status } = await fail(create());
    expect(status('a')).toBe('failed');
    expect(error('a')).toMatchObject({ message: 'HTTP 500', status: 500, body: undefined });
  });

  it('says its status where its body was read before', async () => {
    const response = new Response('words', { status: 500 });
    await response.text();
    const { error } = await fail(response);
    expect(error('a')).toMatchObject({ message: 'HTTP 500', body: undefined });
  });

  it('waits a second for its body, and takes what has come by then', async () => {
    const slow = createSlowBody();
    const { clock, status, error } = await fail(new Response(slow.stream, { status: 500, headers: json }));
    slow.write('half');
    await clock.advance(999);
    expect(status('a')).toBe('running');
    await clock.advance(1);
    expect(error('a')?.message).toBe('HTTP 500: half');
    expect(slow.isCancelled()).toBe(true);
  });

  it('does not time out while its body is read: the service has answered', async () => {
    const slow = createSlowBody();
    const { clock, error } = await fail(new Response(slow.stream, { status: 503 }), { timeout: 10 });
    await clock.advance(1000);
    expect(error('a')).toMatchObject({ kind: 'execution', message: 'HTTP 503' });
  });

  it('is dropped when its call is cancelled while its body is read, and the reading ends', async () => {
    const slow = createSlowBody();
    const { runner, keyOf, clock, status, events } = await fail(new Response(slow.stream, { status: 500 }));
    runner.cancel(keyOf('a'));
    await flush();
    expect(slow.isCancelled()).toBe(true);
    expect(clock.pending).toBe(0);
    expect(status('a')).toBe('cancelled');
    expect(events.filter(({ type }) => type === 'call-failed')).toEqual([]);
  });

  it('lets retry, retryDelay and errorText look at status and body', async () => {
    const seen: (number | undefined)[] = [];
    const retry = (count: number, { status }: ToolCallError) => {
      seen.push(status);
      return count < 1 && status !== 404;
    };
    const errorText = ({ status, body }: ToolCallError) => `${status}/${body}`;
    const hand = await fail(new Response('busy', { status: 503, headers: json }), { retry, retryDelay: 5, errorText });
    expect(hand.status('a')).toBe('retrying');
    await hand.clock.advance(5);
    await hand.fail('a', new Response('gone', { status: 404, headers: json }));
    expect(seen).toEqual([503, 404]);
    expect(hand.status('a')).toBe('failed');
    expect(hand.runner.policyOf('tool')!.errorText(hand.error('a')!)).toBe('404/gone');
  });
});

function lock(response: Response): Response {
  response.body!.getReader();
  return response;
}

function failing(): ReadableStream<Uint8Array> {
  const slow = createSlowBody();
  slow.error();
  return slow.stream;
}
