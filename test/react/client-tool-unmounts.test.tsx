// What becomes of a call whose component goes: a table of every status it may have, and random walks over screens that come and go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientTool, type ToolCall, type ToolPolicy } from 'use-parallel-tools';
import { z } from 'zod';
import { createHandExecute } from '../harness/deferred.ts';
import { drain, partStates } from '../harness/render-chat.tsx';
import { renderScreens, type Screen } from '../harness/screens.tsx';

const place = z.object({ n: z.number() });
type Place = z.infer<typeof place>;

/** A chat with one call of a screen's tool, in the status that the policy brings about. */
async function renderCall(policy: ToolPolicy<Place>, isAnswered = false) {
  const { execute, invocations } = createHandExecute<Place, { abortSignal: AbortSignal }>();
  const rendered = await renderScreens();
  const tool = clientTool({ inputSchema: place, ...policy, ...(!isAnswered && { execute }) } as never);
  const screen: Screen = { id: 'screen', name: 'touch', tool: tool as never };
  await rendered.show(screen);
  (await rendered.ask()).start().call('b', 'touch', { n: 0 }).call('a', 'touch', { n: 1 }).finish();
  await drain();
  return { ...rendered, invocations, screen, status: () => rendered.call('a').status };
}

const locked: ToolPolicy<Place> = { locks: () => ({ write: ['one'] }) };
const retried: ToolPolicy<Place> = { retry: 3, retryDelay: 60_000 };

interface Row {
  status: ToolCall['status'];
  policy: ToolPolicy<Place>;
  isAnswered?: boolean;
  /** Ends the first attempt of both calls. */
  end?: 'resolve' | 'reject';
  /** What a person does to both. */
  act?: 'deny' | 'cancel';
  aborted: ToolCall['status'];
  finished: ToolCall['status'];
}

const rows: Row[] = [
  { status: 'queued', policy: locked, aborted: 'cancelled', finished: 'queued' },
  { status: 'awaiting-approval', policy: { approval: true }, aborted: 'cancelled', finished: 'awaiting-approval' },
  { status: 'awaiting-input', policy: {}, isAnswered: true, aborted: 'cancelled', finished: 'awaiting-input' },
  { status: 'running', policy: {}, aborted: 'cancelled', finished: 'running' },
  { status: 'retrying', policy: retried, end: 'reject', aborted: 'cancelled', finished: 'retrying' },
  { status: 'succeeded', policy: {}, end: 'resolve', aborted: 'succeeded', finished: 'succeeded' },
  { status: 'failed', policy: {}, end: 'reject', aborted: 'failed', finished: 'failed' },
  { status: 'denied', policy: { approval: true }, act: 'deny', aborted: 'denied', finished: 'denied' },
  { status: 'cancelled', policy: {}, act: 'cancel', aborted: 'cancelled', finished: 'cancelled' },
];

type Rendered = Awaited<ReturnType<typeof renderCall>>;

/** How a call that is not over comes to its end. */
const ways: Partial<Record<ToolCall['status'], (rendered: Rendered) => void>> = {
  queued: ({ invocations }) => invocations[0]!.resolve(1),
  'awaiting-approval': ({ chat, call }) => chat().toolCalls.approve(call('a')),
  'awaiting-input': ({ chat, call }) => chat().toolCalls.respond(call('a'), 'done'),
  running: () => {},
};

async function finish(rendered: Rendered, way: (rendered: Rendered) => void): Promise<void> {
  way(rendered);
  await drain();
  for (const invocation of rendered.invocations) invocation.resolve('done');
  await drain();
}

