export { CIRCLE, Display, type DisplayLook, Displays, LINE, RECT, type Shape } from './displays.ts';
export { type StageHost, stageHost } from './host.ts';
export { type PicturePlace, type PictureSource, Pictures } from './pictures.ts';
