// Owns: Storybook, started for the scripts that draw pictures of stories.
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface StorybookServer {
  url: string;
  close(): void;
}

/** Storybook on a free port, once it answers. */
export async function startStorybook(): Promise<StorybookServer> {
  const port = await findFreePort();
  const { pid } = spawn('storybook', ['dev', '--ci', '--port', String(port), '--no-version-updates', '--quiet'], {
    stdio: 'ignore',
    detached: true,
  });
  const url = `http://127.0.0.1:${port}/`;
  await untilItAnswers(`${url}iframe.html`);
  return {
    url,
    close() {
      if (pid !== undefined) process.kill(-pid);
    },
  };
}

async function untilItAnswers(address: string): Promise<void> {
  const isThere = () => fetch(address).then(({ ok }) => ok, () => false); // prettier-ignore
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 200));
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      // SAFETY: it listens on a port.
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
