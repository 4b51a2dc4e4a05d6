/**
 * The input page: what the player does as a few fixed words. Events change the words at any time; once a frame, or once a
 * step of a fixed-step game, `publish` copies them into linear memory (the layout is drawn at `INPUT` in the heap's `layout.ts`) and
 * forgets what only lasts for a frame: so everything in a frame sees the same state, and an edge is seen by exactly one frame. What
 * went down and up again between two frames is both pressed and released.
 */
import {
  INPUT,
  INPUT_HELD,
  INPUT_MOST_TOUCHES,
  INPUT_PLAIN_CONTROLS,
  INPUT_ROW,
  INPUT_SIZE,
  INPUT_STRENGTHS,
  INPUT_TOUCH_SIZE,
  INPUT_TOUCHES,
  TOUCH_HELD,
  TOUCH_PRESSED,
  TOUCH_RELEASED,
} from '../../scripting/heap/index.ts';
import {
  CONTROLS,
  controlName,
  controlNumber,
  FIRST_ACTION,
  FIRST_BUTTON,
  FIRST_PAD,
  KEYS,
  keyNumber,
} from '../../scripting/image/index.ts';
import { Actions, type SavedBindings } from './actions.ts';

const X = 0;
const Y = 1;
const WHEEL_X = 2;
const WHEEL_Y = 3;
const TOUCHES = 4;
const PADS = 5;
const FIRST_TOUCH = INPUT_TOUCHES / 4;
const TOUCH = INPUT_TOUCH_SIZE / 4;
const HELD = INPUT_HELD / 4;
const PRESSED = HELD + INPUT_ROW / 4;
const RELEASED = PRESSED + INPUT_ROW / 4;
const STRENGTHS = INPUT_STRENGTHS / 4;
const WORDS = INPUT_SIZE / 4;

/** One finger, in the stage's units. */
export interface Touch {
  /** No other touch ever has the same. */
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** It came down, or has gone, since the frame before. */
  readonly pressed: boolean;
  readonly released: boolean;
}

