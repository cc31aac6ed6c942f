// Walks that random search has found to end wrongly once, as short as they come.
import { expect, it } from 'vitest';
import { isAiSdk6 } from '../harness/sdk-version.ts';
import { go, type Walk } from '../harness/walk-steps.ts';

const SETUP: Walk['setup'] = { way: 'own', waits: false, isEarly: false, isLate: false, history: [] };

type Steps = readonly (readonly [name: string, pick?: number, settles?: boolean])[];

it.skipIf(isAiSdk6).each<[string, Partial<Walk['setup']>, Steps]>([
  [
    'a read that the server takes back, in a page that is hidden before it reads so, runs when the page is shown again',
    {},
    [['call'], ['reset step', 0, false], ['hide']],
  ],
  [
    'a call that the server denies while another component joins the chat is the server’s to go on with',
    { way: 'chat', isEarly: true },
    [['join again'], ['call'], ['deny'], ['finish']],
  ],
  [
    'a read whose message gets another id, twice, before the page is mounted runs once',
    { isEarly: true, isLate: true },
    [['call'], ['start again'], ['tools come'], ['start again']],
  ],
  [
    'an answer that a plugin has yet to look at is not sent by a resend in the same turn',
    {},
    [['plugin is late'], ['call', 58], ['finish'], ['yes', 0, false], ['resend']],
  ],
  [
    'a call that the server has denied, and a person before they could read so, is the server’s to go on with',
    {},
    [['call', 1], ['deny', 0, false], ['lose'], ['no']],
  ],
  [
    'a call that stands where the server has taken back one that the page had answered keeps its place',
    {},
    [['call'], ['answer as page'], ['start again', 1, false], ['reset step'], ['call'], ['start again', 1, false]],
  ],
])('%s', async (_name, setup, steps) => {
  const walk = steps.map(([name, pick = 0, settles = true]) => ({ name, pick, settles }));
  expect(await go({ features: [], setup: { ...SETUP, ...setup }, steps: walk })).toEqual([]);
});
