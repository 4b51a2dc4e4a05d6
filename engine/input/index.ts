export { KEYS, keyNumber } from '../../scripting/image/index.ts';
export { listen, type PlacePointer } from './listener.ts';
export { InputPage } from './page.ts';
