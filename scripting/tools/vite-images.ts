/**
 * The images of games in the Vite plugin: packed for the module of each main script, served or emitted as files, and packed again when
 * one of them is edited, made or deleted. Then pages hear of it by the development server's socket, and load what has changed.
 */
import { basename, dirname, join, relative } from 'node:path';
import { normalizePath, type ViteDevServer } from 'vite';
import type { Atlas } from '../atlas/index.ts';
import { atlasOf, PackedImages, type PackedPage, type Packing } from './atlas/index.ts';
import { IMAGES_FOLDER, type ImageProblem, renderImageProblem } from './images/index.ts';

/** What follows the base in the address of a page while serving. The rest is the page's key. */
const SERVED = '@sluice-images/';

export interface ScriptImages {
  readonly folder: string;
  readonly packing: Packing;
  readonly problems: readonly ImageProblem[];
}

/** What has become of a script's images since the last time. */
export interface ImageNews {
  readonly problems: readonly string[];
  /** Those that were not there before. */
  readonly fresh: readonly ImageProblem[];
  /** Whether pages know something else. */
  readonly changed: boolean;
  /** Whether other names are there: the script has to be compiled again. */
  readonly renamed: boolean;
}

export class SiteImages {
  readonly #option: string | undefined;
  readonly #folders = new Map<string, PackedImages>();
  /** What the pages of each main script know. */
  readonly #told = new Map<string, Told>();
  #root = '';
  #base = '/';

  /** `option` is a folder beside each script; where there is none, `images` is. */
  constructor(option: string | undefined) {
    this.#option = option;
  }

  /** Where the project lies, and what the addresses of its pages begin with. */
  configure(root: string, base: string): void {
    this.#root = root;
    this.#base = base;
  }

  folderOf(main: string): string {
    return normalizePath(join(dirname(main), this.#option ?? IMAGES_FOLDER));
  }

  /** The names that a script may use, as they were packed last. */
  namesFor(main: string): ReadonlySet<string> {
    return this.#packed(this.folderOf(main)).packing.names;
  }

  /** Packs the images of a script. */
  async pack(main: string): Promise<ScriptImages> {
    const folder = this.folderOf(main);
    const packing = await this.#packed(folder).pack();
    const missing: ImageProblem = {
      severity: 'error',
      file: folder,
      message: 'there is no such folder of images',
    };
    const lacks = !packing.found && this.#option !== undefined;
    return { folder, packing, problems: lacks ? [missing] : packing.problems };
  }

  /** Notes what pages know from now on, and says what is new of it. */
  note(main: string, { packing, problems }: ScriptImages): ImageNews {
    const before = this.#told.get(main);
    const now: Told = {
      atlas: JSON.stringify(this.served(packing)),
      names: JSON.stringify([...packing.names]),
      problems: problems.map((problem) => this.render(problem)),
    };
    this.#told.set(main, now);
    const fresh = problems.filter(
      (_problem, i) => before?.problems.includes(now.problems[i] as string) !== true,
    );
    const mended = before?.problems.some((problem) => !now.problems.includes(problem)) ?? false;
    return {
      problems: now.problems,
      fresh,
      changed: before !== undefined && (before.atlas !== now.atlas || fresh.length > 0 || mended),
      renamed: before !== undefined && before.names !== now.names,
    };
  }

  /** An atlas whose pages are fetched from the development server. */
  served(packing: Packing): Atlas {
    return atlasOf(packing, ({ key }) => `${this.#base}${SERVED}${key}.png`);
  }

  /** A sentence with the file's name, as from the project's folder. */
  render(problem: ImageProblem): string {
    return renderImageProblem(problem, (file) => normalizePath(relative(this.#root, file)));
  }

  /** Answers requests for pages. */
  listen(server: ViteDevServer): void {
    server.middlewares.use((request, response, next) => {
      const [, key] = /@sluice-images\/([0-9a-f]+)\.png(?:\?|$)/.exec(request.url ?? '') ?? [];
      const page = key === undefined ? undefined : this.#page(key);
      if (page === undefined) return next();
      response.setHeader('Content-Type', 'image/png');
      // The same address never has other pixels.
      response.setHeader('Cache-Control', 'max-age=31536000, immutable');
      response.end(page.png());
    });
  }

  #page(key: string): PackedPage | undefined {
    for (const packed of this.#folders.values()) {
      const page = packed.page(key);
      if (page !== undefined) return page;
    }
    return undefined;
  }

  #packed(folder: string): PackedImages {
    const known = this.#folders.get(folder) ?? new PackedImages(folder);
    this.#folders.set(folder, known);
    return known;
  }
}

interface Told {
  readonly atlas: string;
  readonly names: string;
  readonly problems: readonly string[];
}

/** The atlas of a build, as an expression; `emit` puts a file among the built ones, and returns an expression that is its address. */
export function builtAtlas(
  { folder, packing }: ScriptImages,
  emit: (name: string, source: Uint8Array) => string,
): string {
  const urls = packing.pages.map((page, i) => emit(`${basename(folder)}-${i + 1}.png`, page.png()));
  const pages = packing.pages.map(
    ({ width, height }, i) => `{ url: ${urls[i]}, width: ${width}, height: ${height} }`,
  );
  return `{ pages: [${pages.join(', ')}], regions: ${jsonExpression(packing.regions)} }`;
}

/** Browsers read JSON faster than the same as an expression. */
export const jsonExpression = (value: unknown): string =>
  `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
