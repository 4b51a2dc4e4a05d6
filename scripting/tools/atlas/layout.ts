/** Where each image lies: on which page, and where on it. The same images always lie in the same places. */
import { MaxRectsPacker } from 'maxrects-packer';
import { LARGEST_PAGE, MARGIN, type Scale } from '../../atlas/index.ts';

/** Sizes are in texels. */
export interface Box {
  readonly name: string;
  readonly scale: Scale;
  readonly width: number;
  readonly height: number;
}

export interface Layout<T extends Box> {
  readonly pages: readonly { readonly width: number; readonly height: number }[];
  readonly places: readonly Place<T>[];
}

export interface Place<T extends Box> {
  readonly box: T;
  /** Index of a page. */
  readonly page: number;
  /** Of the image itself, inside its margin. */
  readonly x: number;
  readonly y: number;
}

/** An image with its margin. An alias, since the packer's own type of it is open. */
type Rectangle<T extends Box> = { x: number; y: number; width: number; height: number; readonly box: T };

/** Every box must fit into a page with its margin. Those of one scale share pages, the smaller scale's pages first. */
export function layOut<T extends Box>(boxes: readonly T[]): Layout<T> {
  const pages: { width: number; height: number }[] = [];
  const places: Place<T>[] = [];
  for (const scale of [1, 2] as const) {
    const packer = new MaxRectsPacker<Rectangle<T>>(LARGEST_PAGE, LARGEST_PAGE, 0, {
      smart: true,
      pot: false,
    });
    const rectangles = boxes
      .filter((box) => box.scale === scale)
      .sort(byLongestSide)
      .map((box) => ({ x: 0, y: 0, width: box.width + 2 * MARGIN, height: box.height + 2 * MARGIN, box }));
    for (const rectangle of rectangles) packer.add(rectangle);
    for (const { width, height, rects } of packer.bins) {
      for (const { x, y, box } of rects)
        places.push({ box, page: pages.length, x: x + MARGIN, y: y + MARGIN });
      pages.push({ width, height });
    }
  }
  return { pages, places };
}

/** Large ones first, which packs best. */
function byLongestSide(a: Box, b: Box): number {
  return Math.max(b.width, b.height) - Math.max(a.width, a.height) || (a.name < b.name ? -1 : 1);
}
