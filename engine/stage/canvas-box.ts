/** The inside of a canvas: what is left of its box without border and padding, to a fraction of a CSS pixel, before any transform. */
import type { Picture, Size } from './fit.ts';

const SIDES = { width: ['Left', 'Right'], height: ['Top', 'Bottom'] } as const;

export function insideOf(canvas: HTMLCanvasElement): Size {
  const style = getComputedStyle(canvas);
  return { width: lengthInside(style, 'width'), height: lengthInside(style, 'height') };
}

/**
 * Fits a picture of pixel art into a canvas, whose padding is then as wide as is left over: so the browser enlarges the picture by
 * the whole number that it says.
 */
export function enlarge(canvas: HTMLCanvasElement, ratio: number, choose: (room: Size) => Picture): Picture {
  canvas.style.padding = '';
  const room = insideOf(canvas);
  const picture = choose(room);
  if (picture.enlarged === 0) return picture;
  const style = getComputedStyle(canvas);
  for (const axis of ['width', 'height'] as const) {
    const over = Math.max(0, room[axis] - (picture[axis] * picture.enlarged) / ratio);
    // On whole pixels of the display.
    const before = Math.floor((over * ratio) / 2) / ratio;
    const [first, last] = SIDES[axis];
    const [own, ownLast] = [pixels(style[`padding${first}`]), pixels(style[`padding${last}`])];
    canvas.style[`padding${first}`] = `${own + before}px`;
    canvas.style[`padding${last}`] = `${ownLast + over - before}px`;
  }
  return picture;
}

function lengthInside(style: CSSStyleDeclaration, axis: 'width' | 'height'): number {
  const length = pixels(style[axis]);
  if (style.boxSizing !== 'border-box') return length;
  const edges = SIDES[axis].map(
    (side) => pixels(style[`border${side}Width`]) + pixels(style[`padding${side}`]),
  );
  return Math.max(
    0,
    edges.reduce((left, edge) => left - edge, length),
  );
}

function pixels(length: string): number {
  return Number.parseFloat(length) || 0;
}
