// What the model reads of an output, as rows: what is taken out, what does not fit, and that a fault gives nothing away.
import { describe, expect, it } from 'vitest';
import { ToolCallError, type ToolPolicy } from '../../src/core/index.ts';
import { readModelValue, toModelError, toModelValue, type ModelValue } from '../../src/disclosure/model-value.ts';

type Policy = Pick<ToolPolicy, 'labels' | 'untrusted' | 'redact' | 'maxModelBytes' | 'shorten'>;
const OUTPUT = { name: 'Anna', address: 'Lindenweg 12' };
const resolve = ({ labels = [], untrusted = false, redact, maxModelBytes, shorten }: Policy) => ({
  labels,
  untrusted,
  redact,
  maxModelBytes,
  shorten,
});
const read = (policy: Policy, output: unknown = OUTPUT, maxBytes = 1000) =>
  toModelValue(resolve(policy), { input: { id: 7 } }, output, maxBytes, () => maxBytes);
const fault = () => {
  throw new Error('Lindenweg 12 is no address');
};
const without = ({ name }: typeof OUTPUT) => ({ name });

describe('the model reads', () => {
  it.each<[string, Policy, Partial<ModelValue['facts']>, unknown]>([
    ['all of an output without a policy', {}, { labels: [], bytes: 40 }, OUTPUT],
    ['all of a labelled one', { labels: ['personal'] }, { labels: ['personal'] }, OUTPUT],
    ['each label once', { labels: ['a', 'b', 'a'] }, { labels: ['a', 'b'] }, OUTPUT],
    ['labels that depend on input and output', { labels: (input, output) => [`${(input as { id: number }).id}`, ...Object.keys(output as object)] }, { labels: ['7', 'name', 'address'] }, OUTPUT],
    ['what redaction leaves', { redact: (output) => without(output as typeof OUTPUT) }, { changed: 'redacted', bytes: 15 }, { name: 'Anna' }],
    ['what a redaction leaves whole', { redact: (output) => output }, { bytes: 40 }, OUTPUT],
    ['what a promise of a redaction gives', { redact: (output) => Promise.resolve(without(output as typeof OUTPUT)) }, { changed: 'redacted' }, { name: 'Anna' }],
    ['the shortened output where it is too large', { maxModelBytes: 20, shorten: () => 'Anna …' }, { changed: 'shortened', bytes: 10 }, 'Anna …'],
    ['an output that just fits', { maxModelBytes: 40 }, { bytes: 40 }, OUTPUT],
  ])('%s', async (_, policy, facts, value) => {
    const result = await read(policy);
    expect(result.facts).toMatchObject(facts);
    expect(result.facts.withheld).toBeUndefined();
    expect(result.value).toEqual(value);
  }); // prettier-ignore

  it.each<[string, Policy, ModelValue['facts']['withheld']]>([
    ['`labels` throws', { labels: fault }, 'labels-failed'],
    ['`labels` gives a promise', { labels: (() => Promise.resolve([])) as never }, 'labels-failed'],
    ['`redact` throws', { redact: fault }, 'redaction-failed'],
    ['`redact` rejects', { redact: () => Promise.reject(new Error('Lindenweg 12')) }, 'redaction-failed'],
    ['`redact` gives what JSON cannot write', { redact: () => ({ id: 1n }) }, 'redaction-failed'],
    ['the output is too large', { maxModelBytes: 39 }, 'too-large'],
    ['what `shorten` gives is too large', { maxModelBytes: 39, shorten: (output) => output }, 'too-large'],
    ['`shorten` throws', { maxModelBytes: 39, shorten: fault }, 'too-large'],
    ['`shorten` gives nothing', { maxModelBytes: 39, shorten: () => undefined }, 'too-large'],
  ])('nothing where %s', async (_, policy, withheld) => {
    const result = await read(policy);
    expect(result.facts).toMatchObject({ withheld, bytes: 0 });
    expect(result.value).toBeUndefined();
    expect(() => readModelValue({ toolName: 'find' }, result)).toThrow(
      /^(?!.*Lindenweg)The output of find was withheld/,
    );
  });

  it('no more than the step has left, measured when the redaction has ended', async () => {
    let left = 100;
    const pending = toModelValue(
      resolve({ redact: (output) => Promise.resolve(output) }),
      { input: {} },
      OUTPUT,
      1000,
      () => left,
    );
    left = 39;
    expect((await pending).facts.withheld).toBe('too-large');
  });
});

describe('of a failure the model reads', () => {
  const words = 'No such street: Lindenweg 12';
  it.each<[string, Policy, ToolCallError, string, boolean]>([
    ['the tool’s words', {}, new ToolCallError('execution', words), words, true],
    ['not those of a tool that redacts', { redact: (output) => output }, new ToolCallError('execution', words), words, false],
    ['nor of one with labels', { labels: ['personal'] }, new ToolCallError('invalid-output', words), words, false],
    ['nor of one whose labels are not known', { labels: () => [] }, new ToolCallError('execution', words), words, false],
    ['nor where the page repeats them', { labels: ['personal'] }, new ToolCallError('execution', words), `Sorry. ${words}`, false],
    ['the page’s own words', { labels: ['personal'] }, new ToolCallError('execution', words), 'Try another street', true],
    ['what the library says', { labels: ['personal'] }, new ToolCallError('timeout', 'No result within 5 s'), 'No result within 5 s', true],
  ])('%s', (_, policy, error, text, isRead) => {
    const read = toModelError({ toolName: 'find', error } as never, resolve(policy), text);
    if (isRead) expect(read).toBe(text);
    else expect(read).toBe('find failed. What it says is withheld, since it may quote private data.');
  }); // prettier-ignore
});
