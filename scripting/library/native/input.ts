/** What the player does, as the input page has it for this frame. What lies outside of the page reads as nothing. */
import {
  INPUT,
  INPUT_HELD,
  INPUT_PLAIN_CONTROLS,
  INPUT_ROW,
  INPUT_SIZE,
  INPUT_STRENGTHS,
} from '../../heap/layout.ts';

/** A bit of a row, 0 held, 1 pressed, 2 released, by the number of a control. */
export function inputBit(row: i32, control: i32): bool {
  if ((control as u32) >= 8 * INPUT_ROW || (row as u32) > 2) return false;
  const word = load<u32>(INPUT + INPUT_HELD + row * INPUT_ROW + ((control >> 5) << 2));
  return ((word >>> (control & 31)) & 1) !== 0;
}

/** How far a control is pushed, 0 to 1. */
export function inputStrength(control: i32): f64 {
  if ((control as u32) >= 8 * INPUT_ROW) return 0;
  if (control < INPUT_PLAIN_CONTROLS) return inputBit(0, control) ? 1 : 0;
  return load<f32>(INPUT + INPUT_STRENGTHS + ((control - INPUT_PLAIN_CONTROLS) << 2)) as f64;
}

/** A word of the page, as a whole number and as a real one. */
export function inputWord(word: i32): i64 {
  return isInPage(word) ? (load<u32>(INPUT + (word << 2)) as i64) : 0;
}

export function inputFloat(word: i32): f64 {
  return isInPage(word) ? (load<f32>(INPUT + (word << 2)) as f64) : 0;
}

function isInPage(word: i32): bool {
  return word >= 0 && 4 * word < INPUT_SIZE;
}
