import { expect, it } from 'vitest';
import { describeExample, expectRefusals, expectTypes, expectWeather } from './start-example.ts';

const example = describeExample('assistant-ui');

it('runs two calls at once, shows which one failed, and Retry cures it with one follow-up', async () => {
  await example.page.getByRole('textbox').fill('How warm is it in Lisbon and in Oslo?');
  await example.page.getByRole('button', { name: 'Ask' }).click();
  await expectWeather(example);
});

it('refuses what a page must not send', () => expectRefusals(example));

it('writes neither errors nor warnings to the console', () => {
  expect(example.complaints).toEqual([]);
});

it('compiles', () => expectTypes('assistant-ui'));
