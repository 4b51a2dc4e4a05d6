/**
 * The images of a game on the command line, where none is seen: which there are, for the compiler, and how large they are. They lie in
 * the folder `images` beside the main script, or in the one that `--images` names.
 */
import { dirname, join } from 'node:path';
import { Pictures, type StageHost, stageHost } from '../../engine/pictures/index.ts';
import type { Streams } from './command.ts';
import type { CompileOptions } from './compile.ts';
import { IMAGES_FOLDER, type ImageSizes, readImageSizes, renderImageProblem } from './images/index.ts';
import { type Arguments, UsageError } from './options.ts';

/** What `--help` says of it, in a list of options whose texts begin at a column. */
export function imagesHelp(column: number): string {
  return `${'--images DIR'.padEnd(column - 2)}the folder with the game's images; \`${IMAGES_FOLDER}\` beside the script unless given`;
}

export class GameImages {
  readonly #option: string | undefined;
  readonly #streams: Streams;
  readonly #warns: boolean;
  /** By folder: of several scripts with the same images, what is wrong with those is told once. */
  readonly #folders = new Map<string, Promise<ImageSizes | undefined>>();
  #failed = false;

  /** `warns`: whether it is told, too, what is no mistake for certain. A folder of this name may be nothing of the game's. */
  constructor(args: Arguments, streams: Streams, { warns = false }: { readonly warns?: boolean } = {}) {
    this.#option = args.values.get('images');
    this.#streams = streams;
    this.#warns = warns;
  }

  /** Whether an image was wrong. */
  get failed(): boolean {
    return this.#failed;
  }

  /**
   * The images of the program with this main script; undefined where it has no such folder. What is wrong with them is printed. Throws
   * a `UsageError` where the folder of the option is not there.
   */
  of(main: string): Promise<ImageSizes | undefined> {
    const folder = this.#option ?? join(dirname(main), IMAGES_FOLDER);
    const found = this.#folders.get(folder) ?? this.#read(folder);
    this.#folders.set(folder, found);
    return found;
  }

  async #read(folder: string): Promise<ImageSizes | undefined> {
    const found = await readImageSizes(folder);
    if (found === undefined && this.#option !== undefined)
      throw new UsageError(`there is no folder ${folder}`);
    for (const problem of found?.problems ?? []) {
      if (problem.severity === 'error') this.#failed = true;
      else if (!this.#warns) continue;
      this.#streams.error(`${renderImageProblem(problem)}\n`);
    }
    return found;
  }
}

/** An option of the compiler: names are not checked where it is not known which images there are. */
export function imageNames(images: ImageSizes | undefined): Pick<CompileOptions, 'images'> {
  return images === undefined ? {} : { images: images.names };
}

/** Units of a stage that nobody sees: what a script is told of it. */
const UNSEEN = { width: 960, height: 600 };

/** What `sluice.stage` needs of the host where nothing is drawn: the images have their sizes. */
export function unseenStage(images: ImageSizes | undefined): StageHost {
  const pictures = new Pictures();
  Object.assign(pictures, UNSEEN);
  const sizes = images?.sizes;
  pictures.use({
    pages: 1,
    names: () => sizes?.keys() ?? [],
    place: (name) => {
      const size = sizes?.get(name);
      return size && { page: 0, u0: 0, v0: 0, u1: 1, v1: 1, ...size };
    },
  });
  return stageHost(pictures);
}
