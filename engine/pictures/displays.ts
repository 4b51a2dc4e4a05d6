/**
 * Display objects as a script has them: what they are and how they are shown, without PixiJS. `stage/display-objects.ts` makes what is seen
 * of them; where nothing is drawn, nothing does.
 */

/** How one is shown, in the units of its layer. */
export interface DisplayLook {
  readonly layer: number;
  /** `at`, rotation, scale, anchor, alpha. */
  readonly placement: readonly number[];
  /** 0xRRGGBB */
  readonly tint: number;
  readonly visible: boolean;
  /** Of a text's letters. */
  readonly size: number;
  readonly font: string;
  /** How wide a text is before it goes on in the next line; 0 for any width. */
  readonly wrap: number;
}

/** Kinds of `Shape`, as `library/modules/stage/displays.slu` numbers them. */
export const CIRCLE = 0;
export const RECT = 1;
export const LINE = 2;

export interface Shape {
  readonly kind: number;
  readonly numbers: readonly number[];
  readonly colour: number;
}

export class Display {
  /** Of a drawing undefined. */
  text: string | undefined;
  look: DisplayLook | undefined;
  shapes: Shape[] = [];
  /** Whether it has changed since it was drawn. */
  changed = true;

  constructor(text: string | undefined) {
    this.text = text;
  }
}

/** Those of one machine's scene. */
export class Displays {
  /** In the order in which they were made. */
  readonly all = new Set<Display>();
  /** Whether any has come, gone or changed since they were drawn. */
  changed = false;

  add(text: string | undefined): Display {
    const display = new Display(text);
    this.all.add(display);
    this.changed = true;
    return display;
  }

  /** Calls `change`, and notes that the object has changed. */
  change(display: Display, change: () => void): void {
    change();
    display.changed = true;
    this.changed = true;
  }

  remove(display: Display): void {
    this.all.delete(display);
    this.changed = true;
  }
}
