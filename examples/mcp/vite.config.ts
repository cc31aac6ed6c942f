import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { startMcpServer } from './server/mcp-server.ts';
import { api } from './vite-api.ts';

export default defineConfig(async () => ({
  plugins: [react(), api()],
  // Through the page's own server, so that the browser needs no leave of another origin (CORS).
  server: { proxy: { '/mcp': await startMcpServer() } },
}));
