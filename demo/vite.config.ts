// Owns the demo app: `npm run demo`. It reads the library from its source, by the names that a user imports.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { alias } from '../scripts/aliases.ts';
import { apiPlugin } from './server/api-plugin.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('.'),
  cacheDir: path('../node_modules/.vite/demo'),
  plugins: [react(), apiPlugin({ envFile: path('../.env') })],
  resolve: { alias },
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
