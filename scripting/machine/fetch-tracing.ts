/**
 * What reads stack traces (`tracing.ts`) is fetched: a released game plays without it. Machines wait for it when they are made, but for those of
 * a game, which is drawn first.
 */
import type * as Tracing from './tracing.ts';

let fetched: typeof Tracing | undefined;

/** Undefined until it has been fetched. */
export function tracing(): typeof Tracing | undefined {
  return fetched;
}

export async function fetchTracing(): Promise<typeof Tracing> {
  fetched ??= await import('./tracing.ts');
  return fetched;
}
