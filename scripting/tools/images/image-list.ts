/** Which images there are in a folder, by the names of their files. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { alikeButForCase, type ImageName, imageName } from '../../atlas/index.ts';

export interface ImageFile extends ImageName {
  /** Where it lies. */
  readonly file: string;
}

/** Something wrong with an image, or with the folder: that image is left out, and all others are there. */
export interface ImageProblem {
  readonly severity: 'error' | 'warning';
  /** The file or folder. */
  readonly file: string;
  /** A sentence that follows the file's name. */
  readonly message: string;
}

export interface ImageList {
  /** By name; of one name, that of one texel a unit first. */
  readonly images: readonly ImageFile[];
  readonly problems: readonly ImageProblem[];
}

/** `images/ball.png: error: it is no PNG image`; `rename` says what a file is called. */
export function renderImageProblem(
  { file, severity, message }: ImageProblem,
  rename: (file: string) => string = (path) => path,
): string {
  return `${rename(file)}: ${severity}: ${message}`;
}

/** The folder beside a script that has the images of its game, where no option names another. */
export const IMAGES_FOLDER = 'images';

/** Files that somebody may take for images of the game. */
const OTHER_IMAGE = /\.(png|apng|jpe?g|webp|gif|avif|bmp|tga|svg)$/i;

/** The images in a folder and the folders in it; undefined where there is no such folder. Files whose names begin with a point are none. */
export async function listImages(folder: string): Promise<ImageList | undefined> {
  const kind = await stat(folder).catch(() => undefined);
  if (kind?.isDirectory() !== true) return undefined;
  const images: ImageFile[] = [];
  const problems: ImageProblem[] = [];
  for (const path of await filesIn(folder, '', problems)) {
    const file = join(folder, path);
    const named = imageName(path);
    if (named !== undefined) images.push({ ...named, file });
    else if (OTHER_IMAGE.test(path))
      problems.push({ severity: 'warning', file, message: 'it is left out: images are files `NAME.png`' });
  }
  if (images.length === 0)
    problems.push({ severity: 'warning', file: folder, message: 'the folder holds no image `NAME.png`' });
  const wrong = new Map(
    alikeButForCase(images.map(({ name }) => name)).map(([first, other]) => [other, first]),
  );
  for (const { name, file } of images) {
    const first = wrong.get(name);
    if (first === undefined) continue;
    const message = `it is left out: its name differs from \`${first}\` only in the case of its letters`;
    problems.push({ severity: 'error', file, message });
  }
  return { images: images.filter(({ name }) => !wrong.has(name)).sort(byName), problems };
}

/** Paths inside the folder, with `/`. Links to folders are not followed, since they may lead round in a circle. */
async function filesIn(folder: string, inside: string, problems: ImageProblem[]): Promise<readonly string[]> {
  const whole = join(folder, inside);
  const entries = await readdir(whole, { withFileTypes: true }).catch(({ code, message }) => {
    // It may have been deleted since it was found.
    if (code !== 'ENOENT')
      problems.push({ severity: 'error', file: whole, message: `it cannot be read: ${message}` });
    return [];
  });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry): Promise<readonly string[]> => {
        const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
        if (entry.isDirectory()) return filesIn(folder, path, problems);
        return [path];
      }),
  );
  return found.flat();
}

export function byName(a: ImageName, b: ImageName): number {
  return a.name === b.name ? a.scale - b.scale : a.name < b.name ? -1 : 1;
}
