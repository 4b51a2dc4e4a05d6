import type { Container, Renderer } from 'pixi.js';
import { inRange } from '../loop/index.ts';
import { FITS, type Fit } from './fit.ts';

export interface StageOptions {
  /** Where the canvas is put. Not needed with a renderer of one's own. */
  readonly parent?: HTMLElement;
  /** Size of the scene in its own units. */
  readonly width: number;
  readonly height: number;
  /** Colour after everything, 0xRRGGBB. */
  readonly background?: number;
  /** How the scene lies in its parent. Default `width`. */
  readonly fit?: Fit;
  /** Pixels of the picture for a CSS pixel at most, however fine the display: 0.1 to 8. Default: all that the display has. */
  readonly resolutionCap?: number;
  /** Whether edges are smoothed. Default false. */
  readonly antialias?: boolean;
  /** Whether a unit of the scene is one pixel, enlarged by a whole number and without smoothing. Default false. */
  readonly pixelArt?: boolean;
  /** A WebGL 2 renderer of one's own. Whoever has it calls `game.frame`. */
  readonly renderer?: Renderer;
  /** With a renderer of one's own: where the scene is put. Whoever has it draws it. */
  readonly container?: Container;
}

/** The largest canvas that every browser has. */
const LARGEST = 16_384;

/** Throws a `TypeError` or `RangeError` for options that do not fit. */
export function checkStageOptions(options: StageOptions): void {
  inRange('width', options.width, 1, LARGEST);
  inRange('height', options.height, 1, LARGEST);
  inRange('background', options.background ?? 0, 0, 0xffffff);
  inRange('resolutionCap', options.resolutionCap ?? 1, 0.1, 8);
  const { fit = 'width' } = options;
  if (!FITS.includes(fit)) throw new RangeError(`fit is one of ${FITS.join(', ')}, not ${String(fit)}`);
  for (const name of ['antialias', 'pixelArt'] as const) expectBoolean(name, options[name]);
  if (options.renderer === undefined) {
    if (options.container !== undefined)
      throw new TypeError('a container is for a renderer of your own: pass that as `renderer` too');
    if (!(options.parent instanceof HTMLElement))
      throw new TypeError('the game needs a `parent`, the element that its canvas is put into');
  }
}

export function expectBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new TypeError(`${name} is true or false, not ${String(value)}`);
}
