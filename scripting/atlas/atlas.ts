/**
 * An atlas: the images of a game, packed into a few pages, and where each lies there. Tools make it and the stage draws from it; it
 * is plain JSON, so that it can be part of a script's module and a message.
 *
 *     0 ┌──────────┬───┐ x      A page. Around each region lies a margin of one texel that repeats its edge, so that what is
 *       │┌────────┐│┌─┐│        sampled between two texels at the edge is the region's own colour, and not its neighbour's.
 *       ││ region │││ ││
 *       │└────────┘│└─┘│        Regions of one texel a unit, and those of two (`ball@2x.png`), lie on pages apart: a display
 *       ├──────────┴───┤        needs only the ones or the others.
 *     y └──────────────┘
 */
import type { Scale } from './image-name.ts';

export interface Atlas {
  readonly pages: readonly AtlasPage[];
  /** By name; of one name, that of one texel a unit comes first. */
  readonly regions: readonly Region[];
}

export interface AtlasPage {
  /** Where its PNG is fetched from. Another address means other pixels, and the same address the same. */
  readonly url: string;
  /** Texels. */
  readonly width: number;
  readonly height: number;
}

/** An image in a page, without its margin. */
export interface Region {
  readonly name: string;
  /** Index into the atlas's pages. */
  readonly page: number;
  /** Texels of the page. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Texels a unit of the scene. */
  readonly scale: Scale;
}

/** Texels that a page has on a side at most: every device that has WebGL 2 can hold such a texture. */
export const LARGEST_PAGE = 2048;

/** Texels around a region that repeat its edge. */
export const MARGIN = 1;

/** Texels that an image has on a side at most. */
export const LARGEST_IMAGE = LARGEST_PAGE - 2 * MARGIN;
