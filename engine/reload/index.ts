export { changedExports } from './changed-exports.ts';
export type { Choice } from './choice.ts';
export { firstImage } from './first-image.ts';
export { nameChoices, nameNotes } from './names.ts';
export { Overlay } from './overlay.ts';
export { Reloader, type ReloadTarget, type ReloadTimes } from './reloader.ts';
