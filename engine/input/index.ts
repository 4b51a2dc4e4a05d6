export { KEYS, keyNumber } from './keys.ts';
export { listen, type PlacePointer } from './listener.ts';
export { InputPage } from './page.ts';
