/**
 * Gamepads of the standard mapping: buttons, and the sticks as four directions each, pushed by so much. What any of them does, the
 * controls without a number do: `pad-south` beside `pad-2-south`.
 */
import { FIRST_PAD, PAD_BUTTONS, PAD_SIZE, PADS } from '../../scripting/image/index.ts';
import type { InputPage } from './page.ts';

/** As the browser has it: `Gamepad`. */
export interface PadState {
  readonly index: number;
  readonly mapping: string;
  readonly connected: boolean;
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
  readonly axes: readonly number[];
}

export const DEFAULT_DEAD_ZONE = 0.15;
/** A direction of a stick is held from here on, and until it is pushed less than this. */
const ON = 0.5;
const OFF = 0.4;

export class Pads {
  readonly #page: InputPage;
  readonly #deadZone: number;
  /** Of any gamepad, then of each. */
  readonly #strengths = new Float32Array((PADS + 1) * PAD_SIZE);
  /** Buttons that are down, and what was down before. */
  readonly #down = new Uint8Array((PADS + 1) * PAD_SIZE);
  readonly #wasDown = new Uint8Array((PADS + 1) * PAD_SIZE);

  /** What a stick does within `deadZone` of its middle is nothing; the rest of its way is all of it. */
  constructor(page: InputPage, deadZone = DEFAULT_DEAD_ZONE) {
    this.#page = page;
    this.#deadZone = deadZone;
  }

  /** Takes the state of all gamepads, as `navigator.getGamepads` returns it. */
  update(pads: readonly (PadState | null)[]): void {
    let present = 0;
    for (let pad = 1; pad <= PADS; pad += 1) {
      const state = pads[pad - 1];
      const first = pad * PAD_SIZE;
      this.#strengths.fill(0, first, first + PAD_SIZE);
      if (!state?.connected || state.mapping !== 'standard') continue;
      present |= 1 << (pad - 1);
      this.#read(state, first);
    }
    this.#page.setPads(present);
    for (let i = 0; i < PAD_SIZE; i += 1) this.#takeAny(i);
    for (let i = 0; i < this.#strengths.length; i += 1) this.#tell(i);
  }

  #read({ buttons, axes }: PadState, first: number): void {
    for (let i = 0; i < PAD_BUTTONS; i += 1) {
      const button = buttons[i];
      if (button !== undefined)
        this.#strengths[first + i] = button.pressed ? button.value || 1 : button.value;
    }
    this.#stick(first + PAD_BUTTONS, axes[0] ?? 0, axes[1] ?? 0);
    this.#stick(first + PAD_BUTTONS + 4, axes[2] ?? 0, axes[3] ?? 0);
    for (let i = 0; i < PAD_BUTTONS; i += 1) this.#down[first + i] = buttons[i]?.pressed ? 1 : 0;
  }

  /** Left, right, up and down, in this order. */
  #stick(at: number, x: number, y: number): void {
    const length = Math.hypot(x, y);
    if (!(length > this.#deadZone)) return;
    const scale = Math.min(1, (length - this.#deadZone) / (1 - this.#deadZone)) / length;
    this.#strengths[at] = Math.max(0, -x * scale);
    this.#strengths[at + 1] = Math.max(0, x * scale);
    this.#strengths[at + 2] = Math.max(0, -y * scale);
    this.#strengths[at + 3] = Math.max(0, y * scale);
  }

  #takeAny(i: number): void {
    let most = 0;
    for (let pad = 1; pad <= PADS; pad += 1)
      most = Math.max(most, this.#strengths[pad * PAD_SIZE + i] as number);
    this.#strengths[i] = most;
  }

  #tell(i: number): void {
    const strength = this.#strengths[i] as number;
    const before = this.#wasDown[i] === 1;
    const down = this.#isDown(i, strength, before);
    this.#page.setStrength(FIRST_PAD + i, strength);
    this.#wasDown[i] = down ? 1 : 0;
    // Edges only: a button that stays down was taken by whom it was for, also as what it is of this one gamepad.
    if (down === before || (down && i >= PAD_SIZE && !this.#page.isDown(FIRST_PAD + (i % PAD_SIZE)))) return;
    this.#page.setControl(FIRST_PAD + i, down);
  }

  #isDown(i: number, strength: number, before: boolean): boolean {
    const isButton = i % PAD_SIZE < PAD_BUTTONS;
    if (!isButton) return strength >= (before ? OFF : ON);
    if (strength === 0) return false;
    if (i >= PAD_SIZE) return this.#down[i] === 1;
    for (let pad = 1; pad <= PADS; pad += 1)
      if (this.#strengths[pad * PAD_SIZE + i] !== 0 && this.#down[pad * PAD_SIZE + i] === 1) return true;
    return false;
  }
}
