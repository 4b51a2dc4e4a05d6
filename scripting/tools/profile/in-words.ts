/** Figures and places of a recording, as reports write them. */
import type { ProfiledSite, Recording } from './recording.ts';

/** `find-way` */
export function functionName({ functions }: Recording, index: number): string {
  const name = functions[index]?.name ?? '';
  return name === '' ? 'a function without a name' : name;
}

/** `game.slu:41` */
export function placeOf({ functions }: Recording, index: number): string {
  const found = functions[index];
  return found === undefined ? '' : `${found.file}:${found.line}`;
}

export const counted = (frames: number): string => `${frames} ${frames === 1 ? 'frame' : 'frames'}`;

/** Milliseconds; of a tenth of a second and more, to the tenth of one. */
export const ms = (time: number): string => time.toFixed(time >= 100 ? 1 : 3);

export const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);

/** `game.slu:41 in find-way` */
export function siteName({ function: name, file, line }: ProfiledSite): string {
  if (file === '') return 'no line of the script';
  return `${file}:${line}${name === '' ? '' : ` in ${name}`}`;
}
