// Owns: which Chromium the tests and the stories run in, and how it is started. Does not install one: ensure-browser.ts does.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** The questions to the machine, so that a test can answer them. */
export interface BrowserHost {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  isRoot: boolean;
  exists: (path: string) => boolean;
  /** Where Playwright would have put its own Chromium, installed or not. */
  playwrightPath: () => string | undefined;
  /** Runs a command with its output shown; true when it ended with 0. */
  run: (command: string, args: string[]) => boolean;
  log: (line: string) => void;
}

const commandNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const applicationPaths: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** The path of a Chromium that is there, or `undefined`. `CHROMIUM_PATH` wins and must exist. */
export function findChromium(host: BrowserHost = thisMachine()): string | undefined {
  const chosen = host.env['CHROMIUM_PATH'];
  if (chosen) {
    if (host.exists(chosen)) return chosen;
    throw new Error(
      `Expected CHROMIUM_PATH to name a Chromium, got \`${chosen}\`, which does not exist. Correct it, or unset it to let one be found.`,
    );
  }
  // Playwright's own is the build that it was tested with.
  const own = host.playwrightPath();
  return [...(own ? [own] : []), ...installedPaths(host)].find(host.exists);
}

function installedPaths({ env, platform }: BrowserHost): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const suffix = platform === 'win32' ? '.exe' : '';
  return [
    ...commandNames.flatMap((name) => folders.map((folder) => join(folder, name + suffix))),
    ...(applicationPaths[platform] ?? []),
  ];
}

/** Playwright's launch options for the Chromium of this machine. Without one, Playwright says that it has none. */
export function chromiumLaunchOptions(host: BrowserHost = thisMachine()): { executablePath?: string; args: string[] } {
  const executablePath = findChromium(host);
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    // Chromium refuses its sandbox to root, which is who runs tests in a container.
    args: host.isRoot ? ['--no-sandbox'] : [],
  };
}

/** The machine that this process runs on. */
export function thisMachine(): BrowserHost {
  return {
    env: process.env,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    exists: existsSync,
    playwrightPath: () => chromium.executablePath() || undefined,
    run: (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0,
    log: (line) => console.log(line),
  };
}