export class InputPage {
  /** What controls do together, under a name that the player may bind to others. */
  readonly actions = new Actions((action, down) => this.#change(action, down));
  readonly #coming = new Uint32Array(WORDS);
  readonly #comingFloats = new Float32Array(this.#coming.buffer);
  /** This frame's words, as published. */
  readonly #words = new Uint32Array(WORDS);
  readonly #floats = new Float32Array(this.#words.buffer);
  readonly #claimed = new Set<number>();
  #named: ReadonlySet<number> = new Set();
  #memory: ArrayBufferLike | undefined;
  #page = this.#words;
  #taker: ((control: string | undefined) => void) | undefined;

  /** Copies what came since the last call into linear memory, as this frame's input. */
  publish(memory: WebAssembly.Memory): void {
    this.actions.strengths(this.#comingFloats, STRENGTHS - INPUT_PLAIN_CONTROLS);
    this.#words.set(this.#coming);
    this.#coming.fill(0, PRESSED, STRENGTHS);
    this.#comingFloats[WHEEL_X] = 0;
    this.#comingFloats[WHEEL_Y] = 0;
    this.#dropTouches();
    if (this.#memory !== memory.buffer) {
      this.#memory = memory.buffer;
      this.#page = new Uint32Array(memory.buffer, INPUT, WORDS);
    }
    this.#page.set(this.#words);
  }

  /** In the stage's units. */
  get pointerX(): number {
    return this.#floats[X] as number;
  }

  get pointerY(): number {
    return this.#floats[Y] as number;
  }

  /** How far the wheel was turned down in this frame, in CSS pixels; `wheelX` is to the right. */
  get wheel(): number {
    return this.#floats[WHEEL_Y] as number;
  }

  get wheelX(): number {
    return this.#floats[WHEEL_X] as number;
  }

  /** Whether a control or action is down in this frame, by its name: `space`, `mouse-left`, `pad-south`. */
  held(name: string): boolean {
    return bit(this.#words, HELD, this.#number(name));
  }

  /** Whether it went down since the frame before. */
  pressed(name: string): boolean {
    return bit(this.#words, PRESSED, this.#number(name));
  }

  /** Whether it was let go since the frame before. */
  released(name: string): boolean {
    return bit(this.#words, RELEASED, this.#number(name));
  }

  /** How far it is pushed, 0 to 1. */
  strength(name: string): number {
    const control = this.#number(name);
    if (control < INPUT_PLAIN_CONTROLS) return bit(this.#words, HELD, control) ? 1 : 0;
    return this.#floats[STRENGTHS + control - INPUT_PLAIN_CONTROLS] as number;
  }

  /** Whether a pointer button is down: 0 is the primary one. */
  buttonHeld(button = 0): boolean {
    return bit(this.#words, HELD, FIRST_BUTTON + button);
  }

  /** Whether a pointer button went down since the frame before. */
  buttonPressed(button = 0): boolean {
    return bit(this.#words, PRESSED, FIRST_BUTTON + button);
  }

  /** Whether a key is down, by its `KeyboardEvent.code`. */
  keyHeld(code: string): boolean {
    const key = keyNumber(code);
    return key !== undefined && bit(this.#words, HELD, key);
  }

  /** Whether a key went down since the frame before. */
  keyPressed(code: string): boolean {
    const key = keyNumber(code);
    return key !== undefined && bit(this.#words, PRESSED, key);
  }

  /** The fingers of this frame, those that have gone since the frame before among them. */
  get touches(): readonly Touch[] {
    return Array.from({ length: this.#words[TOUCHES] as number }, (_, i) => {
      const at = FIRST_TOUCH + i * TOUCH;
      const state = this.#words[at + 1] as number;
      return {
        id: this.#words[at] as number,
        x: this.#floats[at + 2] as number,
        y: this.#floats[at + 3] as number,
        pressed: (state & TOUCH_PRESSED) !== 0,
        released: (state & TOUCH_RELEASED) !== 0,
      };
    });
  }

  /** The script that runs from now on names these controls. */
  setNamed(controls: readonly number[]): void {
    this.#named = new Set(controls);
  }

  /** From now on the game has a use for these controls too, beside those that its script names or binds to actions: the page must have none. */
  claim(controls: readonly number[]): void {
    for (const control of controls) this.#claimed.add(control);
  }

  /** Whether the game has a use for a control. */
  claims(control: number | undefined): boolean {
    if (control === undefined) return false;
    return this.#named.has(control) || this.#claimed.has(control) || this.actions.uses(control);
  }

  /** Binds an action that the script has declared to these controls instead, by their names. */
  bind(action: string, controls: readonly string[]): void {
    this.actions.bind(action, controls);
  }

  /** The names of the controls that an action is bound to. */
  bindings(action: string): readonly string[] {
    return this.actions.bindings(action);
  }

  /** Goes back to what the script declares, for one action or all. */
  resetBindings(action?: string): void {
    this.actions.reset(action);
  }

  /** What the player has changed, to be kept as JSON. */
  saveBindings(): SavedBindings {
    return this.actions.save();
  }

  /** Takes what was kept. */
  restoreBindings(saved: unknown): void {
    this.actions.restore(saved);
  }

  /**
   * The name of the next control that goes down, for a screen on which a player binds actions. The game does not see it. `undefined` for
   * Escape, and where another call takes this one's place.
   */
  nextControl(): Promise<string | undefined> {
    this.#taker?.(undefined);
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  /** A pointer moved to a place in the stage's units. */
  movePointer(x: number, y: number): void {
    this.#comingFloats[X] = x;
    this.#comingFloats[Y] = y;
  }

  turnWheel(down: number, right = 0): void {
    this.#comingFloats[WHEEL_Y] = (this.#comingFloats[WHEEL_Y] as number) + down;
    this.#comingFloats[WHEEL_X] = (this.#comingFloats[WHEEL_X] as number) + right;
  }

  /** By `MouseEvent.button`. */
  setButton(button: number, down: boolean): void {
    if (button >= 0 && button < FIRST_PAD - FIRST_BUTTON) this.setControl(FIRST_BUTTON + button, down);
  }

  /** By `KeyboardEvent.code`. Keys that the page does not know are left to others. */
  setKey(code: string, down: boolean): void {
    const key = keyNumber(code);
    if (key !== undefined) this.setControl(key, down);
  }

  /** A control goes down or up; one that is so already does not. */
  setControl(control: number, down: boolean): void {
    if (bit(this.#coming, HELD, control) === down) return;
    if (down && this.#taker !== undefined) {
      const name = controlName(control);
      this.#taker(name === 'escape' ? undefined : name);
      this.#taker = undefined;
      return;
    }
    this.#change(control, down);
    this.actions.change(control, down);
  }

  /** How far a control with a strength of its own is pushed, 0 to 1. */
  setStrength(control: number, strength: number): void {
    if (control >= INPUT_PLAIN_CONTROLS && control < FIRST_ACTION)
      this.#comingFloats[STRENGTHS + control - INPUT_PLAIN_CONTROLS] = strength;
  }

  strengthOf(control: number): number {
    return this.#comingFloats[STRENGTHS + control - INPUT_PLAIN_CONTROLS] as number;
  }

  /** Whether a control is down now, whatever this frame was told. */
  isDown(control: number): boolean {
    return bit(this.#coming, HELD, control);
  }

  /** The codes of the keys that are down now. */
  get heldKeys(): readonly string[] {
    return KEYS.filter((_, key) => bit(this.#coming, HELD, key));
  }

  /** Which gamepads are there, as bits. */
  setPads(pads: number): void {
    this.#coming[PADS] = pads;
  }

  /** A finger came down or moved. One more than there is room for is not seen. */
  touch(id: number, x: number, y: number): void {
    const found = this.#touchAt(id);
    const count = this.#coming[TOUCHES] as number;
    if (found === undefined && count === INPUT_MOST_TOUCHES) return;
    const at = found ?? FIRST_TOUCH + count * TOUCH;
    if (found === undefined) {
      this.#coming[TOUCHES] = count + 1;
      this.#coming[at] = id;
      this.#coming[at + 1] = TOUCH_HELD | TOUCH_PRESSED;
    }
    this.#comingFloats[at + 2] = x;
    this.#comingFloats[at + 3] = y;
  }

  /** A finger has gone. */
  endTouch(id: number): void {
    const at = this.#touchAt(id);
    if (at === undefined) return;
    const state = this.#coming[at + 1] as number;
    this.#coming[at + 1] = (state & ~TOUCH_HELD) | TOUCH_RELEASED;
  }

  /** Lets go of the keys: what is held will never be seen to be released. */
  releaseKeys(): void {
    this.#release(0, FIRST_BUTTON);
  }

  /** Lets go of the pointer's buttons. */
  releaseButtons(): void {
    this.#release(FIRST_BUTTON, FIRST_PAD);
  }

  /** Lets go of everything, fingers included. */
  releaseAll(): void {
    this.#release(0, FIRST_ACTION);
    this.#comingFloats.fill(0, STRENGTHS);
    for (let i = 0; i < (this.#coming[TOUCHES] as number); i += 1)
      this.endTouch(this.#coming[FIRST_TOUCH + i * TOUCH] as number);
  }

  #release(from: number, to: number): void {
    for (let control = from; control < to; control += 1) this.setControl(control, false);
  }

  #number(name: string): number {
    const control = this.actions.numberOf(name) ?? controlNumber(name);
    if (control === undefined) throw new RangeError(`there is no control or action \`${name}\``);
    return control;
  }

  /** Sets or clears a bit of what is held, and marks the edge. */
  #change(control: number, down: boolean): void {
    if (control >= CONTROLS || bit(this.#coming, HELD, control) === down) return;
    const mask = 1 << (control & 31);
    const word = control >> 5;
    const edge = (down ? PRESSED : RELEASED) + word;
    this.#coming[HELD + word] = (this.#coming[HELD + word] as number) ^ mask;
    this.#coming[edge] = (this.#coming[edge] as number) | mask;
  }

  #touchAt(id: number): number | undefined {
    for (let i = 0; i < (this.#coming[TOUCHES] as number); i += 1)
      if (this.#coming[FIRST_TOUCH + i * TOUCH] === id) return FIRST_TOUCH + i * TOUCH;
    return undefined;
  }

  /** Those that have gone are forgotten, the others move together; none is new any more. */
  #dropTouches(): void {
    const words = this.#coming;
    let kept = FIRST_TOUCH;
    for (let i = 0; i < (words[TOUCHES] as number); i += 1) {
      const at = FIRST_TOUCH + i * TOUCH;
      if (((words[at + 1] as number) & TOUCH_HELD) === 0) continue;
      words.copyWithin(kept, at, at + TOUCH);
      words[kept + 1] = TOUCH_HELD;
      kept += TOUCH;
    }
    words.fill(0, kept, FIRST_TOUCH + INPUT_MOST_TOUCHES * TOUCH);
    words[TOUCHES] = (kept - FIRST_TOUCH) / TOUCH;
  }
}

function bit(words: Uint32Array, row: number, index: number): boolean {
  return (((words[row + (index >> 5)] as number) >>> (index & 31)) & 1) === 1;
}
