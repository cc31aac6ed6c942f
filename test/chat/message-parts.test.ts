// Specifies: how parts are read that are not as the types say: restored history, other versions of the SDK, servers of one's own.
import type { UIMessage } from 'ai';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupMessageParts } from '../../src/messages/message-groups.ts';
import {
  hasNewsInLastStep,
  isAskingPart,
  isOpenPart,
  isReportedPart,
  isToolPart,
  readLastToolParts,
  readToolParts,
  readWord,
  type ToolPartResult,
} from '../../src/messages/message-parts.ts';
import { toModelMessages } from '../../src/messages/model-messages.ts';
import { trimToStepEnd, writeParts } from '../../src/messages/part-writes.ts';
import { anyMessage } from '../harness/any-message.ts';

/** A message with anything for parts. */
const messageOf = (parts: unknown, id: unknown = 'm') => ({ id, role: 'assistant', parts }) as unknown as UIMessage;
const writeResult = (message: UIMessage, key: string, result: ToolPartResult) =>
  writeParts(message, new Map([[key, { result }]]));
const call = (fields: object = {}) => ({ type: 'tool-read', toolCallId: 'a', state: 'input-available', ...fields });
const v4 = (state: string) => ({ type: 'tool-invocation', toolInvocation: { state, toolCallId: 'a', toolName: 'read', args: {} } }); // prettier-ignore

describe('a part that cannot be read', () => {
  it.each<[string, unknown]>([
    ["AI SDK 4's call", v4('call')],
    ["AI SDK 4's call whose input streams", v4('partial-call')],
    ["AI SDK 4's result", v4('result')],
    ['a call without an id', call({ toolCallId: undefined })],
    ['a call whose id is null', call({ toolCallId: null })],
    ['a call whose id is a number', call({ toolCallId: 7 })],
    ['a call without a state', call({ state: undefined })],
    ["a call in AI SDK 4's state", call({ state: 'call' })],
    ['a call in a state to come', call({ state: 'output-postponed' })],
    ['a call in a state that every object has', call({ state: 'toString' })],
    ['a dynamic call without a name', call({ type: 'dynamic-tool' })],
    ['a dynamic call whose name is null', call({ type: 'dynamic-tool', toolName: null })],
    ['a part without a type', { text: 'Hi' }],
    ['a part whose type is a number', { type: 5, toolCallId: 'a', state: 'input-available' }],
    ['a part of a version to come', { type: 'hologram' }],
    ['a text for a part', 'Hi'],
    ['a list for a part', []],
  ])('is a part like any other: %s', (_, part) => {
    const good = call({ toolCallId: 'good' });
    const message = messageOf([{ type: 'step-start' }, part, good]);
    expect(isToolPart(part)).toBe(false);
    expect(groupMessageParts(message)).toMatchObject([
      { type: 'part', key: 'm/part/1', part },
      { type: 'tool-calls', key: 'm/0', batch: { order: ['m/0/good'] } },
    ]);
    expect(readToolParts(message).map(({ key }) => key)).toEqual(['m/0/good']);
    const written = writeResult(message, 'm/0/good', { state: 'output-available', output: 1 });
    expect(written.parts[1]).toBe(part);
    expect(written.parts[2]).toEqual({ ...good, input: {}, state: 'output-available', output: 1 });
    const [model] = toModelMessages([message]);
    expect(model?.content).toEqual([{ type: 'tool-call', toolCallId: 'good', toolName: 'read', input: undefined }]);
  });

  it('is left out where it is nothing at all', () => {
    const message = messageOf([null, call()]);
    expect(groupMessageParts(message).map(({ type }) => type)).toEqual(['tool-calls']);
    expect(writeParts(message, new Map()).parts).toEqual([null, call()]);
  });
});

