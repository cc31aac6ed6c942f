// Owns: the library build and the test projects. The demo has its own config; Storybook reads the plugins of this one only.
import { globSync, readFileSync } from 'node:fs';
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import { playwright } from '@vitest/browser-playwright';
import react from '@vitejs/plugin-react';
import type { ConfigEnv, Plugin, UserConfig } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { alias } from './scripts/aliases.ts';
import { chromiumLaunchOptions } from './scripts/chromium.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string> | undefined>;
const externals = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] });

/** `src/components/card.parts.ts` → `components/card.parts`, the name of an entry. */
const entryName = (path: string) => path.replaceAll('\\', '/').replace(/^src\/|\.tsx?$/g, '');

/** Storybook builds with these plugins too, but without `build.lib`. */
const isLibraryBuild = (config: UserConfig, { command }: ConfigEnv) =>
  command === 'build' && Boolean(config.build?.lib);

/**
 * Leaves `export * as Card from './card.parts.ts'` to the consumer's bundler. Rolldown would make it an object with getters, of which no part
 * can be shaken off. Such a file must carry no "use client" (its parts do): React Server Components cannot look into a client object.
 */
function keepPartsNamespaces(): Plugin {
  return {
    name: 'keep-parts-namespaces',
    apply: isLibraryBuild,
    enforce: 'pre',
    resolveId: (source, importer) =>
      importer && source.endsWith('.parts.ts') ? { id: source.replace(/\.ts$/, '.js'), external: true } : null,
  };
}

function copyStylesheet(): Plugin {
  return {
    name: 'copy-stylesheet',
    apply: isLibraryBuild,
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'styles.css', source: readFileSync('src/styles/styles.css') });
      // TypeScript 6 and 7 look for the types of an import without a name too.
      this.emitFile({ type: 'asset', fileName: 'styles.css.d.ts', source: 'export {};\n' });
    },
  };
}

/** Stylesheets that a module carries as text are part of its size: without comments and indentation, with every rule as it was written. */
function shortenInlineStyles(): Plugin {
  return {
    name: 'shorten-inline-styles',
    apply: isLibraryBuild,
    enforce: 'pre',
    transform: {
      filter: { id: /\.css\?inline$/ },
      handler: (css) =>
        css
          .replace(/\/\*.*?\*\//gs, '')
          .replace(/\s+/g, ' ')
          .replace(/ ?([{};,]) ?/g, '$1'),
    },
  };
}

const inChromium = () => ({
  enabled: true,
  headless: true,
  provider: playwright({ launchOptions: chromiumLaunchOptions() }),
  instances: [{ browser: 'chromium' as const }],
  screenshotFailures: false,
});

/** Found while tests run, a dependency would reload the page under them. */
const optimizeDeps = {
  include: [
    '@ai-sdk/react',
    '@radix-ui/react-collapsible',
    '@radix-ui/react-slot',
    'ai',
    'idb',
    'react',
    'react-dom',
    'react-dom/client',
    'react/jsx-dev-runtime',
    'storybook/test',
    'zod',
    'zustand',
    'zustand/vanilla',
  ],
};

/**
 * Only Vitest asks for them: they start Storybook and look for a browser. Groups run one after another, quick ones first, and beside a browser runs
 * one other at most: a laden machine would make its tests slow and their times wrong.
 */
const testProjects = (): TestProjectConfiguration[] => [
  {
    extends: true,
    test: {
      name: 'unit',
      environment: 'node',
      include: [
        'test/{core,chat,server,demo,disclosure,approvals,tracing,webmcp,testing,devtools,early,refs}/**/*.test.ts',
      ],
      setupFiles: ['test/setup/console.ts'],
      sequence: { groupOrder: 1 },
    },
  },
  {
    extends: true,
    test: {
      name: 'react',
      environment: 'jsdom',
      include: ['test/{react,components,durable,hosts}/**/*.test.{ts,tsx}'],
      setupFiles: ['test/setup/console.ts', 'test/setup/react.ts'],
      sequence: { groupOrder: 1 },
    },
  },
  {
    extends: true,
    test: {
      name: 'tooling',
      environment: 'node',
      include: ['test/tooling/**/*.test.ts'],
      sequence: { groupOrder: 1 },
    },
  },
  {
    extends: true,
    test: {
      name: 'conformance',
      environment: 'node',
      include: ['test/conformance/**/*.test.{ts,tsx}'],
      testTimeout: 60_000,
      sequence: { groupOrder: 1 },
    },
  },
  {
    extends: true,
    test: {
      name: 'types',
      include: [],
      typecheck: { enabled: true, only: true, include: ['test/types/**/*.test-d.{ts,tsx}'], tsconfig: 'tsconfig.json' },
    },
  },
  {
    extends: true,
    test: {
      name: 'e2e',
      environment: 'node',
      include: ['test/e2e/**/*.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 20_000 } },
      maxWorkers: 2,
      sequence: { groupOrder: 2 },
    },
  },
  {
    extends: true,
    optimizeDeps,
    test: {
      name: 'browser',
      include: ['test/browser/**/*.test.{ts,tsx}'],
      browser: inChromium(),
      sequence: { groupOrder: 3 },
    },
  },
  {
    extends: true,
    optimizeDeps,
    plugins: [storybookTest({ configDir: '.storybook' })],
    // axe looks at every row of the largest group.
    test: { name: 'stories', browser: inChromium(), testTimeout: 60_000, sequence: { groupOrder: 4 } },
  },
];

export default defineConfig({
  resolve: { alias },
  plugins: [react(), keepPartsNamespaces(), copyStylesheet(), shortenInlineStyles()],
  build: {
    target: 'es2023',
    minify: false,
    sourcemap: true,
    lib: {
      entry: Object.fromEntries(
        [
          'src/index.ts',
          'src/core/index.ts',
          'src/server/index.ts',
          'src/worker/index.ts',
          'src/durable/index.ts',
          'src/disclosure/index.ts',
          'src/approvals/index.ts',
          'src/tracing/index.ts',
          'src/join/index.ts',
          'src/undo/index.ts',
          'src/webmcp/index.ts',
          'src/devtools/index.ts',
          'src/devtools/production.ts',
          'src/cache/index.ts',
          'src/early/index.ts',
          'src/refs/index.ts',
          'src/testing/index.ts',
          'src/testing/react.ts',
          ...globSync('src/**/*.parts.ts'),
        ].map((path) => [entryName(path), path]),
      ),
      formats: ['es'],
    },
    rolldownOptions: {
      external: (id) => externals.some((name) => id === name || id.startsWith(`${name}/`)),
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
  test: {
    passWithNoTests: true,
    // A laden CI machine may be late once: a test that fails there gets a second try, and one that fails twice has failed.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    projects: process.env['VITEST'] ? testProjects() : [],
    reporters: process.env['TEST_REPORT'] ? ['default', 'json'] : ['default'],
    ...(process.env['TEST_REPORT'] ? { outputFile: { json: process.env['TEST_REPORT'] } } : {}),
    coverage: { provider: 'v8', include: ['src/**/*.{ts,tsx}'], reporter: ['text', 'html'] },
  },
});
