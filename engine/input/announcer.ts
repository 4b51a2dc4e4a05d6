/** A live region: what is put in is said to those who have the page read to them, and seen by nobody. */
export class Announcer {
  readonly #region = document.createElement('div');

  constructor(canvas: HTMLCanvasElement) {
    this.#region.setAttribute('role', 'status');
    this.#region.setAttribute('aria-live', 'polite');
    Object.assign(this.#region.style, {
      position: 'absolute',
      width: '1px',
      height: '1px',
      margin: '-1px',
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    });
    canvas.after(this.#region);
  }

  /** The same text again is said again. */
  say(text: string): void {
    this.#region.textContent = this.#region.textContent === text ? `${text}\u00a0` : text;
  }

  remove(): void {
    this.#region.remove();
  }
}
