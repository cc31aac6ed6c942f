import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { api } from './vite-api.ts';

export default defineConfig({ plugins: [react(), api()] });
