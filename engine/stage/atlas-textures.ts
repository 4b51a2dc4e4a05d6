/**
 * The images of a game on the graphics card: a texture for each page of its atlas that the display needs, and where each image lies on
 * them. Others are needed when the window comes to a finer display, and where another atlas comes while the game is developed: pages that
 * have not changed stay, others are fetched and put in their places at once, and for an image that is gone there is a checkerboard from
 * then on.
 */
import type { Texture } from 'pixi.js';
import type { Atlas } from '../../scripting/atlas/index.ts';
import { checkerboard, freePage, loadPage } from './atlas-page.ts';
import { type AtlasRegion, type ChosenRegions, chooseRegions } from './atlas-regions.ts';

export interface AtlasOptions {
  /** Whether texels are enlarged without smoothing. Default: false. */
  readonly pixelArt?: boolean;
  /** Hears of each image that is gone, once. */
  readonly failed?: (error: Error) => void;
  /** The textures and regions are others now. What was drawn with is freed right after this: nothing may hold it any longer. */
  readonly changed?: () => void;
}

export class AtlasTextures {
  #ratio: number;
  #atlas: Atlas | undefined;
  readonly #options: AtlasOptions;
  /** Those in use, by address. */
  #pages: ReadonlyMap<string, Texture> = new Map();
  #textures: readonly Texture[] = [];
  #regions: ReadonlyMap<string, AtlasRegion> = new Map();
  #names: readonly string[] = [];
  #board: Texture | undefined;
  /** Counts atlases, so that one which was overtaken while its pages were fetched is dropped. */
  #newest = 0;
  #destroyed = false;

  /**
   * Fetches the pages of an atlas that a display with so many pixels a unit needs. Rejects with a sentence where one of them does
   * not come; then nothing is left.
   */
  static async load(atlas: Atlas, ratio: number, options: AtlasOptions = {}): Promise<AtlasTextures> {
    const textures = new AtlasTextures(ratio, options);
    await textures.replace(atlas);
    return textures;
  }

  private constructor(ratio: number, options: AtlasOptions) {
    this.#ratio = ratio;
    this.#options = options;
  }

  /** One a page in use, and a last one where an image is gone. Others after `replace`. */
  get textures(): readonly Texture[] {
    return this.#textures;
  }

  /** Where an image lies, also one that is gone. Undefined for a name that there never was. */
  region(name: string): AtlasRegion | undefined {
    return this.#regions.get(name);
  }

  /** The images that there are. */
  names(): readonly string[] {
    return this.#names;
  }

  /** Goes over to the images that a display with so many pixels a unit needs, as `replace` does. */
  async show(ratio: number): Promise<void> {
    if (ratio === this.#ratio) return;
    this.#ratio = ratio;
    if (this.#atlas !== undefined) await this.replace(this.#atlas);
  }

  /**
   * Goes over to another atlas when the pages that are not there yet have been fetched. Until then, and for good where one of them does
   * not come, all is as it was; then it rejects with a sentence. Where another call has followed before that, or all has been freed,
   * nothing happens.
   */
  async replace(atlas: Atlas): Promise<void> {
    this.#newest += 1;
    const mine = this.#newest;
    this.#atlas = atlas;
    const chosen = chooseRegions(atlas, this.#ratio);
    const missing = [...new Set(chosen.pages)].filter((url) => !this.#pages.has(url));
    const { pixelArt = false } = this.#options;
    const results = await Promise.allSettled(
      missing.map(async (url) => [url, await loadPage(url, pixelArt)] as const),
    );
    const fetched = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    const dropped = this.#destroyed || mine !== this.#newest;
    if (!dropped && failure === undefined) return this.#swap(chosen, new Map([...this.#pages, ...fetched]));
    for (const [, texture] of fetched) freePage(texture);
    if (!dropped) throw failure?.reason;
  }

  /** `pages` are at least those that were chosen. */
  #swap({ pages: urls, regions }: ChosenRegions, pages: ReadonlyMap<string, Texture>): void {
    const lost = this.#names.filter((name) => !regions.has(name));
    const gone = [...this.#regions].filter(([name]) => !regions.has(name));
    const old = [...this.#pages.values()];
    const board = this.#board;
    const used = urls.map((url) => [url, pages.get(url) as Texture] as const);
    this.#pages = new Map(used);
    this.#board = gone.length === 0 ? undefined : (board ?? checkerboard());
    this.#textures = used.map(([, texture]) => texture);
    if (this.#board !== undefined) this.#textures = [...this.#textures, this.#board];
    const onBoard = { page: used.length, u0: 0, v0: 0, u1: 1, v1: 1 };
    this.#regions = new Map([
      ...regions,
      ...gone.map(([name, { width, height }]) => [name, { ...onBoard, width, height }] as const),
    ]);
    this.#names = [...regions.keys()];
    try {
      // Who loads has nothing to change yet.
      if (this.#newest > 1) this.#options.changed?.();
    } finally {
      const now = new Set(this.#textures);
      for (const texture of board === undefined ? old : [...old, board])
        if (!now.has(texture)) freePage(texture);
    }
    for (const name of lost)
      this.#options.failed?.(
        new Error(`the image \`${name}\` is gone: a checkerboard is drawn in its place`),
      );
  }

  /** Frees every texture. There are no images then. */
  destroy(): void {
    this.#destroyed = true;
    const pages = [...this.#pages.values()];
    if (this.#board !== undefined) pages.push(this.#board);
    this.#pages = new Map();
    this.#textures = [];
    this.#regions = new Map();
    this.#names = [];
    this.#board = undefined;
    for (const texture of pages) freePage(texture);
  }
}
