import { describe, expect, test } from 'vitest';
import { chooseRegions } from '../../../engine/stage/atlas-regions.ts';
import type { Atlas } from '../../../scripting/atlas/index.ts';

const place = { x: 1, y: 1, width: 8, height: 4 };
const atlas: Atlas = {
  pages: [
    { url: 'single', width: 16, height: 8 },
    { url: 'more', width: 10, height: 10 },
    { url: 'double', width: 32, height: 32 },
  ],
  regions: [
    { name: 'ball.png', page: 0, ...place, scale: 1 },
    { name: 'ball.png', page: 2, x: 9, y: 1, width: 16, height: 8, scale: 2 },
    { name: 'plain.png', page: 1, ...place, scale: 1 },
    { name: 'sharp.png', page: 2, ...place, scale: 2 },
  ],
};
const withoutPlain = { ...atlas, regions: atlas.regions.filter(({ name }) => name !== 'plain.png') };

describe('the regions of an atlas', () => {
  test.each([0.5, 1])('are those of one texel a unit where a unit has %s pixels', (ratio) => {
    const { pages, regions } = chooseRegions(atlas, ratio);
    expect(pages).toEqual(['single', 'more', 'double']);
    expect(regions.get('ball.png')).toEqual({
      page: 0,
      u0: 1 / 16,
      v0: 1 / 8,
      u1: 9 / 16,
      v1: 5 / 8,
      width: 8,
      height: 4,
    });
  });

  test.each([1.25, 2, 3])(
    'are those of two texels a unit where a unit has %s pixels, as large as the others',
    (ratio) => {
      const { pages, regions } = chooseRegions(withoutPlain, ratio);
      expect(pages).toEqual(['double']);
      expect(regions.get('ball.png')).toMatchObject({
        page: 0,
        u0: 9 / 32,
        u1: 25 / 32,
        width: 8,
        height: 4,
      });
    },
  );

  test('are whichever there are, where there is no choice', () => {
    for (const ratio of [1, 2]) {
      const { regions } = chooseRegions(atlas, ratio);
      expect([...regions.keys()].sort()).toEqual(['ball.png', 'plain.png', 'sharp.png']);
      expect(regions.get('sharp.png')).toMatchObject({ width: 4, height: 2 });
      expect(regions.get('plain.png')).toMatchObject({ width: 8, height: 4 });
    }
  });

  test('of an atlas without a page for one of them are a mistake', () => {
    expect(() => chooseRegions({ ...atlas, pages: [] }, 1)).toThrow('no page for the image `ball.png`');
  });

  test('need no page where there are none', () => {
    expect(chooseRegions({ ...atlas, regions: [] }, 1).pages).toEqual([]);
  });
});
