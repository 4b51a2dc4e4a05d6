/** The textures of an atlas's pages. */
import { BufferImageSource, ImageSource, Texture } from 'pixi.js';

/**
 * Fetches a page. That is done here and not by PixiJS's `Assets`, which would share the texture with whoever names the same address,
 * and may start a Worker from text, which a strict content policy forbids. The bitmap is kept: a graphics context that was lost and is
 * back gets its textures from it. Rejects with a sentence where the page does not come.
 */
export async function loadPage(url: string, pixelArt: boolean): Promise<Texture> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`the images ${url} cannot be fetched`, { cause: error });
  });
  if (!response.ok) throw new Error(`the images ${url} cannot be fetched: ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob()).catch((error: unknown) => {
    throw new Error(`the images ${url} cannot be decoded`, { cause: error });
  });
  const source = new ImageSource({
    resource: bitmap,
    alphaMode: 'premultiply-alpha-on-upload',
    scaleMode: pixelArt ? 'nearest' : 'linear',
    label: url,
  });
  return new Texture({ source, label: url });
}

/** Texels of the checkerboard, and of one of its squares. */
const BOARD = 64;
const SQUARE = 8;

/** What is drawn where an image is gone: nobody takes it for a part of the game. */
export function checkerboard(): Texture {
  const texels = new Uint8Array(BOARD * BOARD * 4);
  for (let i = 0; i < BOARD * BOARD; i += 1) {
    const square = Math.floor((i % BOARD) / SQUARE) + Math.floor(i / BOARD / SQUARE);
    texels.set(square % 2 === 0 ? [255, 0, 255, 255] : [0, 0, 0, 255], i * 4);
  }
  const source = new BufferImageSource({
    resource: texels,
    width: BOARD,
    height: BOARD,
    scaleMode: 'nearest',
    label: 'checkerboard',
  });
  return new Texture({ source, label: 'checkerboard' });
}

/** Frees a page on the graphics card and off it. */
export function freePage(texture: Texture): void {
  const { resource } = texture.source;
  texture.destroy(true);
  if (resource instanceof ImageBitmap) resource.close();
}
