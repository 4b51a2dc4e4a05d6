/** The images of a game's folder: their names, their sizes, and the pages they are packed into. Needs Node. */
export { type ImageProblem, listImages, renderImageProblem } from './image-list.ts';
export { type ImageSize, imageSizes, readImageSizes } from './image-sizes.ts';
export { atlasOf, PackedImages, type PackedPage, type Packing } from './packed-images.ts';
