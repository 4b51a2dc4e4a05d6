/** What is drawn where a picture is not there: nobody overlooks it, and no game has such a picture by intention. */
import { Texture } from 'pixi.js';

const SIDE = 4;
const COLORS = [
  [0xff, 0x00, 0xff, 0xff],
  [0x20, 0x20, 0x20, 0xff],
];

export function checkerboard(): Texture {
  const resource = new Uint8Array(4 * SIDE * SIDE);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) resource.set(COLORS[(x + y) % 2] ?? [], 4 * (SIDE * y + x));
  return Texture.from({ resource, width: SIDE, height: SIDE, scaleMode: 'nearest' });
}
