/** The images of a game's folder, packed into pages. Needs Node. */
export { atlasOf, PackedImages, type PackedPage, type Packing } from './packed-images.ts';
