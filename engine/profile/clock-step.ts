/** Milliseconds that a page's clock goes in, as browsers have it; finer where the page is cross-origin isolated. */
export function clockStep(isolated = globalThis.crossOriginIsolated === true): number {
  return isolated ? 0.005 : 0.1;
}
