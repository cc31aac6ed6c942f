import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BrowserHost, chromiumLaunchOptions, findChromium } from '../../scripts/chromium.ts';
import { ensureBrowser } from '../../scripts/ensure-browser.ts';

const playwrightsOwn = '/cache/ms-playwright/chrome';

/** A machine with these files, on which a command succeeds if it is listed, and then leaves what is listed for it. */
function machine(options: Partial<BrowserHost> & { files?: string[]; commands?: Record<string, string[]> } = {}) {
  const files = new Set(options.files);
  const ran: string[] = [];
  const log: string[] = [];
  const host: BrowserHost = {
    env: { PATH: ['/usr/local/bin', '/usr/bin'].join(delimiter) },
    platform: 'linux',
    isRoot: false,
    exists: (path) => files.has(path),
    playwrightPath: () => playwrightsOwn,
    run: (command, args) => {
      const line = [command, ...args].join(' ');
      ran.push(line);
      const leaves = options.commands?.[line];
      leaves?.forEach((file) => files.add(file));
      return leaves !== undefined;
    },
    log: (line) => log.push(line),
    ...options,
  };
  return { host, ran, log };
}

const playwrightInstall = 'npx playwright install --with-deps chromium';
const aptUpdate = 'apt-get update';
const aptInstall = 'apt-get install -y chromium';

describe('findChromium', () => {
  it('takes CHROMIUM_PATH before anything else', () => {
    const { host } = machine({
      files: ['/opt/mine', playwrightsOwn, '/usr/bin/chromium'],
      env: { CHROMIUM_PATH: '/opt/mine' },
    });
    expect(findChromium(host)).toBe('/opt/mine');
  });

  it('throws when CHROMIUM_PATH names nothing, rather than taking another', () => {
    const { host } = machine({ files: ['/usr/bin/chromium'], env: { CHROMIUM_PATH: '/opt/gone', PATH: '/usr/bin' } });
    expect(() => findChromium(host)).toThrow('Expected CHROMIUM_PATH to name a Chromium, got `/opt/gone`');
  });

  it("prefers Playwright's own to an installed one", () => {
    expect(findChromium(machine({ files: ['/usr/bin/chromium', playwrightsOwn] }).host)).toBe(playwrightsOwn);
  });

  it.each(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])(
    'finds an installed %s',
    (name) => {
      expect(findChromium(machine({ files: [`/usr/bin/${name}`] }).host)).toBe(`/usr/bin/${name}`);
    },
  );

  it('finds Chrome where macOS keeps it', () => {
    const path = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findChromium(machine({ platform: 'darwin', files: [path] }).host)).toBe(path);
  });

  it('finds none on an empty machine, nor with an empty PATH', () => {
    expect(findChromium(machine().host)).toBeUndefined();
    expect(findChromium(machine({ env: {}, playwrightPath: () => undefined }).host)).toBeUndefined();
  });
});

describe('chromiumLaunchOptions', () => {
  it('names the browser, and drops the sandbox for root only', () => {
    const files = ['/usr/bin/chromium'];
    expect(chromiumLaunchOptions(machine({ files }).host)).toEqual({ executablePath: '/usr/bin/chromium', args: [] });
    expect(chromiumLaunchOptions(machine({ files, isRoot: true }).host).args).toEqual(['--no-sandbox']);
  });

  it('leaves the complaint to Playwright when there is none', () => {
    expect(chromiumLaunchOptions(machine().host)).toEqual({ args: [] });
  });
});

describe('ensureBrowser', () => {
  it('installs nothing when a browser is there', () => {
    const { host, ran, log } = machine({ files: ['/usr/bin/chromium'] });
    expect(ensureBrowser(host)).toBe('/usr/bin/chromium');
    expect(ran).toEqual([]);
    expect(log).toEqual(['browser: /usr/bin/chromium']);
  });

  it("tries Playwright's installer first", () => {
    const { host, ran } = machine({ isRoot: true, commands: { [playwrightInstall]: [playwrightsOwn] } });
    expect(ensureBrowser(host)).toBe(playwrightsOwn);
    expect(ran).toEqual([playwrightInstall]);
  });

  it('tries apt-get next, on Debian as root', () => {
    const { host, ran } = machine({
      isRoot: true,
      files: ['/etc/debian_version'],
      commands: { [aptUpdate]: [], [aptInstall]: ['/usr/bin/chromium'] },
    });
    expect(ensureBrowser(host)).toBe('/usr/bin/chromium');
    expect(ran).toEqual([playwrightInstall, aptUpdate, aptInstall]);
  });

  it.each([
    { who: 'not root', isRoot: false, files: ['/etc/debian_version'] },
    { who: 'not Debian', isRoot: true, files: [] },
  ])('leaves apt-get alone when $who', ({ isRoot, files }) => {
    const { host, ran } = machine({ isRoot, files });
    expect(() => ensureBrowser(host)).toThrow('No Chromium for the stories and the end-to-end tests');
    expect(ran).toEqual([playwrightInstall]);
  });

  it('does not install from lists that it could not update', () => {
    const { host, ran } = machine({ isRoot: true, files: ['/etc/debian_version'], commands: { [aptInstall]: [] } });
    expect(() => ensureBrowser(host)).toThrow('`apt-get install -y chromium` failed');
    expect(ran).toEqual([playwrightInstall, aptUpdate]);
  });

  it('says what was tried and what to do when nothing helped', () => {
    const { host } = machine({ commands: { [playwrightInstall]: [] } });
    expect(() => ensureBrowser(host)).toThrow(
      '`npx playwright install --with-deps chromium` ended well but left none. Install Chromium or Chrome, or set CHROMIUM_PATH',
    );
  });
});
