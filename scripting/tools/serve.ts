/** The headers that a game's pages are sent with, while developing and in `vite preview`. */
import type { Plugin } from 'vite';

/**
 * What a built page may do: load from its own server, and compile WebAssembly. `vite preview` sends it as the header
 * `Content-Security-Policy`; so should whoever serves the game.
 */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "style-src 'self'",
  "font-src 'self'",
  "media-src 'self'",
  "worker-src 'self'",
].join('; ');

/** What makes a page cross-origin isolated. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const;

export interface ServeOptions {
  /**
   * Whether pages are cross-origin isolated, which makes the clock that paces the collector twenty times finer. Images and scripts of other
   * servers are then loaded only where those allow it. Default: false.
   */
  readonly isolated?: boolean;
}

/** A Vite plugin that sends those headers; the content policy with built pages only, since Vite's own client needs more. */
export function serve({ isolated = false }: ServeOptions = {}): Plugin {
  const isolation = isolated ? ISOLATION : {};
  return {
    name: 'sluice-serve',
    config: () => ({
      server: { headers: isolation },
      preview: { headers: { ...isolation, 'Content-Security-Policy': CONTENT_POLICY } },
    }),
  };
}
