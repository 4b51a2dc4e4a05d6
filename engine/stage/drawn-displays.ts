/** The display objects of the script that runs, whose PixiJS part is fetched when there is one first. */
import type { Container } from 'pixi.js';
import type { Displays } from '../pictures/index.ts';
import type { DisplayObjects } from './display-objects.ts';

export class DrawnDisplays {
  readonly #layerOf: (layer: number) => Container;
  readonly #failed: (error: unknown) => void;
  #displays: Displays;
  #objects: DisplayObjects | undefined;
  #fetching = false;
  #sharpness = 0;
  /** Whether layers may be others than they were. */
  #layersChanged = false;

  /** `layerOf` returns the container of a layer, by its number. */
  constructor(displays: Displays, layerOf: (layer: number) => Container, failed: (error: unknown) => void) {
    this.#displays = displays;
    this.#layerOf = layerOf;
    this.#failed = failed;
  }

  /** Draws those of another machine instead; the ones before are gone. */
  attach(displays: Displays): void {
    this.#objects?.destroy();
    this.#displays = displays;
    displays.changed = true;
  }

  /** The layers may be others. */
  relayer(): void {
    this.#layersChanged = true;
  }

  /** Texts have so many pixels for a unit. */
  update(sharpness: number): void {
    const displays = this.#displays;
    if (!displays.changed && !this.#layersChanged && sharpness === this.#sharpness) return;
    if (this.#objects === undefined) {
      this.#layersChanged = false;
      if (displays.all.size > 0) this.#fetch();
      return;
    }
    this.#objects.update(displays, sharpness, this.#layersChanged);
    displays.changed = false;
    this.#layersChanged = false;
    this.#sharpness = sharpness;
  }

  destroy(): void {
    this.#objects?.destroy();
  }

  #fetch(): void {
    if (this.#fetching) return;
    this.#fetching = true;
    import('./display-objects.ts').then(({ DisplayObjects }) => {
      this.#objects = new DisplayObjects(this.#layerOf);
    }, this.#failed);
  }
}
