/** A row of named values under a demo, brought up to date a few times a second. */
import type { FrameRecorder } from '../engine/index.ts';

/** A name, and what to show for it. */
export type Reading = readonly [name: string, show: (recorder: FrameRecorder) => string];

const PERIOD = 250;

export class Readings {
  readonly #recorder: FrameRecorder;
  readonly #rows: readonly { readonly cell: HTMLElement; readonly show: Reading[1] }[];

  constructor(list: HTMLElement, recorder: FrameRecorder, readings: readonly Reading[]) {
    this.#recorder = recorder;
    this.#rows = readings.map(([name, show]) => {
      const row = document.createElement('div');
      const term = document.createElement('dt');
      const cell = document.createElement('dd');
      term.textContent = name;
      row.append(term, cell);
      list.append(row);
      return { cell, show };
    });
  }

  /** Goes on until the game has ended. */
  start(game: { readonly ended: boolean }): void {
    const timer = setInterval(() => {
      if (game.ended) clearInterval(timer);
      else this.#update();
    }, PERIOD);
  }

  #update(): void {
    if (this.#recorder.length === 0) return;
    for (const { cell, show } of this.#rows) {
      const text = show(this.#recorder);
      if (cell.textContent !== text) cell.textContent = text;
    }
  }
}
