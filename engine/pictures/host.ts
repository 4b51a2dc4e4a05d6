/** What the library module `sluice.stage` needs of the host. */
import { type Display, Displays, type Shape } from './displays.ts';
import type { Pictures } from './pictures.ts';

/** Not named by an interface, so that it is a `HostModules` as well. */
export type StageHost = ReturnType<typeof stageHost>;

/** `displays` are those of the one machine that has this host. */
export function stageHost(pictures: Pictures, displays = new Displays()) {
  return {
    'sluice.stage': {
      'region-number': (name: string, isWritten: boolean): number => pictures.number(name, isWritten),
      'frame-numbers': (animation: string): readonly number[] => pictures.frames(animation),
      'region-table': (): readonly number[] => pictures.table(),
      'region-version': (): number => pictures.version,
      'visible-width': (): number => pictures.width,
      'visible-height': (): number => pictures.height,
      'new-text': (text: string): Display => displays.add(text),
      'new-drawing': (): Display => displays.add(undefined),
      'remove-display': (display: Display): void => displays.remove(display),
      'set-display-text': (display: Display, text: string): void =>
        displays.change(display, () => {
          display.text = text;
        }),
      'add-display-shape': (
        display: Display,
        kind: number,
        numbers: readonly number[],
        colour: number,
      ): void =>
        displays.change(display, () => display.shapes.push({ kind, numbers, colour } satisfies Shape)),
      'clear-display-shapes': (display: Display): void =>
        displays.change(display, () => {
          display.shapes = [];
        }),
      'set-display-look': (
        display: Display,
        layer: number,
        placement: readonly number[],
        tint: number,
        visible: boolean,
        size: number,
        font: string,
        wrap: number,
      ): void =>
        displays.change(display, () => {
          display.look = { layer, placement, tint, visible, size, font, wrap };
        }),
    },
  };
}
