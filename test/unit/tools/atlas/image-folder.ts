/** A folder of images for tests, drawn by code. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach } from 'vitest';

/** Pixels that tell where they are: another colour for each place and each seed, half of them see-through. */
export function drawing(width: number, height: number, seed: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1)
    pixels.set(
      [(i * 7 + seed) & 255, (i * 13 + 3 * seed) & 255, (i >> 3) & 255, i % 2 === 0 ? 255 : 128],
      i * 4,
    );
  return pixels;
}

export class ImageFolder {
  readonly folder: string;
  readonly #root = mkdtempSync(join(tmpdir(), 'sluice-images-'));

  constructor(name = 'images') {
    this.folder = join(this.#root, name);
    afterEach(() => rmSync(this.#root, { recursive: true, force: true }));
  }

  /** Where a file lies; its folders are made. */
  path(name: string): string {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content);
  }

  /** Draws an image and returns its pixels. */
  draw(name: string, width: number, height: number, seed = 1): Uint8Array {
    const data = drawing(width, height, seed);
    this.write(name, encode({ width, height, data }));
    return data;
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }
}
