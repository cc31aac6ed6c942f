// Proves: the code of the README and of the pages for users is code. A block that names a file is that file of an example, which a test runs; every block
// is compiled as a user would have it, on AI SDK 7 and on 6, with the options that Next.js writes. What a page installs is what its code needs. Links lead somewhere.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewriteDeclaration } from '../../scripts/declaration-extensions.ts';
import { listExampleBlocks } from '../../scripts/example-blocks.ts';

const folder = resolve('node_modules/.cache/pages');
const pages = ['README.md', ...globSync('docs/*.md')].map((path) => path.replaceAll('\\', '/'));
const read = (path: string) => readFileSync(path, 'utf8');

/** The TypeScript blocks of a page that are no file of an example, nor the line for AI SDK 6. */
const looseBlocks = (page: string) =>
  [...read(page).matchAll(/^```(tsx?)\n(?!return )([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));

/** The package as its users get it, as far as types go. */
beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await promisify(execFile)('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')]);
  for (const path of globSync(join(folder, 'dist/**/*.d.ts'))) writeFileSync(path, rewriteDeclaration(read(path)));
  writeFileSync(join(folder, 'dist/styles.css.d.ts'), 'export {};');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a block that names a file', () => {
  const blocks = listExampleBlocks();

  it.each(blocks.map(({ page, path, code }) => [page, path, code]))('of %s is the file: %s', (_, path, code) => {
    expect(read(path)).toBe(code);
  });

  // A fence's second word is not on the page that people read.
  it.each([...new Set(blocks.map(({ page }) => page))])('is named in the words above it: of %s', (page) => {
    const text = read(page);
    const unnamed = blocks.filter(({ page: of, path }) => {
      const [words] = text.split(`${path}\n`);
      return of === page && !words!.includes(`\`${path.split('/').slice(2).join('/')}\``);
    });
    expect(unnamed.map(({ path }) => path)).toEqual([]);
  });

  it('is there for each of the three files of the README', () => {
    const paths = blocks
      .filter(({ page }) => page === 'README.md')
      .map(({ path }) => path.replace('examples/vite/', ''));
    expect(paths).toEqual(['src/tools.ts', 'server/chat.ts', 'src/chat.tsx']);
    expect(blocks.find(({ path }) => path === 'examples/vite/src/chat.tsx')!.code.split('\n').length).toBeLessThan(27);
  });
});

describe('the code of the pages', () => {
  it('type-checks with the options of Next.js, without extensions in its imports', () => {
    writeLooseBlocks('ai-7');
    expect(compile('ai-7', {})).toBe('');
  }, 120_000);

  it('type-checks on AI SDK 6 too, with the other end of each route', () => {
    writeLooseBlocks('ai-6');
    // The apps of the pages, but for what needs AI SDK 7 or a framework's own types.
    const apps = ['{vite,existing-chat}/{src,server}', 'nextjs/{lib,app/api/chat}', 'mcp/server'];
    const files = globSync([...apps.map((app) => `examples/${app}/*.{ts,tsx}`), 'examples/nextjs/app/chat.tsx']);
    const [ending] = /^return result.*;$/m.exec(read('README.md'))!;
    for (const path of files) {
      const code = read(path);
      const changed = code.replace(/return createUIMessageStreamResponse.*;/, ending).replace(/^ {2}(create|to)UIMessageStream.*,\n/gm, ''); // prettier-ignore
      expect(changed.includes(ending)).toBe(/(chat|route)\.ts$/.test(path));
      const place = join(folder, 'ai-6', path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, changed);
    }
    const sdk = resolve('test/versions/ai-6/node_modules');
    expect(
      compile('ai-6', {
        ai: `${sdk}/ai/dist/index.d.ts`,
        'ai/test': `${sdk}/ai/dist/test/index.d.ts`,
        '@ai-sdk/react': `${sdk}/@ai-sdk/react/dist/index.d.ts`,
        '@/lib/*': join(folder, 'ai-6/examples/nextjs/lib/*'),
      }),
    ).toBe('');
  }, 120_000);

  it('of the page for a start without a key type-checks as `npm create vite` has it: what Vite loads, without the DOM', () => {
    const place = join(folder, 'vite');
    mkdirSync(place, { recursive: true });
    for (const file of ['vite-api.ts', 'vite.config.ts']) cpSync(`examples/vite/${file}`, join(place, file));
    expect(compile('vite', {}, { lib: ['ES2023'], allowImportingTsExtensions: true })).toBe('');
  }, 60_000);
});

