export { type StageHost, stageHost } from './host.ts';
export { type PicturePlace, type PictureSource, Pictures } from './pictures.ts';
