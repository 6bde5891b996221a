import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const BACK_END = process.env.SPHINX_URL ?? 'https://localhost:8443';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 900 },
  // `vite` alone serves the console for development and passes API calls on to a running SPHINX.
  server: { proxy: { '/api': { target: BACK_END, secure: false, changeOrigin: true } } },
});
