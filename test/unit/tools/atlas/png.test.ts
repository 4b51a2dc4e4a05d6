/** Every kind of PNG comes to the same pixels: red, green, blue and alpha, a byte each. */
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodePng, encodePng } from '../../../../scripting/tools/atlas/png.ts';
import { drawing } from './image-folder.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A PNG file of 2 by 2 texels by its parts, so that no encoder has a say. */
function file(
  { depth, color, interlace = 0 }: { depth: number; color: number; interlace?: number },
  rows: readonly (readonly number[])[],
  extra: Readonly<Record<string, readonly number[]>> = {},
): Uint8Array {
  const chunk = (name: string, content: readonly number[] | Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name), Buffer.from(content)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', [0, 0, 0, 2, 0, 0, 0, 2, depth, color, 0, 0, interlace]),
    ...Object.entries(extra).map(([name, content]) => chunk(name, content)),
    chunk('IDAT', deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', []),
  ]);
}

const GREY = 0;
const RGB = 2;
const INDEXED = 3;
const GREY_ALPHA = 4;
const RGBA = 6;
/** Red and green above, blue and white below. */
const COLORS = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
const OPAQUE = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255];

describe('decoding', () => {
  it.each([
    ['colours', file({ depth: 8, color: RGB }, [COLORS.slice(0, 6), COLORS.slice(6)]), OPAQUE],
    [
      'colours, one of them transparent',
      file({ depth: 8, color: RGB }, [COLORS.slice(0, 6), COLORS.slice(6)], { tRNS: [0, 0, 0, 255, 0, 0] }),
      OPAQUE.with(7, 0),
    ],
    [
      'colours and alpha',
      file({ depth: 8, color: RGBA }, [
        [1, 2, 3, 4, 5, 6, 7, 8],
        [9, 10, 11, 12, 13, 14, 15, 16],
      ]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    ],
    [
      'colours of 16 bits',
      file({ depth: 16, color: RGB }, [
        [255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0],
        [0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255],
      ]),
      OPAQUE,
    ],
    [
      'a palette of 2 bits',
      file({ depth: 2, color: INDEXED }, [[0b00010000], [0b10110000]], { PLTE: COLORS }),
      OPAQUE,
    ],
    [
      'a palette with alpha',
      file(
        { depth: 8, color: INDEXED },
        [
          [0, 1],
          [2, 3],
        ],
        { PLTE: COLORS, tRNS: [7, 0] },
      ),
      OPAQUE.with(3, 7).with(7, 0),
    ],
    [
      'grey of 1 bit',
      file({ depth: 1, color: GREY }, [[0b01000000], [0b10000000]]),
      [0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 255],
    ],
    [
      'grey of 4 bits, one transparent',
      file({ depth: 4, color: GREY }, [[0x0f], [0x80]], { tRNS: [0, 8] }),
      [0, 0, 0, 255, 255, 255, 255, 255, 136, 136, 136, 0, 0, 0, 0, 255],
    ],
    [
      'grey and alpha',
      file({ depth: 8, color: GREY_ALPHA }, [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]),
      [1, 1, 1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7, 7, 7, 8],
    ],
  ])('takes %s', (_what, bytes, pixels) => {
    expect([...decodePng(bytes).pixels]).toEqual(pixels);
  });

  it('takes what is interlaced', () => {
    const data = drawing(11, 9, 3);
    const bytes = encode({ width: 11, height: 9, data }, { interlace: 'Adam7' });
    expect(decodePng(bytes)).toEqual({ width: 11, height: 9, pixels: data });
  });

  it('refuses what it would get wrong', () => {
    expect(() =>
      decodePng(file({ depth: 2, color: INDEXED, interlace: 1 }, [[0], [0]], { PLTE: COLORS })),
    ).toThrow('it is interlaced with less than 8 bits a sample: save it without interlacing');
    expect(() =>
      decodePng(
        file(
          { depth: 8, color: INDEXED },
          [
            [0, 9],
            [0, 0],
          ],
          { PLTE: COLORS },
        ),
      ),
    ).toThrow('its palette lacks a colour');
    expect(() => decodePng(file({ depth: 8, color: RGB }, [COLORS.slice(0, 6)]))).toThrow(
      'the PNG is broken',
    );
    expect(() => decodePng(file({ depth: 3, color: RGB }, [[0, 0, 0]]))).toThrow(
      'the PNG is broken: invalid bit depth: 3',
    );
  });
});

describe('encoding', () => {
  it('keeps every pixel, whatever the filters made of it', () => {
    const side = fc.integer({ min: 1, max: 9 });
    const bitmaps = fc
      .tuple(side, side)
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
          .map((pixels) => ({ width, height, pixels })),
      );
    fc.assert(fc.property(bitmaps, (bitmap) => void expect(decodePng(encodePng(bitmap))).toEqual(bitmap)));
  });

  it('makes small files of what is painted', () => {
    const pixels = new Uint8Array(256 * 256 * 4);
    for (let i = 0; i < 256 * 256; i += 1)
      pixels.set([i & 255, i >> 8, ((i & 255) + (i >> 8)) >> 1, 255], i * 4);
    expect(encodePng({ width: 256, height: 256, pixels }).length).toBeLessThan(2000);
  });
});
