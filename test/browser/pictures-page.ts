/** A page that draws images of a game, one at a time, with a renderer of its own: what a test needs to see their pixels. */
import { encode } from 'fast-png';
import type { AtlasOptions, AtlasTextures } from '../../engine/stage/index.ts';
import type { ScriptModule } from '../../scripting/image/index.ts';

declare global {
  /** What the page holds for tests. */
  var pictures: {
    readonly script: ScriptModule;
    /** Loads the newest atlas. */
    load(ratio: number, options?: AtlasOptions): Promise<AtlasTextures>;
    /** Pixels of the picture, row by row from the top, with the image drawn in its left upper corner. */
    pixels(textures: AtlasTextures, name: string, scale?: number): readonly (readonly number[])[];
    /** Takes the graphics context away and gives it back. */
    loseContext(): Promise<void>;
  };
  /** Those of the test at hand. */
  var textures: AtlasTextures;
}

/** Of the picture. */
export const WIDTH = 32;
export const HEIGHT = 16;

const HTML = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pictures</title><link rel="icon" href="data:,"></head>
<body><script type="module" src="./pictures.ts"></script></body></html>`;

const PAGE = `
import 'pixi.js/unsafe-eval';
import { Container, Rectangle, Sprite, Texture, WebGLRenderer } from 'pixi.js';
import { AtlasTextures } from '../../engine/stage/index.ts';
import script from './pictures.slu';

const renderer = new WebGLRenderer();
await renderer.init({ width: ${WIDTH}, height: ${HEIGHT}, backgroundColor: 0x000000, preferWebGLVersion: 2, gcActive: false });
document.body.append(renderer.canvas);

const load = (ratio, options) => AtlasTextures.load(script.atlas, ratio, options);

function pixels(textures, name, scale = 1) {
  const { page, u0, v0, u1, v1, width, height } = textures.region(name);
  const { source } = textures.textures[page];
  const frame = new Rectangle(u0 * source.width, v0 * source.height, (u1 - u0) * source.width, (v1 - v0) * source.height);
  const sprite = new Sprite({ texture: new Texture({ source, frame }), width: width * scale, height: height * scale });
  const scene = new Container({ children: [sprite] });
  renderer.render(scene);
  const { gl } = renderer;
  const all = new Uint8Array(${WIDTH * HEIGHT * 4});
  gl.readPixels(0, 0, ${WIDTH}, ${HEIGHT}, gl.RGBA, gl.UNSIGNED_BYTE, all);
  scene.destroy({ children: true });
  // From below in WebGL.
  return Array.from({ length: ${HEIGHT} }, (_none, y) => [...all.subarray((${HEIGHT} - 1 - y) * ${WIDTH * 4}, (${HEIGHT} - y) * ${WIDTH * 4})]);
}

const event = (name) => new Promise((resolve) => renderer.canvas.addEventListener(name, resolve, { once: true }));

async function loseContext() {
  const extension = renderer.gl.getExtension('WEBGL_lose_context');
  const lost = event('webglcontextlost');
  extension.loseContext();
  await lost;
  // Not before the event is over may it come back.
  await new Promise(requestAnimationFrame);
  const restored = event('webglcontextrestored');
  extension.restoreContext();
  await restored;
}

globalThis.pictures = { script, load, pixels, loseContext };
`;

/** Adds the page by its files, in a folder of its own, without images. */
export function addPictures(write: (file: string, text: string) => void): void {
  write('pictures/pictures.slu', '(pub defn start () : Unit)\n');
  write('pictures/pictures.ts', PAGE);
  write('pictures/index.html', HTML);
}

/** An image of one colour with a frame of another, all opaque. */
export function framed(width: number, height: number, inside: number, frame: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const color = x === 0 || y === 0 || x === width - 1 || y === height - 1 ? frame : inside;
    data.set([color >> 16, (color >> 8) & 255, color & 255, 255], i * 4);
  }
  return encode({ width, height, data });
}

/** An image of one white that is half see-through. */
export function veil(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4).map((_none, i) => (i % 4 === 3 ? 128 : 255));
  return encode({ width, height, data });
}

/** What a picture shows as text: a letter a pixel, where a colour has one. */
export function readable(
  rows: readonly (readonly number[])[],
  letters: Readonly<Record<string, number>>,
): string[] {
  const byColor = new Map(Object.entries(letters).map(([letter, color]) => [color, letter]));
  return rows.map((row) =>
    Array.from({ length: row.length / 4 }, (_none, x) => {
      const [red = 0, green = 0, blue = 0] = row.slice(4 * x);
      return byColor.get((red << 16) | (green << 8) | blue) ?? '?';
    }).join(''),
  );
}
