// Which beginnings of steps are put into a response whose server does not send them.
import type { UIMessageChunk } from 'ai';
import { describe, expect, it } from 'vitest';
import { createStepBoundaries } from '../../src/sdk/step-boundaries.ts';

const CHUNKS: Record<string, UIMessageChunk> = {
  start: { type: 'start' },
  step: { type: 'start-step' },
  end: { type: 'finish-step' },
  finish: { type: 'finish' },
  text: { type: 'text-start', id: 't' },
  reasoning: { type: 'reasoning-start', id: 'r' },
  data: { type: 'data-note', data: 1 },
  half: { type: 'tool-input-start', toolCallId: 'a', toolName: 'read' },
  rest: { type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: '{' },
  call: { type: 'tool-input-available', toolCallId: 'a', toolName: 'read', input: {} },
  refused: { type: 'tool-input-error', toolCallId: 'a', toolName: 'read', input: {}, errorText: 'no' },
  result: { type: 'tool-output-available', toolCallId: 'a', output: 1 },
};

/** The names of the chunks that come out when these go in. */
function pass(names: string, options: Parameters<typeof createStepBoundaries>[0]): string {
  const through = createStepBoundaries(options);
  const nameOf = new Map(Object.entries(CHUNKS).map(([name, { type }]) => [type, name]));
  return names
    .split(' ')
    .flatMap((name) => through(CHUNKS[name]!))
    .map(({ type }) => nameOf.get(type))
    .join(' ');
}

describe('a response', () => {
  it.each([
    ['with steps', 'start step text call end step text end finish', 'start step text call end step text end finish'],
    ['of text alone', 'start text finish', 'start text finish'],
    ['of a call', 'start call finish', 'start call finish'],
    ['of a call without a start', 'call finish', 'call finish'],
    ['of text, then calls', 'start text half rest call call', 'start text half rest call call'],
    ['of a call that was refused, then a step', 'start refused step text', 'start refused text'],
    ['with data before its first step', 'start data step text call', 'start data step text call'],
    ['with a call before its first step', 'start call start step text', 'start call start text'],
    ['with a call before its first step, and more steps', 'call step text end step call', 'call text end step call'],
    ['with a call whose step has ended', 'start call end step text', 'start call end step text'],
  ])('%s', (_what, given, expected) => {
    expect(pass(given, { continues: false, resumed: false })).toBe(expected);
  });
});

describe('a response that goes on with a message', () => {
  it.each([
    ['of text', 'start text finish', 'start step text finish'],
    ['of reasoning', 'start reasoning text', 'start step reasoning text'],
    ['of a call', 'start call', 'start step call'],
    ['of a call before its first step', 'start call step text', 'start step call text'],
    ['of a call that was refused', 'start refused', 'start step refused'],
    ['with steps', 'start step text', 'start step text'],
    ['with text before its first step', 'start text step text', 'start step text step text'],
    ['with the result of a call that the server ran', 'start result text', 'start result step text'],
    ['with the rest of a call', 'rest call text', 'rest call text'],
    ['without anything', 'start finish', 'start finish'],
  ])('%s', (_what, given, expected) => {
    expect(pass(given, { continues: true, resumed: false })).toBe(expected);
  });
});

describe('a response that is resumed', () => {
  it.each([
    ['from its start', 'start call', 'start step call'],
    ['from its start, with steps', 'start step call', 'start step call'],
    ['in the middle of a step', 'text call end', 'text call end'],
    ['in the middle of a step, into the next one', 'call end step call', 'call end step call'],
  ])('%s', (_what, given, expected) => {
    expect(pass(given, { continues: true, resumed: true })).toBe(expected);
  });
});
