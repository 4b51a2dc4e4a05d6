/** Where the panels of numbers are, which `drawn-panels.ts` draws: that is fetched when a game shows them. */
import type { DrawnPanels } from './drawn-panels.ts';
import type { FrameRecorder } from './recorder.ts';

export class Panels {
  /** Holds the panels side by side, as soon as they are fetched; put it where they should be seen. */
  readonly element: HTMLElement = document.createElement('div');
  #drawn: DrawnPanels | undefined;

  constructor(recorder: FrameRecorder) {
    this.element.className = 'sluice-panels';
    this.element.style.display = 'flex';
    import('./drawn-panels.ts').then(
      ({ DrawnPanels }) => {
        this.#drawn = new DrawnPanels(recorder, this.element);
      },
      (error: unknown) => console.error('the panels cannot be shown:', error),
    );
  }

  /** Takes the panels out of the page. */
  remove(): void {
    this.element.remove();
  }

  /** Takes the row that has just been finished. */
  run(): void {
    this.#drawn?.run();
  }
}
