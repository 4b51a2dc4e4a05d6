/** The images of a game's folder: their names and sizes. Needs Node. */
export {
  byName,
  IMAGES_FOLDER,
  type ImageFile,
  type ImageProblem,
  listImages,
  renderImageProblem,
} from './image-list.ts';
export {
  expectFitting,
  type ImageSize,
  type ImageSizes,
  imageProblem,
  imageSizes,
  readImageSizes,
  withoutMisfits,
} from './image-sizes.ts';
export { ImageError, readPngHeader } from './png-header.ts';
