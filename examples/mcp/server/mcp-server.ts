// Starts the MCP project's own test server on a free port of this machine. Yours runs somewhere else; only its address is needed.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';

const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');

export async function startMcpServer(): Promise<string> {
  const port = await findFreePort();
  const server = spawn(process.execPath, [program, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.on('exit', () => server.kill());
  await new Promise<void>((resolve, reject) => {
    server.on('exit', (code) => reject(new Error(`The MCP server ended with ${code}.`)));
    server.stderr.on('data', (data: Buffer) => {
      if (data.toString().includes('listening')) resolve();
    });
  });
  return `http://127.0.0.1:${port}`;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
