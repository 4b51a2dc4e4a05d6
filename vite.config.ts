/** Serves and builds the demos: `demos/` is the site's root, one folder a game beside the gallery page. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { sluice } from './scripting/tools/index.ts';

const root = fileURLToPath(new URL('./demos', import.meta.url));

/** The gallery, and the page of each demo. */
function pages(): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return ['', ...folders.map(({ name }) => `${name}/`)].map((folder) => `${root}/${folder}index.html`);
}

/** A built page evaluates no text as code; only WebAssembly is compiled. Vite's own client wants more while serving. */
const contentPolicy: Plugin = {
  name: 'content-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: {
        'http-equiv': 'Content-Security-Policy',
        content: "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'",
      },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  root,
  // A finished game works under whatever path it is put.
  base: './',
  plugins: [sluice(), contentPolicy],
  // Named here, so that none is found late: the page would be loaded a second time.
  optimizeDeps: { include: ['pixi.js', 'pixi.js/unsafe-eval', 'stats.js', '@jridgewell/trace-mapping'] },
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: pages() },
    // PixiJS is most of the page; splitting it would only add requests.
    chunkSizeWarningLimit: 1500,
  },
});
