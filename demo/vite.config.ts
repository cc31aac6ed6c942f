// Owns the demo app: `npm run demo`. It reads the library from its source, by the names that a user imports.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { apiPlugin } from './server/api-plugin.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('.'),
  cacheDir: path('../node_modules/.vite/demo'),
  plugins: [react(), apiPlugin({ envFile: path('../.env') })],
  resolve: {
    alias: [
      { find: /^use-parallel-tools\/styles\.css$/, replacement: path('../src/styles/styles.css') },
      { find: /^use-parallel-tools\/devtools$/, replacement: path('../src/devtools/index.ts') },
      { find: /^use-parallel-tools\/durable$/, replacement: path('../src/durable/index.ts') },
      { find: /^use-parallel-tools\/core$/, replacement: path('../src/core/index.ts') },
      { find: /^use-parallel-tools\/cache$/, replacement: path('../src/cache/index.ts') },
      { find: /^use-parallel-tools\/worker$/, replacement: path('../src/worker/index.ts') },
      { find: /^use-parallel-tools\/approvals$/, replacement: path('../src/approvals/index.ts') },
      { find: /^use-parallel-tools\/disclosure$/, replacement: path('../src/disclosure/index.ts') },
      { find: /^use-parallel-tools$/, replacement: path('../src/index.ts') },
    ],
  },
  // Found while the page runs, a dependency would reload it.
  optimizeDeps: {
    include: [
      '@ai-sdk/react',
      '@radix-ui/react-collapsible',
      'ai',
      'idb',
      'react',
      'react-dom',
      'react-dom/client',
      'react/jsx-dev-runtime',
      'zod',
      'zustand',
      'zustand/react',
      'zustand/vanilla',
    ],
  },
  build: { outDir: path('../demo-dist'), emptyOutDir: true },
});
