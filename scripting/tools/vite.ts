/** What a project's Vite configuration imports, as `sluice/vite`. */
export { type ServeOptions, serve } from './serve.ts';
export { type SluiceOptions, sluice } from './vite-plugin.ts';
