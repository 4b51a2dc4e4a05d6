/** Images to pages: what lies where, and what becomes of images that are wrong. */
import fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { LARGEST_IMAGE, LARGEST_PAGE, MARGIN, type Region } from '../../../../scripting/atlas/index.ts';
import {
  atlasOf,
  PackedImages,
  type PackedPage,
  type Packing,
} from '../../../../scripting/tools/atlas/index.ts';
import { layOut } from '../../../../scripting/tools/atlas/layout.ts';
import { encodePng } from '../../../../scripting/tools/atlas/png.ts';
import { imageSizes, renderImageProblem } from '../../../../scripting/tools/images/index.ts';
import { ImageFolder } from './image-folder.ts';

/** A colour, or undefined outside of the page. */
type Sample = (x: number, y: number) => readonly number[];

function sampleOf(page: PackedPage): Sample {
  const { width, height, data } = decode(page.png(), { checkCrc: true });
  expect([width, height]).toEqual([page.width, page.height]);
  return (x, y) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

const regionOf = ({ regions }: Packing, name: string, scale = 1): Region => {
  const found = regions.find((region) => region.name === name && region.scale === scale);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

const problemsOf = ({ problems }: Packing, images: ImageFolder): string[] =>
  problems.map((problem) => renderImageProblem(problem, (file) => file.replace(`${images.folder}/`, '')));

describe('a packed page', () => {
  it('has the pixels of every image, and around them their edges again', async () => {
    const images = new ImageFolder();
    const drawn = new Map(
      [
        ['a.png', 5, 3],
        ['hero/run-1.png', 16, 9],
        ['hero/run-2.png', 1, 1],
        ['tall.png', 2, 40],
      ].map(([name, width, height], seed) => [
        name as string,
        { width, height, pixels: images.draw(name as string, width as number, height as number, seed) },
      ]),
    );
    const packing = await new PackedImages(images.folder).pack();
    expect(packing.problems).toEqual([]);
    expect([...packing.names].sort()).toEqual([...drawn.keys()].sort());
    const samples = packing.pages.map(sampleOf);
    for (const [name, { width, height, pixels }] of drawn) {
      const region = regionOf(packing, name);
      expect(region).toMatchObject({ name, width, height, scale: 1 });
      for (let y = -MARGIN; y < region.height + MARGIN; y += 1)
        for (let x = -MARGIN; x < region.width + MARGIN; x += 1) {
          const [fromX, fromY] = [clamp(x, region.width - 1), clamp(y, region.height - 1)];
          const from = (fromY * region.width + fromX) * 4;
          expect(samples[region.page]?.(region.x + x, region.y + y)).toEqual([
            ...pixels.subarray(from, from + 4),
          ]);
        }
    }
  });

  it('has room for all images, margins included, none over another, whatever their sizes', () => {
    const size = fc.integer({ min: 1, max: 300 });
    const boxes = fc
      .array(fc.record({ width: size, height: size, scale: fc.constantFrom(1 as const, 2 as const) }), {
        maxLength: 60,
      })
      .map((sizes) => sizes.map((each, i) => ({ ...each, name: `${i}.png` })));
    fc.assert(
      fc.property(boxes, (all) => {
        const { pages, places } = layOut(all);
        expect(places.map(({ box }) => box.name).sort()).toEqual(all.map(({ name }) => name).sort());
        const scales = pages.map(() => new Set<number>());
        const taken = pages.map(({ width, height }) => {
          expect(Math.max(width, height)).toBeLessThanOrEqual(LARGEST_PAGE);
          return new Uint8Array(width * height);
        });
        for (const { box, page, x, y } of places) {
          scales[page]?.add(box.scale);
          const { width } = pages[page] as { width: number };
          for (let row = y - MARGIN; row < y + box.height + MARGIN; row += 1) {
            const line = taken[page]?.subarray(
              row * width + x - MARGIN,
              row * width + x + box.width + MARGIN,
            );
            expect(line?.length).toBe(box.width + 2 * MARGIN);
            expect(line?.some((byte) => byte !== 0)).toBe(false);
            line?.fill(1);
          }
          expect(x - MARGIN).toBeGreaterThanOrEqual(0);
          expect(x + box.width + MARGIN).toBeLessThanOrEqual(width);
        }
        expect(scales.every(({ size }) => size === 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is at most 2048 texels on a side; what does not fit on one goes to another', async () => {
    const images = new ImageFolder();
    const [width, height] = [LARGEST_IMAGE, LARGEST_IMAGE];
    images.write('one.png', encodePng({ width, height, pixels: new Uint8Array(width * height * 4) }));
    images.draw('two.png', 20, 20);
    const { pages, regions, problems } = await new PackedImages(images.folder).pack();
    expect(problems).toEqual([]);
    expect(pages.map(({ width, height }) => [width, height])).toEqual([
      [2048, 2048],
      [22, 22],
    ]);
    expect(regions.map(({ page }) => page)).toEqual([0, 1]);
  });

  it('is the same in every byte for the same images, wherever and in which order they came', async () => {
    const [first, second] = [new ImageFolder(), new ImageFolder('art')];
    const names = ['b.png', 'a.png', 'z/c.png', 'a/z.png', 'same.png', 'as.png'];
    for (const name of names) first.draw(name, 10, 10, name.length);
    for (const name of names.toReversed()) second.draw(name, 10, 10, name.length);
    const packings = await Promise.all([first, second].map(({ folder }) => new PackedImages(folder).pack()));
    const [one, other] = packings.map((packing) => ({
      atlas: atlasOf(packing, ({ key }) => key),
      bytes: packing.pages.map((page) => Buffer.from(page.png()).toString('hex')),
    }));
    expect(one).toEqual(other);
  });
});

describe('an image of two texels a unit', () => {
  it('lies on a page of its own, beside that of one', async () => {
    const images = new ImageFolder();
    images.draw('ball.png', 8, 6);
    images.draw('ball@2x.png', 16, 12);
    images.draw('sharp@2x.png', 15, 15);
    const packing = await new PackedImages(images.folder).pack();
    expect(packing.problems).toEqual([]);
    expect([...packing.names]).toEqual(['ball.png', 'sharp.png']);
    expect(packing.regions.map(({ name, scale, page, width }) => [name, scale, page, width])).toEqual([
      ['ball.png', 1, 0, 8],
      ['ball.png', 2, 1, 16],
      ['sharp.png', 2, 1, 15],
    ]);
    expect(await imageSizes(images.folder)).toEqual(
      new Map([
        ['ball.png', { width: 8, height: 6 }],
        ['sharp.png', { width: 7.5, height: 7.5 }],
      ]),
    );
  });

  it('is left out where it is not twice as large, since things must have one size on all displays', async () => {
    const images = new ImageFolder();
    images.draw('ball.png', 8, 6);
    images.draw('ball@2x.png', 16, 11);
    const packing = await new PackedImages(images.folder).pack();
    expect(problemsOf(packing, images)).toEqual([
      'ball@2x.png: error: it is left out: it is 16 by 11 pixels, and twice `ball.png` would be 16 by 12',
    ]);
    expect(packing.regions).toHaveLength(1);
    expect([...(await imageSizes(images.folder)).values()]).toEqual([{ width: 8, height: 6 }]);
  });
});

describe('what is wrong', () => {
  it('is said of each file by name, and all others are packed', async () => {
    const images = new ImageFolder();
    images.draw('good.png', 4, 4);
    images.draw('huge.png', LARGEST_IMAGE + 1, 2);
    images.draw('Hero.png', 3, 3);
    images.draw('hero.png', 3, 3);
    images.write('empty.png', '');
    images.write('text.png', 'this is a letter');
    images.draw('torn.png', 30, 30);
    const { readFileSync } = await import('node:fs');
    const whole = readFileSync(images.path('torn.png'));
    images.write('torn.png', whole.subarray(0, whole.length / 2));
    const flipped = Uint8Array.from(whole);
    flipped[whole.length / 2] = (flipped[whole.length / 2] as number) ^ 0x55;
    images.write('flipped.png', flipped);
    images.write('photo.jpg', 'something');
    images.write('LOUD.PNG', whole);
    images.write('notes.txt', 'nobody takes this for an image');
    images.write('.hidden.png', 'nor this');
    const packing = await new PackedImages(images.folder).pack();
    expect(problemsOf(packing, images)).toEqual([
      'LOUD.PNG: warning: it is left out: images are files `NAME.png`',
      'photo.jpg: warning: it is left out: images are files `NAME.png`',
      'hero.png: error: it is left out: its name differs from `Hero.png` only in the case of its letters',
      'empty.png: error: the file is empty',
      expect.stringMatching(/^flipped\.png: error: the PNG is broken: CRC mismatch/),
      'huge.png: error: it is too large: 2047 by 2 pixels, where 2046 by 2046 fit into a page',
      'text.png: error: it is no PNG image',
      expect.stringMatching(/^torn\.png: error: the PNG is broken: /),
    ]);
    expect(packing.regions.map(({ name }) => name)).toEqual(['Hero.png', 'good.png']);
    // A broken image is not the mistake of the script that names it.
    expect(packing.names.has('torn.png')).toBe(true);
    expect([...(await imageSizes(images.folder)).keys()]).toEqual([
      'Hero.png',
      'flipped.png',
      'good.png',
      'torn.png',
    ]);
  });

  it('is an empty folder, but not one that is not there', async () => {
    const images = new ImageFolder();
    const nothing = await new PackedImages(images.folder).pack();
    expect(nothing).toMatchObject({ found: false, pages: [], regions: [], problems: [] });
    expect(await imageSizes(images.folder)).toEqual(new Map());
    images.write('notes.txt', '');
    const empty = await new PackedImages(images.folder).pack();
    expect(empty).toMatchObject({ found: true, pages: [], regions: [] });
    expect(problemsOf(empty, images)).toEqual([
      expect.stringContaining('images: warning: the folder holds no image `NAME.png`'),
    ]);
  });
});

describe('packing again', () => {
  it('keeps the pages that have not changed, and those of the packing before for whoever fetches them', async () => {
    const images = new ImageFolder();
    images.draw('one.png', 10, 10);
    images.draw('two@2x.png', 10, 10, 2);
    const packed = new PackedImages(images.folder);
    const before = await packed.pack();
    expect(await packed.pack()).toEqual(before);
    images.draw('two@2x.png', 10, 10, 9);
    const after = await packed.pack();
    expect(after.pages[0]).toBe(before.pages[0]);
    expect(after.pages[1]?.key).not.toBe(before.pages[1]?.key);
    for (const { key } of [...before.pages, ...after.pages]) expect(packed.page(key)?.key).toBe(key);
    images.remove('two@2x.png');
    const last = await packed.pack();
    expect(last.regions.map(({ name }) => name)).toEqual(['one.png']);
    expect(packed.page(before.pages[1]?.key ?? '')).toBeUndefined();
  });

  it('leaves an image that cannot be decoded as it was', async () => {
    const images = new ImageFolder();
    images.draw('ball.png', 10, 10);
    const packed = new PackedImages(images.folder);
    const before = await packed.pack();
    images.write('ball.png', 'half a file');
    const broken = await packed.pack();
    expect(problemsOf(broken, images)).toEqual(['ball.png: error: it is no PNG image']);
    expect(atlasOf(broken, ({ key }) => key)).toEqual(atlasOf(before, ({ key }) => key));
    images.draw('ball.png', 12, 10);
    expect((await packed.pack()).regions).toMatchObject([{ width: 12 }]);
  });
});

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
