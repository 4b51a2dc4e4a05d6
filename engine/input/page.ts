/**
 * The input page: keyboard and pointer as a few fixed words. Events change the words at any time; once a frame
 * `publish` copies them into linear memory (the layout is drawn at `INPUT` in the heap's `layout.ts`) and forgets what
 * only lasts for a frame, so that everything in a frame sees the same state.
 */
import { INPUT, INPUT_SIZE } from '../../scripting/heap/index.ts';
import { keyNumber } from '../../scripting/image/index.ts';

const HELD = 0;
const PRESSED = 1;
const RELEASED = 2;
const X = 3;
const Y = 4;
const WHEEL = 5;
const KEYS_HELD = 8;
const KEYS_PRESSED = 16;
const KEYS_RELEASED = 24;
const WORDS = INPUT_SIZE / 4;

export class InputPage {
  readonly #coming = new Uint32Array(WORDS);
  readonly #comingFloats = new Float32Array(this.#coming.buffer);
  /** This frame's words, as published. */
  readonly #words = new Uint32Array(WORDS);
  readonly #floats = new Float32Array(this.#words.buffer);
  #memory: ArrayBufferLike | undefined;
  #page = this.#words;

  /** Copies what came since the last call into linear memory, as this frame's input. */
  publish(memory: WebAssembly.Memory): void {
    this.#words.set(this.#coming);
    this.#coming[PRESSED] = 0;
    this.#coming[RELEASED] = 0;
    this.#comingFloats[WHEEL] = 0;
    this.#coming.fill(0, KEYS_PRESSED, WORDS);
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

  /** How far the wheel was turned in this frame, in CSS pixels. */
  get wheel(): number {
    return this.#floats[WHEEL] as number;
  }

  /** Whether a pointer button is down: 0 is the primary one. */
  buttonHeld(button = 0): boolean {
    return bit(this.#words, HELD, button);
  }

  /** Whether a pointer button went down since the frame before. */
  buttonPressed(button = 0): boolean {
    return bit(this.#words, PRESSED, button);
  }

  /** Whether a key is down, by its `KeyboardEvent.code`. */
  keyHeld(code: string): boolean {
    const key = keyNumber(code);
    return key !== undefined && bit(this.#words, KEYS_HELD, key);
  }

  /** Whether a key went down since the frame before. */
  keyPressed(code: string): boolean {
    const key = keyNumber(code);
    return key !== undefined && bit(this.#words, KEYS_PRESSED, key);
  }

  /** A pointer moved to a place in the stage's units. */
  movePointer(x: number, y: number): void {
    this.#comingFloats[X] = x;
    this.#comingFloats[Y] = y;
  }

  turnWheel(distance: number): void {
    this.#comingFloats[WHEEL] = (this.#comingFloats[WHEEL] as number) + distance;
  }

  setButton(button: number, down: boolean): void {
    if (button < 32) change(this.#coming, button, down, HELD, PRESSED, RELEASED);
  }

  /** Keys that the page does not know are left to others. */
  setKey(code: string, down: boolean): void {
    const key = keyNumber(code);
    if (key !== undefined) change(this.#coming, key, down, KEYS_HELD, KEYS_PRESSED, KEYS_RELEASED);
  }

  /** The page lost the keyboard: what is held will never be seen to be released. */
  releaseAll(): void {
    release(this.#coming, HELD, RELEASED, 1);
    release(this.#coming, KEYS_HELD, KEYS_RELEASED, KEYS_PRESSED - KEYS_HELD);
  }
}

function bit(words: Uint32Array, row: number, index: number): boolean {
  return (((words[row + (index >> 5)] as number) >>> (index & 31)) & 1) === 1;
}

/** Sets or clears a bit of the row of what is held, and marks the edge; a key that repeats has no edge. */
function change(
  words: Uint32Array,
  index: number,
  down: boolean,
  held: number,
  pressed: number,
  released: number,
): void {
  if (bit(words, held, index) === down) return;
  const mask = 1 << (index & 31);
  const word = index >> 5;
  const edge = (down ? pressed : released) + word;
  words[held + word] = (words[held + word] as number) ^ mask;
  words[edge] = (words[edge] as number) | mask;
}

function release(words: Uint32Array, held: number, released: number, count: number): void {
  for (let i = 0; i < count; i += 1) {
    words[released + i] = (words[released + i] as number) | (words[held + i] as number);
    words[held + i] = 0;
  }
}
