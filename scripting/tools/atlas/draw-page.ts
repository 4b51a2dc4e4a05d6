/** The pixels of a page: each image in its place, and its edge repeated around it. */
import { MARGIN } from '../../atlas/index.ts';
import { type Bitmap, PIXEL } from './png.ts';

export interface PlacedBitmap {
  readonly bitmap: Bitmap;
  readonly x: number;
  readonly y: number;
}

export function drawPage(width: number, height: number, placed: readonly PlacedBitmap[]): Bitmap {
  const page = { width, height, pixels: new Uint8Array(width * height * PIXEL) };
  for (const each of placed) drawBitmap(page, each);
  return page;
}

function drawBitmap(page: Bitmap, { bitmap, x, y }: PlacedBitmap): void {
  const size = bitmap.width * PIXEL;
  for (let row = -MARGIN; row < bitmap.height + MARGIN; row += 1) {
    const from = Math.min(Math.max(row, 0), bitmap.height - 1) * size;
    const line = bitmap.pixels.subarray(from, from + size);
    const to = ((y + row) * page.width + x) * PIXEL;
    page.pixels.set(line, to);
    for (let i = 1; i <= MARGIN; i += 1) {
      page.pixels.set(line.subarray(0, PIXEL), to - i * PIXEL);
      page.pixels.set(line.subarray(size - PIXEL), to + size + (i - 1) * PIXEL);
    }
  }
}
