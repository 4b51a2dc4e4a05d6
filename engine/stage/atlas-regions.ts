/** Which of an atlas's regions a display needs, and where each lies on the pages that are then in use. */
import type { Atlas, Region } from '../../scripting/atlas/index.ts';

export interface AtlasRegion {
  /** Index of a page in use. */
  readonly page: number;
  /** Corners of the region, as fractions of the page: 0 to 1. */
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
  /** Units of the scene, the same for every display. */
  readonly width: number;
  readonly height: number;
}

export interface ChosenRegions {
  /** Addresses of the pages in use, in the order of the atlas. */
  readonly pages: readonly string[];
  /** By name. */
  readonly regions: ReadonlyMap<string, AtlasRegion>;
}

/**
 * Of an image that there is with one texel a unit and with two, a display with more than one pixel a unit shows the second. Pages
 * that nothing is shown of are not in use.
 */
export function chooseRegions({ pages, regions }: Atlas, ratio: number): ChosenRegions {
  const wanted = ratio > 1 ? 2 : 1;
  const chosen = new Map<string, Region>();
  for (const region of regions)
    if (region.scale === wanted || !chosen.has(region.name)) chosen.set(region.name, region);
  const used = [...new Set([...chosen.values()].map(({ page }) => page))].sort((a, b) => a - b);
  const places = new Map<string, AtlasRegion>();
  for (const [name, { page, x, y, width, height, scale }] of chosen) {
    const all = expectPage(pages[page], name);
    places.set(name, {
      page: used.indexOf(page),
      u0: x / all.width,
      v0: y / all.height,
      u1: (x + width) / all.width,
      v1: (y + height) / all.height,
      width: width / scale,
      height: height / scale,
    });
  }
  return { pages: used.map((page) => (pages[page] as Atlas['pages'][number]).url), regions: places };
}

function expectPage<T>(page: T | undefined, name: string): T {
  if (page === undefined) throw new TypeError(`the atlas has no page for the image \`${name}\``);
  return page;
}
