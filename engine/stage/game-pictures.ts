/** The pictures of a game in its page: their textures, what the script is told of them, and what becomes of them while they are edited. */
import type { Texture } from 'pixi.js';
import type { ScriptModule } from '../../scripting/image/index.ts';
import { Pictures } from '../pictures/index.ts';
import { checkerboard, freePage } from './atlas-page.ts';
import { AtlasTextures } from './atlas-textures.ts';

export interface GamePicturesOptions {
  readonly script: Pick<ScriptModule<object>, 'atlas' | 'subscribe'>;
  /** Units of the stage that are seen at first. */
  readonly width: number;
  readonly height: number;
  readonly pixelArt?: boolean;
  /** Hears of pictures that are not there, or not there any more. */
  readonly failed: (error: unknown) => void;
}

export class GamePictures {
  readonly pictures = new Pictures();
  /** One a page, and a last one for what is not there. */
  textures: readonly Texture[] = [];
  /** The textures are others now, and the old ones are freed right after this. */
  changed: () => void = () => undefined;
  readonly #board = checkerboard();
  readonly #unsubscribe: () => void;
  readonly #failed: (error: unknown) => void;
  #atlas: AtlasTextures | undefined;

  /** Fetches what there is. Rejects with a sentence where a page does not come; then nothing is left. */
  static async load(options: GamePicturesOptions): Promise<GamePictures> {
    const found = new GamePictures(options);
    try {
      await found.#load(options);
      return found;
    } catch (error) {
      found.destroy();
      throw error;
    }
  }

  private constructor(options: GamePicturesOptions) {
    const { script, width, height, failed } = options;
    this.#failed = failed;
    this.pictures.width = width;
    this.pictures.height = height;
    this.pictures.missing = (name) =>
      failed(new Error(`there is no image \`${name}\`: a checkerboard is drawn in its place`));
    this.textures = [this.#board];
    this.#unsubscribe = script.subscribe((event) => {
      if (event.kind !== 'images') return;
      for (const problem of event.problems) failed(new Error(problem));
      const replaced = this.#atlas === undefined ? this.#load(options) : this.#atlas.replace(event.atlas);
      replaced.catch(failed);
    });
  }

  /** The window is on a display with so many pixels a unit. What that needs is drawn when it has been fetched. */
  display(ratio: number): void {
    this.#atlas?.show(ratio).catch(this.#failed);
  }

  /** Frees every texture. */
  destroy(): void {
    this.#unsubscribe();
    this.changed();
    this.#atlas?.destroy();
    freePage(this.#board);
    this.textures = [];
  }

  async #load({ script, pixelArt = false, failed }: GamePicturesOptions): Promise<void> {
    const { atlas } = script;
    if (atlas === undefined) return;
    const changed = (): void => this.#use();
    this.#atlas = await AtlasTextures.load(atlas, devicePixelRatio, { pixelArt, failed, changed });
    this.#use();
  }

  #use(): void {
    const atlas = this.#atlas;
    if (atlas === undefined) return;
    this.textures = [...atlas.textures, this.#board];
    this.pictures.use({
      pages: atlas.textures.length,
      place: (name) => atlas.region(name),
      names: () => atlas.names(),
    });
    this.changed();
  }
}