describe('a call that lacks a field', () => {
  const answered = call({ state: 'approval-responded' });
  it.each<[string, object, object, 'open' | 'reported' | 'neither']>([
    ['a denial without its approval', call({ state: 'output-denied' }), { status: 'denied', error: { message: '' } }, 'reported'],
    ['a denial with a reason that is none', call({ state: 'output-denied', approval: { reason: 7 } }), { status: 'denied', error: { message: '' } }, 'reported'],
    ['a failure without words', call({ state: 'output-error' }), { status: 'failed', error: { message: '' } }, 'reported'],
    ['a failure whose words are null', call({ state: 'output-error', errorText: null }), { status: 'failed', error: { message: '' } }, 'reported'],
    ['an output that is not there', call({ state: 'output-available' }), { status: 'succeeded', output: undefined }, 'reported'],
    ['an output of nothing yet', call({ state: 'output-available', preliminary: true }), { status: 'running' }, 'neither'],
    ['an input that is not there', call(), { status: 'running', input: undefined }, 'open'],
    ['a question without its approval', call({ state: 'approval-requested' }), { status: 'awaiting-approval' }, 'open'],
    ['an answer without its approval', answered, { status: 'awaiting-approval' }, 'open'],
    ['an answer that says neither', { ...answered, approval: { id: 'p' } }, { status: 'awaiting-approval' }, 'open'],
    ['an answer that says yes to nothing', { ...answered, approval: { approved: 'yes' } }, { status: 'awaiting-approval' }, 'open'],
    ['a yes that does not say to what', { ...answered, approval: { approved: true } }, { status: 'running' }, 'open'],
    ['a no that does not say to what', { ...answered, approval: { approved: false } }, { status: 'denied', error: { message: '' } }, 'reported'],
    ['an empty id', call({ toolCallId: '' }), { status: 'running', toolCallId: '' }, 'open'],
  ])('is read as far as it goes: %s', (_, part, shown, stands) => {
    const message = messageOf([part]);
    const [group] = groupMessageParts(message);
    const [ref] = readToolParts(message);
    expect(group?.type === 'tool-calls' && Object.values(group.batch.calls)).toMatchObject([shown]);
    expect(isOpenPart(ref!.part)).toBe(stands === 'open');
    expect(isReportedPart(ref!.part)).toBe(stands === 'reported');
  }); // prettier-ignore

  it('gets its result without an approval that no server could place', () => {
    const part = call({ state: 'approval-responded', approval: { approved: true } });
    const written = writeResult(messageOf([part]), 'm/0/a', { state: 'output-available', output: 1 });
    expect(written.parts).toEqual([call({ state: 'output-available', output: 1, input: {} })]);
    const asked = messageOf([call({ state: 'approval-requested' })]);
    expect(writeParts(asked, new Map([['m/0/a', { approval: { approved: true } }]])).parts[0]).toBe(asked.parts[0]);
  });

  it('tells a tool that reads the conversation what is known', () => {
    const states = ['output-denied', 'output-error', 'output-available'].map((state) => call({ state }));
    const [, results] = toModelMessages([messageOf([...states, { type: 'text' }, { type: 'file', url: 5 }, null])]);
    expect(results?.content).toMatchObject([
      { output: { type: 'execution-denied' } },
      { output: { type: 'error-text', value: '' } },
      { output: { type: 'json', value: null } },
    ]);
  });
});

describe('a message that is none', () => {
  it.each<[string, unknown]>([
    ['one of AI SDK 4', { id: 'm', role: 'assistant', content: 'Hi' }],
    ['one whose parts are null', messageOf(null)],
    ['one whose parts are a text', messageOf('parts')],
    ['one whose parts are an object', messageOf({ 0: call() })],
    ['nothing', null],
    ['a number', 5],
  ])('has no parts: %s', (_, value) => {
    const message = value as UIMessage;
    expect(groupMessageParts(message)).toEqual([]);
    expect(readToolParts(message)).toEqual([]);
    expect(trimToStepEnd(message, 0)).toBe(message);
    expect(() => toModelMessages([message])).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['a number', 42, '42'],
    ['null', null, ''],
    ['an object that is no text', { toString: 1 }, ''],
  ])('is known by its id as a text: %s', (_, id, known) => {
    const message = messageOf([{ type: 'text', text: 'Hi' }, call()], id);
    expect(groupMessageParts(message).map(({ key }) => key)).toEqual([`${known}/part/0`, `${known}/0`]);
    expect(readToolParts(message)).toMatchObject([{ key: `${known}/0/a`, messageId: known }]);
  });
});

it('nothing that JSON can hold makes the reading throw', () => {
  fc.assert(
    fc.property(fc.array(anyMessage(), { maxLength: 4 }), (values) => {
      const messages = values as UIMessage[];
      toModelMessages(messages);
      for (const message of messages) {
        groupMessageParts(message);
        const refs = readToolParts(message);
        const result = { state: 'output-error', errorText: 'no' } as const;
        writeParts(message, new Map(refs.map(({ key }) => [key, { result }])));
        trimToStepEnd(message, 0);
      }
    }),
    { numRuns: 2000 },
  );
});

describe('what is asked for each chunk or call says what reading the whole message would', () => {
  const messages = anyMessage().map((value) => value as UIMessage);

  it('the last part of a call, and the one before it', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom('a', 'b'), (message, toolCallId) => {
        const refs = readToolParts(message);
        const place = refs.findLastIndex(({ part }) => part.toolCallId === toolCallId);
        const expected = [refs[place], refs[place - 1]].filter((ref) => ref !== undefined);
        expect(readLastToolParts(message, toolCallId)).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('whether there is news in the last step', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const parts: unknown[] = Array.isArray(message?.parts) ? message.parts : [];
        const last = parts.findLastIndex((part) => (part as { type?: unknown } | null)?.type === 'step-start');
        const isNews = (part: unknown) =>
          isToolPart(part) &&
          (readWord(part) !== undefined || isAskingPart(part) || part.state === 'approval-responded');
        expect(hasNewsInLastStep(message)).toBe(parts.slice(last + 1).some(isNews));
      }),
      // What is said to be no final output is one where the state says that it failed.
      { numRuns: 5000, examples: [[messageOf([call({ state: 'output-error', preliminary: true })])]] },
    );
  });
});
