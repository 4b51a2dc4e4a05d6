/**
 * How the scene lies on its canvas. Sizes are in units of the scene, in CSS pixels of the page, and in pixels of the
 * picture that is drawn:
 *
 *     contain   the picture has the scene's proportions; the browser centres it in the canvas      |  [scene]  |
 *     cover     the picture is as large as the canvas; what sticks out of it of the scene is cut   [s|cen|e]
 *     height    the picture is as large as the canvas; more or less of the scene is seen sideways  |scene ...|
 */

/**
 * `width`: the canvas is as wide as its parent, and as high as the scene's proportions make it. `contain`, `cover` and
 * `height` fill the parent, `screen` the window, where the scene is contained as well.
 */
export type Fit = 'width' | 'contain' | 'cover' | 'height' | 'screen';

export const FITS: readonly Fit[] = ['width', 'contain', 'cover', 'height', 'screen'];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Picture {
  /** Pixels of the picture. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for one of PixiJS's units. */
  readonly resolution: number;
  /** PixiJS's units for one of the scene's. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Where the scene's corner is, in PixiJS's units. */
  readonly x: number;
  readonly y: number;
  /** Pixel art: pixels of the display for one of the picture's, a whole number; 0 where the picture is as large as the canvas lets it be. */
  readonly enlarged: number;
}

/**
 * The picture for a canvas whose inside is `box`, in CSS pixels of `resolution` pixels each.
 */
export function fitPicture(fit: Fit, scene: Size, box: Size, resolution: number): Picture {
  const room = roomOf(box, resolution);
  if (fit === 'cover' || fit === 'height')
    return filling(fit, scene, room, pixelsOf(fit, scene, room), resolution, 0);
  return contained(scene, containedIn(scene, room, fit === 'width' ? resolution : 0), resolution, 0);
}

/**
 * The picture of pixel art: one unit of the scene is one of its pixels, which the browser enlarges by a whole number, since pixels of
 * different sizes are seen. Where there is less room than the scene has units, it is made smaller by any number.
 */
export function fitPixels(fit: Fit, scene: Size, box: Size, ratio: number): Picture {
  const room = roomOf(box, ratio);
  const pixels = pixelsOf(fit, scene, room);
  const enlarged = pixels < 1 ? 0 : fit === 'cover' ? Math.ceil(pixels) : Math.floor(pixels);
  if (fit !== 'cover' && fit !== 'height') return contained(scene, scene, 1, enlarged);
  const by = enlarged || pixels;
  const size = { width: room.width / by, height: fit === 'height' ? scene.height : room.height / by };
  const whole = enlarged === 0 ? size : { width: Math.floor(size.width), height: Math.floor(size.height) };
  return filling(fit, scene, whole, 1, 1, enlarged);
}

/** Pixels of the display. */
function roomOf(box: Size, resolution: number): Size {
  return {
    width: Math.max(1, Math.round(box.width * resolution)),
    height: Math.max(1, Math.round(box.height * resolution)),
  };
}

/** How many of them a unit of the scene has, where nothing is rounded. */
function pixelsOf(fit: Fit, scene: Size, room: Size): number {
  const across = room.width / scene.width;
  const down = room.height / scene.height;
  switch (fit) {
    case 'width':
      return across;
    case 'height':
      return down;
    case 'cover':
      return Math.max(across, down);
    case 'contain':
    case 'screen':
      return Math.min(across, down);
  }
}

/**
 * The largest picture of the scene's proportions. A side that the room leaves over is even, so that the picture lies on whole
 * pixels in its middle. `slack` pixels too few or too many in height are the browser's rounding, and no edge is left there.
 */
function containedIn(scene: Size, room: Size, slack: number): Size {
  const height = (room.width * scene.height) / scene.width;
  if (height <= room.height + slack)
    return { width: room.width, height: centred(height, room.height, slack) };
  const width = (room.height * scene.width) / scene.height;
  return { width: centred(width, room.width, 0), height: room.height };
}

function centred(length: number, room: number, slack: number): number {
  const whole = Math.max(1, Math.round(length));
  if (Math.abs(room - length) <= slack) return whole;
  return (room - whole) % 2 === 0 || whole === 1 ? whole : whole - 1;
}

function contained(scene: Size, picture: Size, resolution: number, enlarged: number): Picture {
  const scaleX = picture.width / resolution / scene.width;
  const scaleY = picture.height / resolution / scene.height;
  return { ...picture, resolution, scaleX, scaleY, x: 0, y: 0, enlarged };
}

/** `pixels` of the picture are one unit of the scene. */
function filling(
  fit: Fit,
  scene: Size,
  size: Size,
  pixels: number,
  resolution: number,
  enlarged: number,
): Picture {
  const width = Math.max(1, Math.round(size.width));
  const height = Math.max(1, Math.round(size.height));
  const scale = pixels / resolution;
  const x = fit === 'height' ? 0 : Math.round((width - scene.width * pixels) / 2) / resolution;
  const y = fit === 'height' ? 0 : Math.round((height - scene.height * pixels) / 2) / resolution;
  return { width, height, resolution, scaleX: scale, scaleY: scale, x, y, enlarged };
}

/** A place inside a canvas, in CSS pixels, in the scene's units. The browser shows the picture whole and in the middle. */
export function placeInScene(picture: Picture, box: Size, x: number, y: number): readonly [number, number] {
  const shown = Math.min(box.width / picture.width, box.height / picture.height);
  const left = (box.width - picture.width * shown) / 2;
  const top = (box.height - picture.height * shown) / 2;
  const pixelsX = (x - left) / shown / picture.resolution;
  const pixelsY = (y - top) / shown / picture.resolution;
  return [(pixelsX - picture.x) / picture.scaleX, (pixelsY - picture.y) / picture.scaleY];
}
