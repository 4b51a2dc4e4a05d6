/**
 * Keys by number, so that the input page can hold them as bits. A key's number is its place in this list and part of
 * what compiled programs rely on: new keys are added at the end. Names are those of `KeyboardEvent.code`: they say where
 * a key is, whatever letter the layout prints on it.
 */
export const KEYS: readonly string[] = [
  'Space Enter Escape Tab Backspace ArrowLeft ArrowRight ArrowUp ArrowDown',
  'KeyA KeyB KeyC KeyD KeyE KeyF KeyG KeyH KeyI KeyJ KeyK KeyL KeyM',
  'KeyN KeyO KeyP KeyQ KeyR KeyS KeyT KeyU KeyV KeyW KeyX KeyY KeyZ',
  'Digit0 Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9',
  'ShiftLeft ShiftRight ControlLeft ControlRight AltLeft AltRight MetaLeft MetaRight',
  'Minus Equal BracketLeft BracketRight Semicolon Quote Backquote Backslash Comma Period Slash',
  'Insert Delete Home End PageUp PageDown',
  'F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12',
].flatMap((row) => row.split(' '));

const NUMBERS = new Map(KEYS.map((code, number) => [code, number]));

/** The number of a key, or undefined for one that the page does not hold. */
export function keyNumber(code: string): number | undefined {
  return NUMBERS.get(code);
}
