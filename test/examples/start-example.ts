// Owns one example as a stranger meets it: started by its one command on a free port, opened in Chromium, with notes of what happens there.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { chromiumLaunchOptions } from '../../scripts/chromium.ts';
import { withoutVitest } from './install-examples.ts';

interface ChatRequest {
  messages: { parts: { type: string; state?: string; toolCallId?: string }[] }[];
}

export interface Example {
  url: string;
  page: Page;
  /** What was posted to the chat's route, in order. */
  requests: ChatRequest[];
  /** Errors and warnings of the console, and uncaught errors; that a service answered 503 is not one. */
  complaints: string[];
}

declare global {
  interface Window {
    mostRunning: number;
  }
}

/** A machine that does other things too is slow to bundle a page (ms). */
const PATIENCE = 90_000;

const stops: (() => unknown)[] = [];

/** Starts the example before the tests of a file and stops it after them. */
export function describeExample(name: string): Example {
  const example = { requests: [], complaints: [] } as unknown as Example;
  beforeAll(async () => {
    example.url = await serve(join(inject('examples'), name));
    example.page = await openPage(example);
  });
  afterAll(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  return example;
}

/** `npm start`, until it says where it is. */
function serve(cwd: string): Promise<string> {
  const isNext = cwd.endsWith('nextjs');
  const options = isNext ? ['--hostname', '127.0.0.1', '--port', '0'] : ['--host', '127.0.0.1', '--port', '0'];
  const server = spawn('npm', ['start', '--', ...options], {
    cwd,
    // A group of its own, so that all of it can be ended: npm, the server, and what the server started.
    detached: true,
    env: {
      ...withoutVitest(process.env),
      NEXT_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
  });
  const ended = new Promise((resolve) => void server.once('close', resolve));
  stops.push(() => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
    return ended;
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (data: Buffer) => {
      output += data.toString();
      const url = /Local:\s+(http:\/\/\S+?)\/?\s/.exec(output)?.[1];
      if (url) resolve(url);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', (code) => reject(new Error(`\`npm start\` in ${cwd} ended with ${code}:\n${output}`)));
  });
}

async function openPage({ url, requests, complaints }: Example): Promise<Page> {
  const browser = await chromium.launch(chromiumLaunchOptions());
  stops.push(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('request', (request) => {
    const isChat = request.method() === 'POST' && new URL(request.url()).pathname === '/api/chat';
    if (isChat) requests.push(request.postDataJSON() as ChatRequest);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const isService = message.location().url.includes('/api/weather');
    if (['error', 'warning'].includes(message.type()) && !isService) complaints.push(message.text());
  });
  await page.addInitScript(() => {
    // An observer sees each change of the page, so that no moment is missed between two looks.
    window.mostRunning = 0;
    new MutationObserver(() => {
      const running = document.querySelectorAll('[data-slot="tool-call-card"][data-status="running"]').length;
      window.mostRunning = Math.max(window.mostRunning, running);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-status'] });
  });
  await page.goto(url);
  return page;
}

/** The states of the tool parts that a request carried. */
export const partStates = ({ messages }: ChatRequest): string[] =>
  messages.flatMap(({ parts }) => parts.flatMap(({ toolCallId, state }) => (toolCallId && state ? [state] : [])));

/** Types of the example, as its own tsconfig has them. */
export async function expectTypes(name: string): Promise<void> {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'typecheck'], {
    cwd: join(inject('examples'), name),
  }).catch((failure: { stdout: string }) => failure);
  expect(stdout).toBe('');
}

/** The route does not take from a page what is no message, nor an input that does not fit the tool's schema. */
export async function expectRefusals({ url }: Example): Promise<void> {
  const part = { type: 'tool-getWeather', toolCallId: 'a', state: 'output-available', input: { city: 7 }, output: {} };
  const histories = [undefined, [{ role: 'user' }], [{ id: 'a', role: 'assistant', parts: [part] }]];
  for (const messages of histories) {
    const response = await fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify({ messages }) });
    expect(response.status).toBe(400);
  }
}

/** The two calls of the weather examples: at once, one fails, Retry cures it. */
export async function expectWeather({ page, requests }: Example): Promise<void> {
  const cards = page.locator('[data-slot="tool-call-card"]');
  await page.getByText('1 of 2 tools answered.').waitFor();
  expect(await cards.evaluateAll((all) => all.map((card) => card.dataset['status']))).toEqual(['succeeded', 'failed']);
  expect(await page.evaluate(() => window.mostRunning)).toBe(2);
  expect(await cards.nth(1).textContent()).toContain('The station in Oslo does not answer');
  expect(requests.map(partStates)).toEqual([[], ['output-available', 'output-error']]);

  await cards.nth(1).locator('[data-slot="tool-call-card-retry"]').click();
  await page.getByText('2 of 2 tools answered.').waitFor();
  expect(await cards.evaluateAll((all) => all.map((card) => card.dataset['status']))).toEqual([
    'succeeded',
    'succeeded',
  ]);
  expect(await page.getByText('1 of 2 tools answered.').count()).toBe(0);
  expect(requests.map(partStates).slice(2)).toEqual([['output-available', 'output-available']]);
}
