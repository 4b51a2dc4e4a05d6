/**
 * Controls: everything that a player can press, by number. A number is a place in the rows of the input page (`INPUT` in the heap's
 * `layout.ts`) and part of what compiled programs rely on: what is new is added at the end of its list. Scripts and players'
 * settings name controls by words: `space`, `key-a`, `mouse-left`, `pad-south`.
 *
 *     0 keys   256 buttons of the pointer   288 any gamepad   320 gamepads 1 to 4, 32 each   512 actions, by the order they came in   640
 */

/** Keys by their `KeyboardEvent.code`, which says where a key is, whatever letter the layout prints on it. */
export const KEYS: readonly string[] = [
  'Space Enter Escape Tab Backspace ArrowLeft ArrowRight ArrowUp ArrowDown',
  'KeyA KeyB KeyC KeyD KeyE KeyF KeyG KeyH KeyI KeyJ KeyK KeyL KeyM',
  'KeyN KeyO KeyP KeyQ KeyR KeyS KeyT KeyU KeyV KeyW KeyX KeyY KeyZ',
  'Digit0 Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9',
  'ShiftLeft ShiftRight ControlLeft ControlRight AltLeft AltRight MetaLeft MetaRight',
  'Minus Equal BracketLeft BracketRight Semicolon Quote Backquote Backslash Comma Period Slash',
  'Insert Delete Home End PageUp PageDown',
  'F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12',
  'Numpad0 Numpad1 Numpad2 Numpad3 Numpad4 Numpad5 Numpad6 Numpad7 Numpad8 Numpad9',
  'NumpadAdd NumpadSubtract NumpadMultiply NumpadDivide NumpadDecimal NumpadEnter NumpadEqual NumpadComma',
  'NumpadParenLeft NumpadParenRight NumpadBackspace NumpadClear NumpadClearEntry NumpadHash NumpadStar',
  'NumpadMemoryAdd NumpadMemoryClear NumpadMemoryRecall NumpadMemoryStore NumpadMemorySubtract',
  'CapsLock NumLock ScrollLock PrintScreen Pause ContextMenu Help',
  'IntlBackslash IntlRo IntlYen Convert NonConvert KanaMode Lang1 Lang2 Lang3 Lang4 Lang5 Katakana Hiragana',
  'F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24',
  'AudioVolumeDown AudioVolumeMute AudioVolumeUp MediaPlayPause MediaSelect MediaStop',
  'MediaTrackNext MediaTrackPrevious BrowserBack BrowserFavorites BrowserForward BrowserHome BrowserRefresh',
  'BrowserSearch BrowserStop LaunchApp1 LaunchApp2 LaunchMail Eject Power Sleep WakeUp Fn FnLock Hyper Super',
  'Turbo Abort Resume Suspend Again Copy Cut Find Open Paste Props Select Undo BrightnessDown BrightnessUp',
].flatMap((row) => row.split(' '));

/** By `MouseEvent.button`. A pen, and the first finger, press the left one. */
const BUTTONS = ['mouse-left', 'mouse-middle', 'mouse-right', 'mouse-back', 'mouse-forward'];

/** Buttons of a gamepad in the standard mapping, then the directions that its sticks are pushed in. */
const PAD_CONTROLS = [
  'south east west north left-bumper right-bumper left-trigger right-trigger select start left-stick right-stick',
  'up down left right home',
  'left-stick-left left-stick-right left-stick-up left-stick-down',
  'right-stick-left right-stick-right right-stick-up right-stick-down',
].flatMap((row) => row.split(' '));

export const FIRST_BUTTON = 256;
/** Where the controls of any gamepad begin, and from there on those of each one. */
export const FIRST_PAD = 288;
/** How many controls a gamepad has room for, how many of them are buttons, and how many gamepads there are. */
export const PAD_SIZE = 32;
export const PAD_BUTTONS = 17;
export const PADS = 4;
export const FIRST_ACTION = 512;
export const ACTIONS = 128;
export const CONTROLS = FIRST_ACTION + ACTIONS;

/**
 * The word for a key: its code in small letters, with a hyphen where a small letter is followed by a capital or a digit: `ArrowLeft` is
 * `arrow-left`, `Digit1` is `digit-1`, `F1` is `f1`.
 */
const keyWord = (code: string): string => code.replace(/([a-z])([A-Z0-9])/g, '$1-$2').toLowerCase();

const padWords = (pad: number): readonly (readonly [string, number])[] =>
  PAD_CONTROLS.map((name, i) => [
    pad === 0 ? `pad-${name}` : `pad-${pad}-${name}`,
    FIRST_PAD + pad * PAD_SIZE + i,
  ]);

const WORDS: ReadonlyMap<string, number> = new Map([
  ...KEYS.map((code, number) => [keyWord(code), number] as const),
  ...BUTTONS.map((name, number) => [name, FIRST_BUTTON + number] as const),
  ...[0, 1, 2, 3, 4].flatMap(padWords),
]);
const NAMES: ReadonlyMap<number, string> = new Map([...WORDS].map(([name, number]) => [number, name]));
const CODES: ReadonlyMap<string, number> = new Map(KEYS.map((code, number) => [code, number]));

/** The words for all controls but actions, whose names are a program's own. */
export const CONTROL_NAMES: readonly string[] = [...WORDS.keys()];

/** The control that a word means, or undefined for none. */
export function controlNumber(name: string): number | undefined {
  return WORDS.get(name);
}

/** The word for a control; undefined for actions and what is none. */
export function controlName(control: number): string | undefined {
  return NAMES.get(control);
}

/** The number of a key, by its `KeyboardEvent.code`; undefined for one that is no control. */
export function keyNumber(code: string): number | undefined {
  return CODES.get(code);
}
