// Owns: the library build and the test projects. The demo has its own config; Storybook reads the plugins of this one only.
import { copyFileSync, globSync, readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import type { ConfigEnv, Plugin, UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string> | undefined>;
const externals = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] });

/** `src/components/card.parts.ts` → `components/card.parts`, the name of an entry. */
const entryName = (path: string) => path.replaceAll('\\', '/').replace(/^src\/|\.tsx?$/g, '');

/** Storybook builds with these plugins too, but without `build.lib`. */
const isLibraryBuild = (config: UserConfig, { command }: ConfigEnv) => command === 'build' && Boolean(config.build?.lib);

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
      importer && /\.parts\.ts$/.test(source) ? { id: source.replace(/\.ts$/, '.js'), external: true } : null,
  };
}

function copyStylesheet(): Plugin {
  return {
    name: 'copy-stylesheet',
    apply: isLibraryBuild,
    closeBundle: () => copyFileSync('src/styles/styles.css', 'dist/styles.css'),
  };
}

export default defineConfig({
  plugins: [react(), keepPartsNamespaces(), copyStylesheet()],
  build: {
    target: 'es2023',
    minify: false,
    sourcemap: true,
    lib: {
      entry: Object.fromEntries(
        ['src/index.ts', 'src/core/index.ts', ...globSync('src/**/*.parts.ts')].map((path) => [entryName(path), path]),
      ),
      formats: ['es'],
    },
    rolldownOptions: {
      external: (id) => externals.some((name) => id === name || id.startsWith(`${name}/`)),
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
});
