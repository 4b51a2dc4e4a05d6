export type { Choice } from './choice.ts';
export { fetchReloader } from './fetch-reloader.ts';
export { firstImage } from './first-image.ts';
export { Overlay } from './overlay.ts';
export type { Reloader, ReloadTarget, ReloadTimes } from './reloader.ts';
