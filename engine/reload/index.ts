export type { Choice } from './choice.ts';
export { firstImage } from './first-image.ts';
export { Overlay } from './overlay.ts';
export { Reloader, type ReloadTarget, type ReloadTimes } from './reloader.ts';
