/** Serves and builds the demos: `demos/` is the site's root, one folder a game beside the gallery page. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { serve, sluice } from './scripting/tools/vite.ts';

const root = fileURLToPath(new URL('./demos', import.meta.url));

/** The gallery, and the page of each demo. */
function pages(): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    // A project of its own, which `sluice new` copies.
    (entry) => entry.isDirectory() && entry.name !== 'template',
  );
  return ['', ...folders.map(({ name }) => `${name}/`)].map((folder) => `${root}/${folder}index.html`);
}

export default defineConfig({
  root,
  // A finished game works under whatever path it is put.
  base: './',
  plugins: [sluice({ declarations: false }), serve()],
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: pages() },
    // PixiJS is most of the page; splitting it would only add requests.
    chunkSizeWarningLimit: 1500,
  },
});
