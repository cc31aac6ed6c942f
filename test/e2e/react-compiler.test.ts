// Owns: the demo compiled by React Compiler does what it does without. A value written during render, or read behind React's back, would
// show as a card that stays what it was.
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCompiledDemo, type CompiledDemo } from './compiled-demo.ts';
import { openDemo, startBrowser, startDemo, type DemoServer } from './demo-server.ts';

let server: DemoServer;
let demo: CompiledDemo;
let browser: Browser;

beforeAll(async () => {
  for (const name of ['AI_GATEWAY_API_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'MODEL']) vi.stubEnv(name, '');
  vi.stubEnv('NODE_ENV', 'production');
  [server, browser] = await Promise.all([startDemo(), startBrowser()]);
  demo = await startCompiledDemo(server);
});

afterAll(async () => {
  await browser?.close();
  await demo?.close();
  await server?.close();
  vi.unstubAllEnvs();
});

async function readBundle(): Promise<string> {
  const html = await (await fetch(demo.url)).text();
  const script = /src="([^"]+\.js)"/.exec(html)?.[1] ?? '';
  return (await fetch(new URL(script, demo.url))).text();
}

describe('the demo built with React Compiler', () => {
  it('has its components and the library’s compiled, and none refused', async () => {
    expect([...demo.compiled]).toEqual(
      expect.arrayContaining([
        'SupportChat',
        'Message',
        'useParallelTools',
        'useToolCall',
        'ToolCallCard',
        'ToolCallGroup',
      ]),
    );
    expect(demo.refused).toEqual([]);
    // How compiled code asks whether it has been here before.
    expect(await readBundle()).toContain('react.memo_cache_sentinel');
  });

  it('runs the calls at once, shows them live, and cures the failed one by Retry', async () => {
    const { page, chatRequests, mostRunning, seenStatuses, complaints, close } = await openDemo(browser, demo.url, {
      latency: 0.25,
    });
    const cards = (status: string) => page.locator(`[data-slot="tool-call-card"][data-status="${status}"]`);
    const answer = page.getByRole('article', { name: 'Larkfield' }).last();
    await page.getByRole('button', { name: 'Settle a whole case' }).click();
    await answer.getByText('I could not convert').waitFor();
    expect(await mostRunning()).toBeGreaterThanOrEqual(4);
    expect(await seenStatuses()).toEqual(
      expect.arrayContaining(['input-streaming', 'running', 'retrying', 'succeeded', 'failed']),
    );
    expect(await cards('succeeded').count()).toBe(5);
    expect(await cards('failed').count()).toBe(1);
    expect(chatRequests()).toBe(2);

    await page.getByRole('button', { name: 'Retry convertCurrency' }).click();
    await answer.getByText('€129.00 is $150.05').waitFor();
    expect(await cards('succeeded').count()).toBe(6);
    expect(chatRequests()).toBe(3);
    await close();
    expect(complaints).toEqual([]);
  });
});