describe.each(rows)('a call that is $status', ({ status, policy, isAnswered, end, act, aborted, finished }) => {
  const begin = async (onUnmount: 'abort' | 'finish') => {
    const rendered = await renderCall({ ...policy, onUnmount }, isAnswered);
    for (const invocation of rendered.invocations) {
      if (end === 'resolve') invocation.resolve(1);
      if (end === 'reject') invocation.reject(new Error('No'));
    }
    for (const id of act === undefined ? [] : ['a', 'b']) rendered.chat().toolCalls[act!](rendered.call(id));
    await drain();
    expect(rendered.status()).toBe(status);
    return rendered;
  };

  it(`is ${aborted} when its component goes, with \`onUnmount: 'abort'\``, async () => {
    const { show, status, invocations, call } = await begin('abort');
    await show();
    expect(status()).toBe(aborted);
    if (aborted === 'cancelled') expect(call('a').error?.by).toBe(act === undefined ? 'unavailable' : 'user');
    expect(invocations.every(({ options }) => end !== undefined || options.abortSignal.aborted)).toBe(true);
  });

  it.each([
    ['abort', aborted],
    ['finish', finished],
  ] as const)('is neither lost nor run again when its component goes and comes back (`%s`: %s)', async (on, then) => {
    const rendered = await begin(on);
    const runs = rendered.invocations.length;
    await rendered.show();
    await rendered.show(rendered.screen);
    expect([rendered.status(), rendered.invocations.length]).toEqual([then, runs]);
    expect(rendered.toolNames()).toEqual(['touch']);
  });

  const way = ways[status];
  it.runIf(way)(
    "comes to its end with `onUnmount: 'finish'`, whether its component is back by then or not",
    async () => {
      const gone = await begin('finish');
      await gone.show();
      await finish(gone, way!);
      expect(gone.call('a')).toMatchObject({ status: 'succeeded', output: 'done' });
      const back = await begin('finish');
      await back.show();
      await back.show(back.screen);
      await finish(back, way!);
      expect(back.call('a')).toMatchObject({ status: 'succeeded', output: 'done' });
    },
  );

  it(`is ${finished} when its component takes another name, with \`onUnmount: 'finish'\``, async () => {
    const { show, status: now, screen } = await begin('finish');
    await show({ ...screen, name: 'press' });
    expect(now()).toBe(finished);
  });

  it(`is ${finished} when its component goes, with \`onUnmount: 'finish'\``, async () => {
    const { show, status } = await begin('finish');
    await show();
    expect(status()).toBe(finished);
  });

  it.each(['abort', 'finish'] as const)(
    `stays as it is when its component renders (\`onUnmount: '%s'\`)`,
    async (on) => {
      const { show, status, screen, invocations } = await begin(on);
      const before = [status(), invocations.length];
      await show({ ...screen, tool: { ...screen.tool! } });
      expect([status(), invocations.length]).toEqual(before);
    },
  );

  it(`is ${aborted} when its component takes another name, with \`onUnmount: 'abort'\``, async () => {
    const { show, status, screen } = await begin('abort');
    await show({ ...screen, name: 'press' });
    expect(status()).toBe(aborted);
  });
});

it('is told to the model once it was cancelled, with the calls of the tools that are there', async () => {
  const { show, transport } = await renderCall({});
  await show();
  const { messages } = await transport.next();
  expect(partStates(messages)).toEqual(['b: output-error', 'a: output-error']);
  expect(JSON.stringify(messages)).toContain('the part of the page with this tool was closed');
});

it.each([
  ['a write is cancelled', {}, 'cancelled'],
  ['a read goes on', { readOnly: true }, 'running'],
  ['what may run twice goes on', { idempotent: true }, 'running'],
])('by default %s', async (_, policy, status) => {
  const rendered = await renderCall(policy);
  await rendered.show();
  expect(rendered.status()).toBe(status);
});

