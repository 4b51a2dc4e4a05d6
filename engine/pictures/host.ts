/** What the library module `sluice.stage` needs of the host. */
import type { Pictures } from './pictures.ts';

/** Not named by an interface, so that it is a `HostModules` as well. */
export type StageHost = ReturnType<typeof stageHost>;

export function stageHost(pictures: Pictures) {
  return {
    'sluice.stage': {
      'region-number': (name: string, isWritten: boolean): number => pictures.number(name, isWritten),
      'frame-numbers': (animation: string): readonly number[] => pictures.frames(animation),
      'region-table': (): readonly number[] => pictures.table(),
      'region-version': (): number => pictures.version,
      'visible-width': (): number => pictures.width,
      'visible-height': (): number => pictures.height,
    },
  };
}
