// Owns: getting a Chromium on to this machine before the tests. Never skips: either there is one at the end, or it throws.
import { type BrowserHost, findChromium, thisMachine } from './chromium.ts';

interface WayToInstall {
  name: string;
  isPossible: (host: BrowserHost) => boolean;
  commands: [command: string, ...args: string[]][];
}

const waysToInstall: WayToInstall[] = [
  {
    name: 'npx playwright install --with-deps chromium',
    isPossible: () => true,
    commands: [['npx', 'playwright', 'install', '--with-deps', 'chromium']],
  },
  {
    name: 'apt-get install -y chromium',
    isPossible: (host) => host.platform === 'linux' && host.isRoot && host.exists('/etc/debian_version'),
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', 'chromium'],
    ],
  },
];

/** Returns the path of a Chromium, installing one if need be; throws with what to do when there is no way. */
export function ensureBrowser(host: BrowserHost = thisMachine()): string {
  const found = findChromium(host);
  if (found) {
    host.log(`browser: ${found}`);
    return found;
  }
  const tried: string[] = [];
  for (const way of waysToInstall.filter((candidate) => candidate.isPossible(host))) {
    host.log(`browser: none found, trying \`${way.name}\``);
    const succeeded = way.commands.every(([command, ...args]) => host.run(command, args));
    const installed = succeeded ? findChromium(host) : undefined;
    if (installed) {
      host.log(`browser: ${installed}`);
      return installed;
    }
    tried.push(succeeded ? `\`${way.name}\` ended well but left none` : `\`${way.name}\` failed`);
  }
  throw new Error(
    `No Chromium for the stories and the end-to-end tests: none is installed, and ${tried.join(', ')}. ` +
      'Install Chromium or Chrome, or set CHROMIUM_PATH to one, and run `npm test` again.',
  );
}

if (import.meta.main) {
  try {
    ensureBrowser();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
