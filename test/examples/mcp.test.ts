import { expect, it } from 'vitest';
import { describeExample, expectTypes, partStates } from './start-example.ts';

const example = describeExample('mcp');

it("runs an MCP server's tools at once, shows an image and a failure that came as a result, and Retry cures it", async () => {
  const { page, requests } = example;
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.getByText('2 of 3 tools answered.').waitFor();
  const cards = page.locator('[data-slot="tool-call-card"]');
  const statuses = () => cards.evaluateAll((all) => all.map((card) => card.dataset['status']));
  expect(await statuses()).toEqual(['succeeded', 'succeeded', 'failed']);
  expect(requests.map(partStates)).toEqual([[], ['output-available', 'output-available', 'output-error']]);
  expect(await cards.nth(2).textContent()).toContain('No response body');

  await cards.nth(1).locator('[data-slot="tool-call-card-trigger"]').click();
  await cards.nth(1).getByRole('button', { name: 'Show image 1' }).click();
  const image = cards.nth(1).getByRole('img');
  await image.waitFor();
  expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);

  await cards.nth(2).locator('[data-slot="tool-call-card-retry"]').click();
  await page.getByText('3 of 3 tools answered.').waitFor();
  expect(await statuses()).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(requests.map(partStates).slice(2)).toEqual([['output-available', 'output-available', 'output-available']]);
});

it('refuses what a page must not bring', async () => {
  const tools = [{ name: '__proto__', inputSchema: {} }];
  const response = await fetch(`${example.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ messages: [], tools }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('`__proto__`');
});

it('writes neither errors nor warnings to the console', () => {
  expect(example.complaints).toEqual([]);
});

it('compiles', () => expectTypes('mcp'));
