// The guard's judgement, as rows: which calls need a person's yes, and which values are known again however they are written.
import { describe, expect, it } from 'vitest';
import { carriesValue, listValues } from '../../src/disclosure/carried-values.ts';
import { judgeCall } from '../../src/disclosure/guard.ts';
import type { AnswerSource } from '../../src/disclosure/sources.ts';

const ADDRESS = { name: 'Anna', street: 'Lindenweg 12', city: 'Graz', phone: 43660123456, mail: 'anna@example.org' };
const source = (toolName: string, facts: Partial<AnswerSource> = {}): AnswerSource => ({
  key: `m/0/${toolName}`,
  messageId: 'm',
  step: 0,
  toolCallId: toolName,
  toolName,
  input: {},
  status: 'succeeded',
  labels: [],
  untrusted: false,
  attempts: [],
  ...facts,
});
const address = source('getAddress', { labels: ['personal:address'] });
const ticket = source('readTicket', { untrusted: true });
const plain = source('getWeather');
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

describe('a call of a tool that sends data out', () => {
  it.each<[string, AnswerSource[], unknown, { privateFrom: string[]; untrustedFrom: string[]; carriedFrom: string[] } | undefined]>([
    ['is free with nothing in the conversation', [], {}, undefined],
    ['is free with private data alone', [address, plain], { to: 'a@b.c' }, undefined],
    ['is free with others’ text alone', [ticket, plain], {}, undefined],
    ['is stopped with both', [address, plain, ticket], {}, { privateFrom: ['getAddress'], untrustedFrom: ['readTicket'], carriedFrom: [] }],
    ['is stopped by one call that brings both', [source('readMail', { labels: ['mail'], untrusted: true })], {}, { privateFrom: ['readMail'], untrustedFrom: ['readMail'], carriedFrom: [] }],
    ['is free where the private data were withheld', [{ ...address, withheld: 'by-person' }, ticket], {}, undefined],
    ['is free where the others’ text was withheld', [address, { ...ticket, withheld: 'too-large' }], {}, undefined],
    ['is stopped where others’ text came as a failure', [address, { ...ticket, status: 'failed' }], {}, { privateFrom: ['getAddress'], untrustedFrom: ['readTicket'], carriedFrom: [] }],
    ['is stopped where it repeats a private value', [address], { body: 'She lives at Lindenweg 12.' }, { privateFrom: [], untrustedFrom: [], carriedFrom: ['getAddress'] }],
    ['is stopped where it repeats a withheld value', [{ ...address, withheld: 'by-person' }], { body: 'LINDENWEG  12' }, { privateFrom: [], untrustedFrom: [], carriedFrom: ['getAddress'] }],
    ['is free where it repeats what is not private', [plain], { body: 'Lindenweg 12' }, undefined],
    ['is stopped for both reasons', [address, ticket], { body: 'anna@example.org' }, { privateFrom: ['getAddress'], untrustedFrom: ['readTicket'], carriedFrom: ['getAddress'] }],
  ])('%s', (_, before, input, reasons) => {
    const found = judgeCall({ input }, before, () => ADDRESS);
    const names = found && Object.fromEntries(Object.entries(found).map(([name, sources]) => [name, sources.map((each: AnswerSource) => each.toolName)]));
    expect(names).toEqual(reasons);
  }); // prettier-ignore
});

describe('a value', () => {
  const text = 'Name: Anna Huber\nAddress: Lindenweg 12, 8010 Graz\nAccount AT611904300234573201';
  it.each<[string, unknown, unknown, boolean]>([
    ['as it is', ADDRESS, { body: 'Lindenweg 12' }, true],
    ['in a longer text', ADDRESS, { body: 'To: Lindenweg 12, Graz' }, true],
    ['in a list, deep down', ADDRESS, { to: [{ lines: ['x', 'Lindenweg 12'] }] }, true],
    ['as a key', ADDRESS, { 'Lindenweg 12': true }, true],
    ['in JSON in a string', ADDRESS, { body: JSON.stringify(ADDRESS) }, true],
    ['in JSON in JSON', ADDRESS, { body: JSON.stringify({ data: JSON.stringify(ADDRESS) }) }, true],
    ['in base64', ADDRESS, { body: base64('Lindenweg 12') }, true],
    ['in base64 amid text', ADDRESS, { url: `https://x.example/?q=${base64(JSON.stringify(ADDRESS))}` }, true],
    ['in base64 for addresses', { street: 'Grüne Gasse??>> 7' }, { q: base64('Grüne Gasse??>> 7').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') }, true],
    ['in base64 twice', ADDRESS, { body: base64(base64('Lindenweg 12')) }, true],
    ['in base64 in the path of a link', ADDRESS, { url: `https://x.example/a/${base64('Lindenweg 12')}/b` }, true],
    ['in base64 right behind something', ADDRESS, { body: `x${base64('Lindenweg 12')}` }, true],
    ['percent-encoded', ADDRESS, { url: `https://x.example/?a=${encodeURIComponent('Lindenweg 12')}` }, true],
    ['with each letter percent-encoded', ADDRESS, { url: [...'Lindenweg 12'].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('') }, true],
    ['percent-encoded base64', ADDRESS, { url: encodeURIComponent(base64('Lindenweg 12')) }, true],
    ['in another case, with other spaces', ADDRESS, { body: 'lindenWEG\u00A0 12' }, true],
    ['a long number', ADDRESS, { phone: '43660123456' }, true],
    ['a number as a number', ADDRESS, { phone: 43660123456 }, true],
    ['a line of a text', text, { body: 'Anna Huber; Address: Lindenweg 12' }, true],
    ['a word with digits of a text', text, { body: 'AT611904300234573201' }, true],
    ['a field of JSON that a tool gave as text', JSON.stringify(ADDRESS), { body: 'anna@example.org' }, true],
    ['of seven characters', { code: 'abcdefg' }, { body: 'abcdefg' }, false],
    ['of eight characters', { code: 'abcdefgh' }, { body: 'abcdefgh' }, true],
    ['that is not there', ADDRESS, { body: 'Birkenweg 12' }, false],
    ['of an output without any', null, { body: 'null' }, false],
    ['in an input without any', ADDRESS, undefined, false],
  ])('%s', (_, output, input, isCarried) => {
    expect(carriesValue(input, listValues(output))).toBe(isCarried);
  }); // prettier-ignore
});
