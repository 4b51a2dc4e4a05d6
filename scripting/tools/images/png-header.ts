/** The first bytes of a PNG file: enough to know how large the image is. */

/** What is wrong with an image: a sentence that follows the file's name. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

export interface PngHeader {
  /** Texels, from 1. */
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  readonly interlaced: boolean;
}

const SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Where the header's own bytes begin, after the signature, their length and their name. */
const HEADER = 16;

/** Bytes that must be there to read the header. */
export const HEADER_END = 29;

/**
 *     0 signature   8 length   12 `IHDR`   16 width   20 height   24 depth   25 colours   26 compression   27 filter   28 interlace
 *
 * Throws an `ImageError` for what is none.
 */
export function readPngHeader(bytes: Uint8Array): PngHeader {
  if (bytes.length === 0) throw new ImageError('the file is empty');
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new ImageError('it is no PNG image');
  if (bytes.length < HEADER_END || String.fromCharCode(...bytes.subarray(12, HEADER)) !== 'IHDR')
    throw new ImageError('the PNG is broken: it has no header');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint32(HEADER), view.getUint32(HEADER + 4)];
  if (width === 0 || height === 0) throw new ImageError('the PNG is broken: it has no pixels');
  return { width, height, depth: view.getUint8(24), interlaced: view.getUint8(28) !== 0 };
}
