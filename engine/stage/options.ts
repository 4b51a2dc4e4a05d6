import { inRange } from '../loop/index.ts';
import { FITS } from './fit.ts';
import type { StageOptions } from './stage.ts';

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
