/** How large the images of a game are, without decoding one: what runs without a screen needs no more. */
import { open } from 'node:fs/promises';
import { LARGEST_IMAGE } from '../../atlas/index.ts';
import { type ImageFile, type ImageProblem, listImages } from './image-list.ts';
import { HEADER_END, ImageError, type PngHeader, readPngHeader } from './png-header.ts';

/** Units of the scene. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export interface ImageSizes {
  /** All that a script may name, also what is broken: that is not the script's mistake. */
  readonly names: ReadonlySet<string>;
  readonly sizes: ReadonlyMap<string, ImageSize>;
  readonly problems: readonly ImageProblem[];
}

/** The sizes of the images in a folder, by name; none where there is no folder. What is broken is left out. */
export async function imageSizes(folder: string): Promise<ReadonlyMap<string, ImageSize>> {
  return (await readImageSizes(folder))?.sizes ?? new Map();
}

/** The same with what is wrong in the folder; undefined where there is none. */
export async function readImageSizes(folder: string): Promise<ImageSizes | undefined> {
  const list = await listImages(folder);
  if (list === undefined) return undefined;
  const problems = [...list.problems];
  const sized: SizedImage[] = [];
  for (const image of list.images) {
    try {
      sized.push({ ...image, ...expectFitting(readPngHeader(await firstBytes(image.file))) });
    } catch (error) {
      problems.push(imageProblem(image.file, error));
    }
  }
  const sizes = new Map<string, ImageSize>();
  for (const { name, width, height, scale } of withoutMisfits(sized, problems))
    if (!sizes.has(name)) sizes.set(name, { width: width / scale, height: height / scale });
  return { names: new Set(list.images.map(({ name }) => name)), sizes, problems };
}

/** An image with its size in texels. */
export interface SizedImage extends ImageFile {
  readonly width: number;
  readonly height: number;
}

/** Throws an `ImageError` for an image that no page has room for. */
export function expectFitting(header: PngHeader): PngHeader {
  const { width, height } = header;
  if (width <= LARGEST_IMAGE && height <= LARGEST_IMAGE) return header;
  throw new ImageError(
    `it is too large: ${width} by ${height} pixels, where ${LARGEST_IMAGE} by ${LARGEST_IMAGE} fit into a page`,
  );
}

/**
 * The images but for those of two texels a unit that are not twice as large as that of one: on which display a game runs must not
 * change how large things are in it. Those become problems.
 */
export function withoutMisfits<T extends SizedImage>(images: readonly T[], problems: ImageProblem[]): T[] {
  const single = new Map(images.filter(({ scale }) => scale === 1).map((image) => [image.name, image]));
  return images.filter(({ name, file, width, height, scale }) => {
    const one = scale === 2 ? single.get(name) : undefined;
    if (one === undefined || (width === 2 * one.width && height === 2 * one.height)) return true;
    problems.push({
      severity: 'error',
      file,
      message:
        `it is left out: it is ${width} by ${height} pixels, and twice \`${name}\` would be ` +
        `${2 * one.width} by ${2 * one.height}`,
    });
    return false;
  });
}

/** What a file's image lacks, by what was thrown: also where it cannot be read. */
export function imageProblem(file: string, error: unknown): ImageProblem {
  const message =
    error instanceof ImageError ? error.message : `it cannot be read: ${(error as Error).message}`;
  return { severity: 'error', file, message };
}

async function firstBytes(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEADER_END), 0, HEADER_END, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
