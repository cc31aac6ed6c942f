// Owns: the browser's own WebMCP, in a real Chromium, as its agent uses it: what it is told of the page's tools, and what becomes of its calls beside those of the chat.
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { chromiumLaunchOptions } from '../../scripts/chromium.ts';
import { startChatPage, type ChatPageServer } from './chat-page-server.ts';

/** Before this version of Chromium, tools hear nothing of an agent that gives up, and the hint of consequences is unknown. */
const SINCE = 156;

/** What the page's scripts see of `document.modelContext`. */
interface PageModelContext {
  registerTool(tool: object, options?: object): Promise<void>;
  getTools(): Promise<readonly { readonly name: string; readonly inputSchema?: unknown }[]>;
  executeTool(tool: object, input: unknown, options?: object): Promise<unknown>;
}
declare global {
  interface Document {
    readonly modelContext: PageModelContext;
  }
  /** As the agent calls it: older browsers take the input as JSON, as they give schemas. */
  var runAsAgent: (name: string, input: unknown, options?: object) => Promise<unknown>;
}

const defineRunAsAgent = () =>
  void (globalThis.runAsAgent = async (name, input, options = {}) => {
    const context = document.modelContext;
    const tool = (await context.getTools()).find((each) => each.name === name)!;
    return context.executeTool(tool, typeof tool.inputSchema === 'string' ? JSON.stringify(input) : input, options);
  });

let browser: Browser;
let isSince: boolean;
let server: ChatPageServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const { args, ...options } = chromiumLaunchOptions();
  [browser, server] = await Promise.all([
    chromium.launch({ ...options, args: [...args, '--enable-features=WebMCP'] }),
    startChatPage(),
  ]);
  isSince = Number.parseInt(browser.version()) >= SINCE;
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openPage(hash = ''): Promise<void> {
  page = await browser.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  await page.addInitScript(defineRunAsAgent);
  await page.goto(`${server.url}webmcp/${hash}`);
  await expect.poll(() => page.evaluate(() => globalThis.webmcp.offered)).toEqual(['getCount', 'add', 'wait']);
}

beforeEach(() => openPage());
afterEach(async () => {
  await page?.close();
  server.forget();
  expect(complaints).toEqual([]);
  expect(server.problems).toEqual([]);
});

it('tells the browser of the named tools, with their schemas and hints', async () => {
  const tools = await page.webmcp.tools();
  expect(tools.map(({ name }) => name).sort()).toEqual(['add', 'getCount', 'wait']);
  expect(tools.find(({ name }) => name === 'getCount')).toMatchObject({
    description: 'Gives the count',
    annotations: { readOnly: true, untrustedContent: true },
  });
  expect(tools.find(({ name }) => name === 'add')).toMatchObject({
    inputSchema: { type: 'object', properties: { by: { type: 'number' } }, required: ['by'] },
    ...(isSince && { annotations: { consequential: true } }),
  });
});

it('runs a call that only reads at once, and shows whose it is', async () => {
  expect(await page.webmcp.callTool('getCount')).toEqual({ count: 0 });
  await page.getByText('Called by the browser’s agent').waitFor();
});

it('asks a person before anything is changed, and gives their no as data', async () => {
  const first = page.webmcp.callTool('add', { by: 2 });
  await page.getByRole('button', { name: /^Approve add/ }).click();
  expect(await first).toEqual({ count: 2 });
  const second = page.webmcp.callTool('add', { by: 3 });
  await page.getByRole('button', { name: /^Deny add/ }).click();
  expect(await second).toEqual({ isError: true, content: [{ type: 'text', text: 'The user said no' }] });
  expect(await page.evaluate(() => globalThis.webmcp.count)).toBe(2);
});

it('checks the input, which the browser does not do', async () => {
  const given = await page.webmcp.callTool('add', { by: 'two' });
  expect(given).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('does not fit add') }] });
});

it('cancels a call that the agent gives up', async () => {
  const outcome = await page.evaluate(async () => {
    const abort = new AbortController();
    const calling = runAsAgent('wait', {}, { signal: abort.signal }).catch((error: Error) => error.name);
    const isRunning = () =>
      Object.values(globalThis.webmcp.toolCalls?.store.getState().batches ?? {}).some((batch) =>
        Object.values(batch.calls).some(({ status }) => status === 'running'),
      );
    while (!isRunning()) await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    return calling;
  });
  expect(outcome).toBe('AbortError');
  if (!isSince) return;
  await expect.poll(() => page.evaluate(() => globalThis.webmcp.aborted)).toBe(1);
  await page.getByText('By its caller').waitFor();
});

it('gives the chat the tools of other code of the page, for as long as they are there', async () => {
  await page.evaluate(async () => {
    await document.modelContext.registerTool({
      name: 'widget.search',
      description: 'Searches the widget',
      inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
      annotations: { readOnlyHint: true },
      execute: async ({ text }: { text: string }) => ({ found: text }),
    });
  });
  const names = () => page.evaluate(() => Object.keys(globalThis.webmcp.toolCalls!.getTools()));
  await expect.poll(names).toEqual(['getCount', 'add', 'wait', 'secret', 'web_widget_search']);
  await page.evaluate(() => globalThis.webmcp.send?.());
  (await server.chats.next()).start('m').call('s', 'web_widget_search', { text: 'shoes' }).finish();
  const { messages } = await server.chats.next();
  expect(JSON.stringify(messages.at(-1))).toContain('{"found":"shoes"}');
});

// A thousand times in `webmcp/offer-tools`.
it(
  'loses no update of a record that the chat and the agent write two hundred times',
  { timeout: 120_000 },
  async () => {
    await page.close();
    await openPage('#bare');
    await page.evaluate(() => {
      const { toolCalls } = globalThis.webmcp;
      // The person says yes to each call of the agent.
      toolCalls?.subscribe((event) => {
        if (event.type === 'approval-required') queueMicrotask(() => toolCalls.approve(event.key));
      });
      globalThis.webmcp.send?.();
    });
    const agent = page.evaluate(async () => {
      const given = await Promise.all(Array.from({ length: 100 }, () => runAsAgent('add', { by: 1 })));
      return given.length;
    });
    const answer = (await server.chats.next()).start('m');
    for (let n = 0; n < 100; n++) answer.call(`c${n}`, 'add', { by: 1 });
    answer.finish();
    const { messages } = await server.chats.next();
    expect(messages.at(-1)?.parts.filter((part) => 'output' in part)).toHaveLength(100);
    expect(await agent).toBe(100);
    expect(await page.evaluate(() => globalThis.webmcp.count)).toBe(200);
  },
);
