/** Builds the page into a folder that any server can serve, and any browser run. `index.ts` writes the images. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sluice } from '../../../scripting/tools/vite.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [sluice({ declarations: false, images: '../../output/scale-images' })],
  build: {
    outDir: fileURLToPath(new URL('../../output/scale', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
  },
});
