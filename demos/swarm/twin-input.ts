/** What the player of the twin does: keys, and how far the pointer drags. */
const WAYS = {
  left: ['ArrowLeft', 'KeyA'],
  right: ['ArrowRight', 'KeyD'],
  up: ['ArrowUp', 'KeyW'],
  down: ['ArrowDown', 'KeyS'],
} as const;
const SLOW = ['ShiftLeft', 'ShiftRight'];
/** Keys that would scroll the page. */
const SCROLLING = new Set<string>([...Object.values(WAYS).flat(), 'Space']);

export class TwinInput {
  /** Whether the pointer went down since the frame before. */
  tapped = false;
  readonly #held = new Set<string>();
  readonly #pressed = new Set<string>();
  #drag: [number, number] = [0, 0];
  #at: { readonly x: number; readonly y: number } | undefined;

  /** `units` is how many units of the scene a pixel of the page is. */
  constructor(canvas: HTMLCanvasElement, signal: AbortSignal, units: () => number) {
    addEventListener('keydown', (event) => this.#down(event), { signal });
    addEventListener('keyup', ({ code }) => this.#held.delete(code), { signal });
    addEventListener('blur', () => this.#held.clear(), { signal });
    canvas.addEventListener(
      'pointerdown',
      (event) => {
        this.tapped = true;
        this.#at = { x: event.clientX, y: event.clientY };
        canvas.focus({ preventScroll: true });
        if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
      },
      { signal },
    );
    for (const type of ['pointerup', 'pointercancel'] as const)
      canvas.addEventListener(type, () => this.#letGo(), { signal });
    canvas.addEventListener(
      'pointermove',
      (event) => {
        if (this.#at === undefined) return;
        this.#drag[0] += (event.clientX - this.#at.x) * units();
        this.#drag[1] += (event.clientY - this.#at.y) * units();
        this.#at = { x: event.clientX, y: event.clientY };
      },
      { signal },
    );
  }

  get slow(): boolean {
    return this.#any(SLOW);
  }

  pressed(code: string): boolean {
    return this.#pressed.has(code);
  }

  /** Where the keys say, of length 1 at most. */
  way(): { readonly x: number; readonly y: number } {
    const x = Number(this.#any(WAYS.right)) - Number(this.#any(WAYS.left));
    const y = Number(this.#any(WAYS.down)) - Number(this.#any(WAYS.up));
    const length = Math.max(1, Math.hypot(x, y));
    return { x: x / length, y: y / length };
  }

  /** How far since the frame before. */
  dragged(): readonly [x: number, y: number] {
    return this.#drag;
  }

  /** The frame has seen what came. */
  forget(): void {
    this.tapped = false;
    this.#pressed.clear();
    this.#drag = [0, 0];
  }

  #down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement) return;
    if (event.target instanceof HTMLButtonElement && (event.code === 'Enter' || event.code === 'Space'))
      return;
    if (SCROLLING.has(event.code)) event.preventDefault();
    if (!event.repeat) this.#pressed.add(event.code);
    this.#held.add(event.code);
  }

  #letGo(): void {
    this.#at = undefined;
  }

  #any(codes: readonly string[]): boolean {
    return codes.some((code) => this.#held.has(code));
  }
}
