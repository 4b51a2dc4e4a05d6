export { KEYS, keyNumber } from '../../scripting/image/index.ts';
export type { SavedBindings } from './actions.ts';
export type { TextQuestion } from './ask-text.ts';
export { GameInput, type InputOptions } from './game-input.ts';
export { inputHost } from './host.ts';
export { Keyboard, type KeyPress, type KeyTarget } from './keyboard.ts';
export { InputPage, type Touch } from './page.ts';
export { type PointerPress, Pointers } from './pointers.ts';
export { RecordedInput } from './recorded.ts';
