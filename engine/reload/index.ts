export { firstImage } from './first-image.ts';
export { Overlay } from './overlay.ts';
export { Reloader, type ReloadTarget } from './reloader.ts';
