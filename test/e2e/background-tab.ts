// Owns a tab that really is in the background. Playwright tells every page that it is seen and has the focus, for as long as it is
// attached, so Chromium is driven past it, over the DevTools protocol: another tab in front hides this one, slows its timers to one a
// second and draws none of its frames, as for a person who looks at something else.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunchOptions } from '../../scripts/chromium.ts';
import { createDeferred, type Deferred } from '../harness/deferred.ts';

/** Gives what the protocol says that the method gives. */
type Send = <TResult>(method: string, params?: object, sessionId?: string) => Promise<TResult>;

interface Evaluated<TValue> {
  result: { value: TValue };
  exceptionDetails?: object;
}

export interface Tab {
  /** Evaluates an expression in the page; a promise is awaited. */
  evaluate<TValue>(expression: string): Promise<TValue>;
  /** Opens another tab in front of this one. */
  hide(): Promise<void>;
  /** Opens a page in another tab of the same browser, in front of this one. */
  openBeside(url: string): Promise<Tab>;
  show(): Promise<void>;
  /** What Chromium does to a tab that is long in the background, to save energy: nothing of it runs. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Closes the tab, and no other one. */
  leave(): Promise<void>;
  /** Closes the browser. */
  close(): Promise<void>;
}

export async function openTab(url: string): Promise<Tab> {
  const profile = await mkdtemp(join(tmpdir(), 'background-tab-'));
  const { executablePath = chromium.executablePath(), args } = chromiumLaunchOptions();
  const browser = spawn(
    executablePath,
    [...args, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-first-run'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  const address = createDeferred<string>();
  let said = '';
  browser.stderr.on('data', (chunk) => {
    said += String(chunk);
    const found = /ws:\/\/\S+/.exec(said);
    if (found) address.resolve(found[0]);
  });
  void ended.then(() => address.reject(new Error(`Chromium ended before it could be driven:\n${said}`)));
  const { send, close } = await connect(await address.promise);

  const createTarget = (address: string) => send<{ targetId: string }>('Target.createTarget', { url: address });
  const attach = async (targetId: string): Promise<Tab> => {
    const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    return driveTab(targetId, sessionId);
  };
  return attach((await createTarget(url)).targetId);

  function driveTab(targetId: string, sessionId: string): Tab {
    return {
      async evaluate<TValue>(expression: string) {
        const parameters = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await send<Evaluated<TValue>>('Runtime.evaluate', parameters, sessionId);
        if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
        return result.value;
      },
      async hide() {
        const other = await createTarget('about:blank');
        await send('Target.activateTarget', other);
      },
      async openBeside(beside) {
        const other = await createTarget(beside);
        await send('Target.activateTarget', other);
        return attach(other.targetId);
      },
      show: async () => void (await send('Target.activateTarget', { targetId })),
      freeze: async () => void (await send('Page.setWebLifecycleState', { state: 'frozen' }, sessionId)),
      thaw: async () => void (await send('Page.setWebLifecycleState', { state: 'active' }, sessionId)),
      leave: async () => void (await send('Target.closeTarget', { targetId })),
      async close() {
        close();
        browser.kill();
        await ended;
        await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      },
    };
  }
}

/** Speaks the DevTools protocol over a WebSocket. */
async function connect(url: string): Promise<{ send: Send; close: () => void }> {
  const socket = new WebSocket(url);
  const answers = new Map<number, Deferred<unknown>>();
  let last = 0;
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as { id?: number; result?: object; error?: object };
    const answer = answers.get(id ?? 0);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(JSON.stringify(error)));
  });
  return {
    send: <TResult>(method: string, params: object = {}, sessionId?: string) => {
      const answer = createDeferred<unknown>();
      answers.set(++last, answer);
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId !== undefined && { sessionId }) }));
      // SAFETY: what Chromium's protocol says of this method; a test would see anything else.
      return answer.promise as Promise<TResult>;
    },
    close: () => socket.close(),
  };
}
