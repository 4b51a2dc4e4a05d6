/**
 * Mouse, pen and fingers. Each finger is a touch of its own; the pointer, with its buttons, is one of them at a time: from the press that
 * took it to the last button's release nobody else moves it, and a second finger never does.
 */
import type { InputPage } from './page.ts';

/** What is asked of a `PointerEvent`. */
export interface PointerPress {
  readonly pointerId: number;
  readonly pointerType: string;
  readonly isPrimary: boolean;
  readonly button: number;
  readonly buttons: number;
}

/** A place in the stage's units. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** `MouseEvent.button` by the bits of `MouseEvent.buttons`: the middle button has the third bit. */
const BUTTONS = [0, 2, 1, 3, 4];

export class Pointers {
  readonly #page: InputPage;
  /** Whose press it is that holds buttons. */
  #owner: PointerPress | undefined;
  /** The ids of touches, by their pointers. */
  readonly #touches = new Map<number, number>();
  /** Those whose press is used by somebody else, until they are let go. */
  readonly #taken = new Set<number>();
  #lastTouch = 0;

  constructor(page: InputPage) {
    this.#page = page;
  }

  down(event: PointerPress, { x, y }: Place): void {
    if (event.pointerType === 'touch') {
      this.#lastTouch += 1;
      this.#touches.set(event.pointerId, this.#lastTouch);
      this.#page.touch(this.#lastTouch, x, y);
    }
    if (!this.#drives(event)) return;
    this.#owner = event;
    this.#page.movePointer(x, y);
    this.#hold(event.buttons | (1 << BUTTONS.indexOf(event.button)));
  }

  /** A press that somebody else uses: nothing is seen of that pointer until it is over. */
  take({ pointerId }: PointerPress): void {
    this.#taken.add(pointerId);
  }

  /** Also a further button that goes down or up while one is held: that is no press of its own to the browser. */
  move(event: PointerPress, { x, y }: Place): void {
    if (this.#taken.has(event.pointerId)) return;
    const touch = this.#touches.get(event.pointerId);
    if (touch !== undefined) this.#page.touch(touch, x, y);
    if (!this.#drives(event)) return;
    this.#page.movePointer(x, y);
    if (this.#owner !== undefined) this.#hold(event.buttons);
  }

  up(event: PointerPress, place: Place): void {
    this.move(event, place);
    this.cancel(event);
  }

  /** A pointer has gone, and with it what it held. */
  cancel({ pointerId }: PointerPress): void {
    if (this.#taken.delete(pointerId)) return;
    const touch = this.#touches.get(pointerId);
    if (touch !== undefined) this.#page.endTouch(touch);
    this.#touches.delete(pointerId);
    if (this.#owner?.pointerId !== pointerId) return;
    this.#owner = undefined;
    this.#page.releaseButtons();
  }

  /** The page has lost the mouse. Fingers are told of by themselves. */
  releaseMouse(): void {
    if (this.#owner !== undefined && this.#owner.pointerType !== 'touch') this.cancel(this.#owner);
  }

  /** Nothing is told of any more. */
  releaseAll(): void {
    for (const touch of this.#touches.values()) this.#page.endTouch(touch);
    this.#touches.clear();
    this.#taken.clear();
    this.#owner = undefined;
    this.#page.releaseButtons();
  }

  #drives({ pointerId, isPrimary }: PointerPress): boolean {
    return this.#owner === undefined ? isPrimary : this.#owner.pointerId === pointerId;
  }

  /** Exactly the buttons of a mask are down. */
  #hold(mask: number): void {
    BUTTONS.forEach((button, i) => {
      this.#page.setButton(button, ((mask >> i) & 1) === 1);
    });
  }
}
