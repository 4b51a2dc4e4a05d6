/**
 * The images of a folder, packed, and packed again when one of them has changed. What has not changed is not done again: files are
 * decoded when their bytes are new, and a page is compressed when somebody asks for it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Atlas, Region } from '../../atlas/index.ts';
import {
  byName,
  expectFitting,
  type ImageFile,
  type ImageProblem,
  imageProblem,
  listImages,
  readPngHeader,
  withoutMisfits,
} from '../images/index.ts';
import { drawPage } from './draw-page.ts';
import { type Layout, layOut } from './layout.ts';
import { type Bitmap, decodePng, encodePng } from './png.ts';

export interface Packing {
  /** Whether there is a folder at all. */
  readonly found: boolean;
  /** All that a script may name, also what is broken: that is not the script's mistake. */
  readonly names: ReadonlySet<string>;
  /** The files of the images, packed or not. */
  readonly files: readonly string[];
  readonly pages: readonly PackedPage[];
  readonly regions: readonly Region[];
  readonly problems: readonly ImageProblem[];
}

export class PackedPage {
  readonly width: number;
  readonly height: number;
  /** Stands for the page's pixels: the same where they are the same. */
  readonly key: string;
  #bitmap: Bitmap | undefined;
  #png: Uint8Array | undefined;

  constructor(bitmap: Bitmap) {
    this.width = bitmap.width;
    this.height = bitmap.height;
    this.key = hash(`${bitmap.width} ${bitmap.height}`, bitmap.pixels);
    this.#bitmap = bitmap;
  }

  /** The page as a file. */
  png(): Uint8Array {
    if (this.#bitmap !== undefined) this.#png = encodePng(this.#bitmap);
    this.#bitmap = undefined;
    return this.#png as Uint8Array;
  }
}

/** A packing as an atlas, whose pages are fetched from where `urlOf` says. */
export function atlasOf({ pages, regions }: Packing, urlOf: (page: PackedPage) => string): Atlas {
  return {
    pages: pages.map((page) => ({ url: urlOf(page), width: page.width, height: page.height })),
    regions,
  };
}

/** An image with its pixels, and what its file's bytes were. */
interface DecodedImage extends ImageFile {
  readonly width: number;
  readonly height: number;
  readonly bitmap: Bitmap;
  readonly bytes: string;
}

const NOTHING: Packing = { found: false, names: new Set(), files: [], pages: [], regions: [], problems: [] };

export class PackedImages {
  readonly folder: string;
  #packing: Packing = NOTHING;
  /** Pages of the packing before: somebody may be about to fetch one. */
  #before: readonly PackedPage[] = [];
  /** By file: what it held when it could be decoded. */
  #decoded = new Map<string, DecodedImage>();
  #layout: { readonly key: string; readonly layout: Layout<DecodedImage> } | undefined;

  #running: Promise<unknown> = Promise.resolve();
  #waiting: Promise<Packing> | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** What was packed last: nothing at first. */
  get packing(): Packing {
    return this.#packing;
  }

  /** The page of a key, if it is of this packing or the one before. */
  page(key: string): PackedPage | undefined {
    return [...this.#packing.pages, ...this.#before].find((page) => page.key === key);
  }

  /**
   * Reads the folder and packs what is in it. An image that is broken now is packed as it was when it was not. Who asks while another
   * packing waits to begin gets that one, so that a hundred images saved at once are packed once or twice.
   */
  pack(): Promise<Packing> {
    if (this.#waiting !== undefined) return this.#waiting;
    const packing = this.#running.then(() => {
      this.#waiting = undefined;
      return this.#pack();
    });
    this.#waiting = packing;
    // Whoever asked hears of a failure; who asks next is none of its business.
    this.#running = packing.catch(() => undefined);
    return packing;
  }

  async #pack(): Promise<Packing> {
    const list = await listImages(this.folder);
    const problems = [...(list?.problems ?? [])];
    const images = await this.#decodeAll(list?.images ?? [], problems);
    const { pages, places } = this.#layOut(withoutMisfits(images, problems));
    const known = new Map([...this.#packing.pages, ...this.#before].map((page) => [page.key, page]));
    const packed = pages.map(({ width, height }, number) => {
      const placed = places.filter(({ page }) => page === number);
      const page = new PackedPage(
        drawPage(
          width,
          height,
          placed.map(({ box, x, y }) => ({ bitmap: box.bitmap, x, y })),
        ),
      );
      return known.get(page.key) ?? page;
    });
    const now = this.#packing.pages;
    if (packed.length !== now.length || packed.some((page, i) => page !== now[i])) this.#before = now;
    this.#packing = {
      found: list !== undefined,
      names: new Set(list?.images.map(({ name }) => name)),
      files: list?.images.map(({ file }) => file) ?? [],
      pages: packed,
      regions: places
        .map(({ box, page, x, y }) => {
          const { name, width, height, scale } = box;
          return { name, page, x, y, width, height, scale };
        })
        .sort(byName),
      problems,
    };
    return this.#packing;
  }

  async #decodeAll(images: readonly ImageFile[], problems: ImageProblem[]): Promise<DecodedImage[]> {
    const decoded = new Map<string, DecodedImage>();
    for (const image of images) {
      const before = this.#decoded.get(image.file);
      let now = before;
      try {
        const content = await readFile(image.file);
        const bytes = hash(content);
        if (bytes !== before?.bytes) {
          const { width, height } = expectFitting(readPngHeader(content));
          now = { ...image, width, height, bitmap: decodePng(content), bytes };
        }
      } catch (error) {
        problems.push(imageProblem(image.file, error));
      }
      if (now !== undefined) decoded.set(image.file, now);
    }
    this.#decoded = decoded;
    return [...decoded.values()];
  }

  /** Where images of the same names and sizes were laid out before, their places are the same. */
  #layOut(images: readonly DecodedImage[]): Layout<DecodedImage> {
    const key = JSON.stringify(images.map(({ name, scale, width, height }) => [name, scale, width, height]));
    if (this.#layout?.key !== key) {
      this.#layout = { key, layout: layOut(images) };
      return this.#layout.layout;
    }
    const now = new Map(images.map((image) => [image.file, image]));
    const { pages, places } = this.#layout.layout;
    return {
      pages,
      places: places.map((place) => ({ ...place, box: now.get(place.box.file) ?? place.box })),
    };
  }
}

function hash(...parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex').slice(0, 16);
}