describe('an install line', () => {
  /** What an app has by then, or what a page tells how to get. */
  const there = /^(react|react-dom|next|vite|@vitejs\/.*|node:.*|use-parallel-tools)$/;
  const lines = pages.flatMap((page) =>
    [...read(page).matchAll(/^npm install (use-parallel-tools .*)$/gm)].map(([, line]) => ({ page, line: line! })),
  );

  it('is on each page that starts an app', () => {
    expect(lines.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/mcp.md', 'docs/nextjs.md', 'docs/shadcn.md', 'docs/without-a-key.md'])); // prettier-ignore
  });

  it.each(lines)('of $page brings what its code imports, and every peer: $line', ({ page, line }) => {
    const imports = [...read(page).matchAll(/ from '(@[^/']+\/[^/']+|[^.@'][^/']*)/g)].map(([, name]) => name!);
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(read('package.json')) as Record<string, object>;
    const peers = Object.keys(peerDependencies!).filter((name) => !(name in peerDependenciesMeta!));
    const wanted = [...imports, ...peers].filter((name) => !there.test(name));
    expect(wanted.filter((name) => !line.split(' ').includes(name))).toEqual([]);
  });
});

describe('every page, story, example and demo', () => {
  const sources = [...pages, ...globSync(['stories/**/*.{mdx,ts,tsx}', 'demo/**/*.{ts,tsx}', 'examples/*/{app,lib,server,src}/**/*.{ts,tsx}'])]; // prettier-ignore

  it('gives the tools to `convertToModelMessages`, or what a tool hides from the model would reach it', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.filter((path) => /convertToModelMessages\([^{)]*\)/.test(read(path)))).toEqual([]);
  });

  it('looks at `response.ok` before it takes an answer for a result', () => {
    const blind = /\bfetch\((?:(?!\.ok\b)[\s\S]){0,200}?\.(json|text|blob)\(\)/;
    expect(sources.filter((path) => blind.test(read(path)))).toEqual([]);
  });
});

it('shows in Storybook the tools and the page of the README', () => {
  const text = read('stories/getting-started.mdx');
  for (const path of ['tools.ts', 'chat.tsx']) {
    expect(text).toContain(`// ${path}\n${read(`examples/vite/src/${path}`)}\`\`\``);
  }
});

it('begins with a picture for a light page and one for a dark page', () => {
  const [top] = read('README.md').split('</picture>');
  expect(top!.split('\n').length).toBeLessThan(8);
  expect([...top!.matchAll(/docs\/images\/([\w-]+)\.png/g)].map(([, name]) => name)).toEqual([
    'at-a-glance-dark',
    'at-a-glance-light',
  ]);
  expect(top).toMatch(/ alt="[^"]{40,}"/);
});

describe('a link', () => {
  const REPOSITORY =
    /https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/\w+\/use-parallel-tools\/(?:(?:blob|tree)\/)?main\/([^)"#\s]+)(#[\w-]+)?/g;
  const anchors = (path: string) =>
    [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) => `#${title!.toLowerCase().replace(/[^\w\s-]/g, '').trim().replace(/\s/g, '-')}`); // prettier-ignore

  it('of the README is absolute, and leads to a file and a heading that are there', () => {
    const text = read('README.md');
    expect([...text.matchAll(/\]\((?!https:|#)/g)]).toEqual([]);
    const links = [...text.matchAll(REPOSITORY)];
    expect(links.length).toBeGreaterThan(20);
    const broken = links.filter(
      ([, path, anchor]) => !existsSync(path!) || (anchor && !anchors(path!).includes(anchor)),
    );
    expect(broken.map(([link]) => link)).toEqual([]);
    expect(
      [...text.matchAll(/\]\((#[^)]*)\)/g)].filter(([, anchor]) => !anchors('README.md').includes(anchor!)),
    ).toEqual([]);
  });

  it.each([...globSync('docs/**/*.md'), 'CONTRIBUTING.md', 'ARCHITECTURE.md'])(
    'of %s leads to a file and a heading that are there',
    (page) => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)];
      const broken = links.filter(([, path, anchor]) => {
        const target = path === '' ? page : join(dirname(page), path!);
        return !existsSync(target) || (anchor && !anchors(target).includes(anchor));
      });
      expect(broken.map(([link]) => link)).toEqual([]);
    },
  );
});

/** The blocks of each page in a folder of the page, with what a reader's own page brings along. */
function writeLooseBlocks(name: string): void {
  for (const page of pages) {
    const place = join(folder, name, page.replace(/\W/g, '-'));
    mkdirSync(place, { recursive: true });
    looseBlocks(page).forEach(({ language, code }, n) => writeFileSync(join(place, `block-${n}.${language}`), code));
    cpSync('examples/vite/src/tools.ts', join(place, 'tools.ts'));
    writeFileSync(join(place, 'api.ts'), API);
    if (page === 'docs/other-frameworks.md')
      cpSync('test/hosts/vue-composable.ts', join(place, 'use-parallel-tools.ts'));
  }
}

const API = `export declare const api: {
  refund(input: { orderId: string; amount: number }, options: { abortSignal: AbortSignal; idempotencyKey: string }): Promise<{ refunded: number }>;
};`;

/** Each entry of the package with its declarations. */
const doors = Object.entries(JSON.parse(read('package.json')).exports as Record<string, { types?: string }>).flatMap(
  ([door, { types }]): [string, string][] => (types === undefined ? [] : [[door.slice(1), types]]),
);

/** What `create-next-app` writes, with the library's declarations in the place of the package. */
function compile(name: string, paths: Record<string, string>, options: object = {}): string {
  const compilerOptions = {
    target: 'ES2017',
    lib: ['dom', 'dom.iterable', 'esnext'],
    allowJs: true,
    skipLibCheck: true,
    strict: true,
    noEmit: true,
    esModuleInterop: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    resolveJsonModule: true,
    isolatedModules: true,
    jsx: 'react-jsx',
    types: ['node'],
    ...options,
    paths: {
      ...Object.fromEntries(Object.entries(paths).map(([module, path]) => [module, [path]])),
      ...Object.fromEntries(doors.map(([door, types]) => [`use-parallel-tools${door}`, [join(folder, types)]])),
      // The source that shadcn installs takes the same props.
      '@/components/message-tool-calls': [join(folder, 'dist/components/group/message-tool-calls.d.ts')],
    },
  };
  const place = join(folder, name);
  writeFileSync(
    join(place, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['./**/*.ts', './**/*.tsx'] }),
  );
  try {
    execFileSync(resolve('node_modules/.bin/tsc'), ['-p', place], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
