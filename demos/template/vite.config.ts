import { serve, sluice } from 'sluice/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  // The finished game works under whatever path it is put.
  base: './',
  plugins: [sluice(), serve()],
  build: {
    target: 'es2022',
    // PixiJS is most of the page.
    chunkSizeWarningLimit: 1000,
  },
});
