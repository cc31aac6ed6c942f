import { expect, it } from 'vitest';
import { describeExample, expectRefusals, expectWeather } from './start-example.ts';

// Its `npm start` builds it, and with that checks its types.
const example = describeExample('nextjs');

it('runs two calls at once, shows which one failed, and Retry cures it with one follow-up', async () => {
  await example.page.getByRole('button', { name: 'Ask' }).click();
  await expectWeather(example);
});

it('refuses what a page must not send', () => expectRefusals(example));

it('writes neither errors nor warnings to the console', () => {
  expect(example.complaints).toEqual([]);
});
