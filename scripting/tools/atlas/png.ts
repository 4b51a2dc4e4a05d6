/**
 * PNG files to pixels and back. Reading is fast-png's; writing is not: it filters no rows, and painted pages are three times as large
 * then. Compression is that of fflate, in JavaScript, so that a page has the same bytes wherever it is built.
 */
import { crc32 } from 'node:zlib';
import { type DecodedPng, decode } from 'fast-png';
import { zlibSync } from 'fflate';
import { ImageError, readPngHeader } from '../images/index.ts';

/** Red, green, blue and alpha, a byte each; not multiplied by alpha. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Bytes a pixel. */
export const PIXEL = 4;

/** Throws an `ImageError` for what is no PNG or a broken one. */
export function decodePng(bytes: Uint8Array): Bitmap {
  const { depth, interlaced } = readPngHeader(bytes);
  if (interlaced && depth < 8)
    throw new ImageError('it is interlaced with less than 8 bits a sample: save it without interlacing');
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    throw new ImageError(`the PNG is broken: ${(error as Error).message}`);
  }
  const pixels = png.palette !== undefined && png.channels === 1 ? indexed(png, png.palette) : sampled(png);
  return { width: png.width, height: png.height, pixels };
}

function indexed(png: DecodedPng, palette: readonly (readonly number[])[]): Uint8Array {
  const samples = samplesOf(png);
  const pixels = new Uint8Array(samples.length * PIXEL);
  for (let i = 0; i < samples.length; i += 1) {
    const color = palette[samples[i] as number];
    if (color === undefined) throw new ImageError('the PNG is broken: its palette lacks a colour');
    const [red = 0, green = 0, blue = 0, alpha = 255] = color;
    pixels.set([red, green, blue, alpha], i * PIXEL);
  }
  return pixels;
}

/** Grey or colours, with alpha, without, or with one colour that is transparent. */
function sampled(png: DecodedPng): Uint8Array {
  const { channels, transparency } = png;
  const samples = samplesOf(png);
  const most = 2 ** png.depth - 1;
  const byte = (sample: number) => Math.round((sample * 255) / most);
  const colors = channels <= 2 ? 1 : 3;
  const pixels = new Uint8Array((samples.length / channels) * PIXEL);
  for (let from = 0, to = 0; from < samples.length; from += channels, to += PIXEL) {
    for (let i = 0; i < 3; i += 1) pixels[to + i] = byte(samples[from + (colors === 1 ? 0 : i)] as number);
    if (channels > colors) pixels[to + 3] = byte(samples[from + colors] as number);
    else {
      const clear = transparency?.every((sample, i) => samples[from + i] === sample) ?? false;
      pixels[to + 3] = clear ? 0 : 255;
    }
  }
  return pixels;
}

/** A number a sample: those of less than a byte lie packed, and each row begins with a byte of its own. */
function samplesOf({
  data,
  depth,
  width,
  height,
  channels,
}: DecodedPng): Uint8Array | Uint8ClampedArray | Uint16Array {
  if (depth >= 8) return data;
  const samples = new Uint8Array(width * height * channels);
  const row = Math.ceil((width * channels * depth) / 8);
  const mask = 2 ** depth - 1;
  for (let i = 0; i < samples.length; i += 1) {
    const bit = (i % (width * channels)) * depth;
    const byte = data[Math.floor(i / (width * channels)) * row + (bit >> 3)] as number;
    samples[i] = (byte >> (8 - depth - (bit & 7))) & mask;
  }
  return samples;
}

/** Colour type of the header: red, green, blue and alpha. */
const TRUE_COLOR_ALPHA = 6;

export function encodePng(bitmap: Bitmap): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, bitmap.width);
  view.setUint32(4, bitmap.height);
  header.set([8, TRUE_COLOR_ALPHA], 8);
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(filtered(bitmap), { level: 6 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Length, name, content, and the check sum of name and content. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/**
 * Each row as differences from what is next to it, by the filter with the smallest sum of differences: the heuristic that the PNG
 * specification recommends (section 12.7).
 */
function filtered({ width, height, pixels }: Bitmap): Uint8Array {
  const size = width * PIXEL;
  const result = new Uint8Array((size + 1) * height);
  /** The row as each filter has it, by the filter's number in the file. */
  const attempts = Array.from({ length: 5 }, () => new Uint8Array(size));
  let above: Uint8Array = new Uint8Array(size);
  for (let y = 0; y < height; y += 1) {
    const row = pixels.subarray(y * size, (y + 1) * size);
    const best = filterRow(row, above, attempts);
    const to = y * (size + 1);
    result[to] = best;
    result.set(attempts[best] as Uint8Array, to + 1);
    above = row;
  }
  return result;
}

/** Writes the row as each filter has it, and returns the number of the best. */
function filterRow(row: Uint8Array, above: Uint8Array, attempts: readonly Uint8Array[]): number {
  const [none, sub, up, average, paeth] = attempts as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  for (let i = 0; i < row.length; i += 1) {
    const here = row[i] as number;
    const over = above[i] as number;
    const left = i < PIXEL ? 0 : (row[i - PIXEL] as number);
    const leftOver = i < PIXEL ? 0 : (above[i - PIXEL] as number);
    none[i] = here;
    sub[i] = here - left;
    up[i] = here - over;
    average[i] = here - ((left + over) >> 1);
    // Whichever of the three is nearest to left + over - leftOver.
    const toLeft = Math.abs(over - leftOver);
    const toOver = Math.abs(left - leftOver);
    const toLeftOver = Math.abs(left + over - 2 * leftOver);
    const nearer = toOver <= toLeftOver ? over : leftOver;
    paeth[i] = here - (toLeft <= toOver && toLeft <= toLeftOver ? left : nearer);
  }
  const sums = attempts.map(differences);
  return sums.indexOf(Math.min(...sums));
}

/** The sum of how far the bytes are from 0, as signed numbers. */
function differences(row: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i += 1) {
    const difference = row[i] as number;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
