export type { AtlasRegion } from './atlas-regions.ts';
export { type AtlasOptions, AtlasTextures } from './atlas-textures.ts';
export { Circles, circleMesh } from './circles.ts';
export type { Fit } from './fit.ts';
export { GamePictures } from './game-pictures.ts';
export { StageObjects } from './objects.ts';
export { expectBoolean, type StageOptions } from './options.ts';
export { Stage } from './stage.ts';
export type { StageObject } from './stage-object.ts';
