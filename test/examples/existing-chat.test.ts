import { expect, it } from 'vitest';
import { describeExample, expectRefusals, expectTypes, expectWeather } from './start-example.ts';

const example = describeExample('existing-chat');

it('runs two calls at once, shows which one failed, and Retry cures it with one follow-up', async () => {
  await example.page.getByRole('button', { name: 'Ask' }).click();
  await expectWeather(example);
});

it('refuses what a page must not send', () => expectRefusals(example));

it('writes neither errors nor warnings to the console', () => {
  expect(example.complaints).toEqual([]);
});

it('compiles', () => expectTypes('existing-chat'));
