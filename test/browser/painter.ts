/** A painter of sprites, one pixel after the other: slow, and too simple to be wrong. */

/** An image of one colour with a frame of another, one texel wide. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly inside: number;
  readonly frame: number;
}

/** A sprite as the script has it: turned by quarters, at whole places, its anchor its left top. */
export interface Seen {
  readonly region: number;
  readonly x: number;
  readonly y: number;
  readonly turns: bigint | number;
  readonly 'flip-x': boolean;
  readonly 'flip-y': boolean;
  readonly tint: number;
  /** 0: by z; 1: by y, then z; 2: added to what is there; 3: by z. */
  readonly layer: bigint | number;
  readonly z: number;
  /** -1 without a place. */
  readonly 'place-x': number;
  readonly 'place-y': number;
  readonly 'place-turns': bigint | number;
}

/** Something that is drawn after the sprites of a layer. */
export interface Square {
  readonly layer: number;
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly color: number;
}

const COS = [1, 0, -1, 0];
const SIN = [0, 1, 0, -1];
const LAYERS = [0, 1, 2, 3];
const BY_Y = 1;
const ADDED = 2;

const isPlaced = (sprite: Seen): boolean => sprite['place-x'] >= 0;

/** Turned about the place, and moved there. */
function inWorld(sprite: Seen, x: number, y: number): [number, number] {
  if (!isPlaced(sprite)) return [x, y];
  const turns = Number(sprite['place-turns']);
  const [c, s] = [COS[turns] ?? 1, SIN[turns] ?? 0];
  return [sprite['place-x'] + c * x - s * y, sprite['place-y'] + s * x + c * y];
}

/** `Thing`s, which have a place, are defined before `Flat`s. */
function inOrder(sprites: readonly Seen[], layer: number): readonly Seen[] {
  const come = [...sprites.filter(isPlaced), ...sprites.filter((s) => !isPlaced(s))];
  const y = (s: Seen) => (layer === BY_Y ? Math.round(inWorld(s, s.x, s.y)[1]) : 0);
  return come.filter((s) => Number(s.layer) === layer).sort((a, b) => y(a) - y(b) || a.z - b.z);
}

export function paint(
  width: number,
  height: number,
  background: number,
  pictures: readonly Picture[],
  sprites: readonly Seen[],
  square?: Square,
): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * width * height);
  const isSeen = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height;
  const set = (x: number, y: number, color: readonly number[], added: boolean): void => {
    const at = 4 * (y * width + x);
    for (const [i, value] of color.entries()) pixels[at + i] = added ? (pixels[at + i] ?? 0) + value : value;
  };
  for (let i = 0; i < width * height; i++) set(i % width, Math.floor(i / width), channels(background), false);
  for (const layer of LAYERS) {
    for (const sprite of inOrder(sprites, layer)) {
      const picture = pictures[sprite.region] as Picture;
      const turns = Number(sprite.turns);
      const [c, s] = [COS[turns] ?? 1, SIN[turns] ?? 0];
      for (let v = 0; v < picture.height; v++)
        for (let u = 0; u < picture.width; u++) {
          // The middle of the texel, mirrored, turned, and moved.
          const dx = (sprite['flip-x'] ? -1 : 1) * (u + 0.5);
          const dy = (sprite['flip-y'] ? -1 : 1) * (v + 0.5);
          const [x, y] = inWorld(sprite, sprite.x + c * dx - s * dy, sprite.y + s * dx + c * dy);
          if (!isSeen(Math.floor(x), Math.floor(y))) continue;
          const color = channels(texel(picture, u, v)).map(
            (value, i) => (value * (channels(sprite.tint)[i] ?? 0)) / 255,
          );
          set(Math.floor(x), Math.floor(y), color, layer === ADDED);
        }
    }
    if (square?.layer !== layer) continue;
    for (let i = 0; i < square.side ** 2; i++)
      set(
        square.x + (i % square.side),
        square.y + Math.floor(i / square.side),
        channels(square.color),
        false,
      );
  }
  return pixels;
}

function texel({ width, height, inside, frame }: Picture, u: number, v: number): number {
  return u === 0 || v === 0 || u === width - 1 || v === height - 1 ? frame : inside;
}

const channels = (color: number): readonly number[] => [color >> 16, (color >> 8) & 255, color & 255];
