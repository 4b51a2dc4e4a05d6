/**
 * The pictures of a game by name and number. A name has the same number as long as the game runs, whatever becomes of the picture:
 * sprites keep the number, and what it means stands in a table, which alone changes when pictures are packed anew.
 */

import { framesOf } from '../../scripting/image/index.ts';

/** Where a picture is: `u` and `v` from 0 to 1 in its page, width and height in the stage's units. */
export interface PicturePlace {
  readonly page: number;
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
  readonly width: number;
  readonly height: number;
}

/** All pictures that there are, and how many pages they are on. */
export interface PictureSource {
  readonly pages: number;
  place(name: string): PicturePlace | undefined;
  names(): Iterable<string>;
}

const NOTHING: PictureSource = { pages: 0, place: () => undefined, names: () => [] };

/** Units: what stands where a picture is not there. */
const MISSING_SIZE = 32;

export class Pictures {
  /** Units of the stage that are seen. */
  width = 0;
  height = 0;
  /** Another one whenever the table has changed. */
  version = 0;
  /** Hears of a picture that a script names and that is not there, once for each name. */
  missing: (name: string) => void = () => undefined;
  readonly #numbers = new Map<string, number>();
  readonly #told = new Set<string>();
  #source = NOTHING;

  /** From now on pictures are these. */
  use(source: PictureSource): void {
    this.#source = source;
    this.#told.clear();
    this.version += 1;
  }

  /** The number of a name, from 1; -1 for one that there is no picture of, unless the script was compiled with it. */
  number(name: string, isWritten: boolean): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (!isWritten && this.#source.place(name) === undefined) return -1;
    const number = this.#numbers.size + 1;
    this.#numbers.set(name, number);
    this.version += 1;
    return number;
  }

  /** The numbers of an animation's pictures, in their order. */
  frames(animation: string): readonly number[] {
    return framesOf(animation, this.#source.names()).map((name) => this.number(name, true));
  }

  /**
   * Five numbers for each picture, by its number: its page, its left top and right bottom corners there, each as two words of 16 bits,
   * its width and height. What is not there is drawn with the page after the last.
   */
  table(): readonly number[] {
    const { pages } = this.#source;
    const missing = [pages, 0, corner(1, 1), MISSING_SIZE, MISSING_SIZE];
    const rows = [...this.#numbers.keys()].map((name) => {
      const place = this.#source.place(name);
      if (place !== undefined) {
        const { page, u0, v0, u1, v1, width, height } = place;
        return [page, corner(u0, v0), corner(u1, v1), width, height];
      }
      if (!this.#told.has(name)) this.missing(name);
      this.#told.add(name);
      return missing;
    });
    return [missing, ...rows].flat();
  }
}

/** Two fractions as 16 bits each, the first in the lower ones: how the graphics card reads them. */
function corner(u: number, v: number): number {
  return Math.round(u * 0xffff) + Math.round(v * 0xffff) * 0x10000;
}
