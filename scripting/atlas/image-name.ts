/** How the images of a game are named: by their path inside the folder of images. Case matters. */

/** Texels of an image for a unit of the scene. */
export type Scale = 1 | 2;

export interface ImageName {
  /** What scripts call it: `hero/run-1.png`. */
  readonly name: string;
  readonly scale: Scale;
}

/**
 * What the image of a file is called: `hero/run@2x.png` holds `hero/run.png` with two texels a unit. Undefined for a file that is no
 * image by its name. The same letters have the same codes, however a file system writes them.
 */
export function imageName(path: string): ImageName | undefined {
  const found = /^((?:.*\/)?[^/]+?)(@2x)?\.png$/.exec(path.normalize('NFC'));
  if (found === null) return undefined;
  return { name: `${found[1]}.png`, scale: found[2] === undefined ? 1 : 2 };
}

/** Pairs of names that are alike but for the case of their letters, each with the first of its kind. */
export function alikeButForCase(
  names: Iterable<string>,
): readonly (readonly [first: string, other: string])[] {
  const kinds = new Map<string, string>();
  const pairs: (readonly [string, string])[] = [];
  for (const name of [...new Set(names)].sort()) {
    const kind = name.toLowerCase();
    const first = kinds.get(kind);
    if (first === undefined) kinds.set(kind, name);
    else pairs.push([first, name]);
  }
  return pairs;
}
