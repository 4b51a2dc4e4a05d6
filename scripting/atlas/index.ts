export { type Atlas, type AtlasPage, LARGEST_IMAGE, LARGEST_PAGE, MARGIN, type Region } from './atlas.ts';
export { alikeButForCase, type ImageName, imageName, type Scale } from './image-name.ts';