it('cancels only the calls of the component that has gone, where another one has the same name by then', async () => {
  const { show, screen, call, chat, invocations, transport } = await renderCall({});
  const { execute, invocations: others } = createHandExecute<Place, object>();
  await show({ ...screen, id: 'next', tool: clientTool({ inputSchema: place, execute }) as never });
  expect(invocations.map(({ options }) => options.abortSignal.aborted)).toEqual([true, true]);
  chat().toolCalls.retry(call('a'));
  await drain();
  expect(call('a').status).toBe('running');
  others[0]!.resolve('the next screen’s');
  await transport.next();
  expect(call('a').output).toBe('the next screen’s');
});

it('is found after a reload once its component is there, waits for a person though that goes and comes, and runs where it is back', async () => {
  const { execute, invocations } = createHandExecute<Place, object>();
  const part = { type: 'tool-touch', toolCallId: 'a', state: 'input-available', input: { n: 1 } } as const;
  const rendered = await renderScreens({
    messages: [
      { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { id: 'm', role: 'assistant', parts: [{ type: 'step-start' }, part] },
    ],
  });
  const screen: Screen = { id: 'screen', name: 'touch', tool: clientTool({ inputSchema: place, execute }) as never };
  expect(rendered.call('a')).toBeUndefined();
  for (const shown of [[screen], [], [{ ...screen, name: 'press' }], [screen]]) {
    await rendered.show(...shown);
    expect(rendered.call('a').status).toBe('interrupted');
  }
  expect(invocations).toEqual([]);
  rendered.chat().toolCalls.run(rendered.call('a'));
  await drain();
  invocations[0]!.resolve('done');
  const { messages } = await rendered.transport.next();
  expect(partStates(messages)).toEqual(['a: output-available']);
});

type Step =
  | 'open left'
  | 'open right'
  | 'close left'
  | 'close right'
  | 'render'
  | 'rename left'
  | 'call left'
  | 'call right'
  | 'settle';
const steps = fc.array(
  fc.constantFrom<Step>(
    'open left',
    'open right',
    'close left',
    'close right',
    'render',
    'rename left',
    'call left',
    'call right',
    'settle',
  ),
  { minLength: 4, maxLength: 14 },
);

it('neither loses nor doubles a tool or a call, in any order of opening, closing, renaming, rendering and calling', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (walk, isHarmless) => {
      const { execute, invocations } = createHandExecute<Place, { abortSignal: AbortSignal; toolCallId: string }>();
      const rendered = await renderScreens({ strict: true });
      const open = new Set<string>();
      /** What a screen calls its tool now. */
      const names = new Map<string, string>();
      const nameOf = (id: string) => names.get(id) ?? id;
      const show = () =>
        rendered.show(
          ...[...open].map((id) => ({
            id,
            name: nameOf(id),
            tool: clientTool({ inputSchema: place, readOnly: isHarmless, retry: 0, execute }) as never,
          })),
        );
      let response = await rendered.ask();
      response.start();
      let calls = 0;
      for (const step of walk) {
        const [verb, id] = step.split(' ') as [string, string];
        if (verb === 'open') open.add(id);
        if (verb === 'close') open.delete(id);
        if (verb === 'call') response.call(`c${calls++}`, nameOf(id), { n: calls });
        if (verb === 'rename' && !names.delete(id)) names.set(id, `${id}-renamed`);
        if (verb === 'settle') {
          response.finish();
          for (let round = 0; round < 3; round++) {
            await drain();
            for (const each of invocations) each.resolve(each.input.n);
          }
          if (calls > 0 && rendered.transport.responses.at(-1) !== response) response = await rendered.transport.next();
          else response = await rendered.ask();
          response.start();
          calls = 0;
          invocations.length = 0;
        }
        await show();
        expect(rendered.toolNames()).toEqual([...open].map(nameOf).sort());
      }
      response.finish();
      for (let round = 0; round < 3; round++) {
        await drain();
        for (const each of invocations) each.resolve(each.input.n);
      }
      const ids = invocations.map(({ options }) => options.toolCallId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(rendered.chat().isRunning).toBe(false);
      rendered.leave();
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 15) },
  );
}, 60_000);
