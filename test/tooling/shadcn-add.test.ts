// Proves: what `shadcn add` installs from our registry is an app's own source that type-checks and builds. The registry, and what shadcn
// asks its own for, are served over loopback; packages are those of this repository.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const bin = resolve('node_modules/.bin');
const folder = mkdtempSync(join(tmpdir(), 'shadcn-add-'));
const [registry, app, stubs] = ['registry', 'app', 'stubs'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const names = ['tool-call-card', 'tool-call-group', 'message-tool-calls', 'tool-call-timeline', 'tool-calls'];

/** What shadcn has on its site, of which an app gets its Button and its colours. */
const shadcn: Record<string, unknown> = {
  '/r/styles/new-york-v4/button.json': {
    name: 'button',
    type: 'registry:ui',
    files: [
      { path: 'ui/button.tsx', type: 'registry:ui', content: readFileSync('registry/fixtures/button.tsx', 'utf8') },
    ],
  },
  '/r/colors/neutral.json': {
    inlineColors: { light: {}, dark: {} },
    cssVars: { light: {}, dark: {} },
    inlineColorsTemplate: '',
    cssVarsTemplate: '',
  },
};

/** The command by which `npm run build` writes the registry into the package, without its last word, the folder. */
function buildCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { build: string } };
  return /shadcn (build .+) dist\/registry$/.exec(scripts.build)![1]!.split(' ');
}

let server: Server;
let site: string;

beforeAll(async () => {
  await run(join(bin, 'shadcn'), [...buildCommand(), join(registry, 'r')]);
  server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = join(registry, pathname);
    const known = shadcn[pathname];
    const body =
      known === undefined ? (existsSync(file) ? readFileSync(file, 'utf8') : undefined) : JSON.stringify(known);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body ?? '{}');
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  cpSync('registry/fixtures/app', app, { recursive: true });
  symlinkSync(resolve('node_modules'), join(app, 'node_modules'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  const doors = {
    'use-parallel-tools/core': resolve('src/core/index.ts'),
    'use-parallel-tools': resolve('src/index.ts'),
  };
  const paths = Object.fromEntries(
    Object.entries({ '@/*': './src/*', ...doors }).map(([name, path]) => [name, [path]]),
  );
  const compilerOptions = { target: 'es2023', module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx', strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ['vite/client'], paths }; // prettier-ignore
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const alias = { '@': join(app, 'src'), ...doors };
  writeFileSync(
    join(app, 'vite.config.js'),
    `import tailwindcss from '@tailwindcss/vite';
     export default { plugins: [tailwindcss()], resolve: { alias: ${JSON.stringify(alias)} }, build: { minify: false } };`,
  );
  // Instead of installing packages, `npm` writes down which.
  mkdirSync(stubs);
  writeFileSync(join(stubs, 'npm'), `#!/bin/sh\necho "$@" >> ${join(folder, 'npm.log')}\n`);
  chmodSync(join(stubs, 'npm'), 0o755);
}, 60_000);

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('installs source that type-checks and builds, and asks for our package and those it stands on', async () => {
  // From the web, and, as the README has it, from a file.
  cpSync(join(registry, 'r'), join(app, 'registry'), { recursive: true });
  const addresses = ['./registry/tool-calls.json', ...names.map((name) => `${site}/r/${name}.json`)];
  const env = {
    ...process.env,
    PATH: `${stubs}${delimiter}${process.env['PATH']}`,
    REGISTRY_URL: `${site}/r`,
    npm_config_user_agent: '',
  };
  await run(join(bin, 'shadcn'), ['add', ...addresses, '--yes', '--overwrite'], { cwd: app, env });

  const components = join(app, 'src/components');
  for (const name of readdirSync('registry').filter((name) => /\.(tsx|css)$/.test(name))) {
    expect(readFileSync(join(components, name), 'utf8')).toBe(readFileSync(join('registry', name), 'utf8'));
  }
  expect(existsSync(join(components, 'ui/button.tsx'))).toBe(true);
  expect(readFileSync(join(folder, 'npm.log'), 'utf8')).toMatch(
    /^install .*\buse-parallel-tools ai @ai-sdk\/react zod$/m,
  );
  const theme = readFileSync(join(app, 'src/index.css'), 'utf8');
  expect(theme).toContain('--color-tool-call-attention: var(--tool-call-attention);');
  expect(theme.match(/--tool-call-active: oklch/g)).toHaveLength(2);

  await run(join(bin, 'tsc'), ['-p', app]);
  await run(join(bin, 'vite'), ['build', '--logLevel', 'error'], { cwd: app });
  const [built] = readdirSync(join(app, 'dist/assets')).filter((name) => name.endsWith('.css'));
  const css = readFileSync(join(app, 'dist/assets', built ?? ''), 'utf8');
  const rules = [
    '.text-tool-call-attention',
    '[data-slot=tool-call-timeline-bar][data-phase=ghost]',
    // Nothing parts the title from a time that is not there yet, and only the count of failures is red.
    ':has( > *):before',
    '> [data-slot=tool-call-group-exception][data-status=failed]',
  ];
  expect(rules.filter((rule) => !css.replaceAll(/["']/g, '').includes(rule))).toEqual([]);
}, 60_000);
