import { describe, expect, test } from 'vitest';
import { FITS, type Fit, fitPicture, fitPixels, placeInScene } from '../../../engine/stage/fit.ts';

const SCENE = { width: 960, height: 600 };
const pictureFor = (how: Fit, width: number, height: number, resolution = 1, whole = false) =>
  (whole ? fitPixels : fitPicture)(how, SCENE, { width, height }, resolution);

describe('the picture', () => {
  test('that is contained has the proportions of the scene, on whole pixels in the middle', () => {
    expect(pictureFor('contain', 800, 800)).toMatchObject({
      width: 800,
      height: 500,
      x: 0,
      y: 0,
      scaleX: 800 / 960,
    });
    expect(pictureFor('contain', 1000, 300)).toMatchObject({ width: 480, height: 300 });
    // 475.2 pixels high: 475 would lie on half a pixel.
    expect(pictureFor('screen', 760, 800)).toMatchObject({ width: 760, height: 474 });
    expect(pictureFor('contain', 760, 800, 2)).toMatchObject({ width: 1520, height: 950, resolution: 2 });
  });

  test('of a canvas as wide as its parent leaves no edge where the browser rounds its height', () => {
    for (const height of [625, 626])
      expect(pictureFor('width', 1001, height)).toMatchObject({ width: 1001, height: 626 });
    for (const height of [625, 626])
      expect(pictureFor('width', 1001, height, 2)).toMatchObject({ width: 2002, height: 1251 });
  });

  test('that covers is as large as the canvas; the scene sticks out on both sides alike', () => {
    const picture = pictureFor('cover', 800, 800);
    expect(picture).toMatchObject({ width: 800, height: 800, y: 0 });
    expect(picture.scaleX).toBeCloseTo(800 / 600, 9);
    expect(picture.x).toBe(Math.round((800 - 1280) / 2));
  });

  test('of a fixed height shows as much sideways as there is room', () => {
    const picture = pictureFor('height', 1600, 300, 2);
    expect(picture).toMatchObject({ width: 3200, height: 600, x: 0, y: 0, scaleX: 0.5, scaleY: 0.5 });
    expect(placeInScene(picture, { width: 1600, height: 300 }, 1600, 300)).toEqual([3200, 600]);
  });

  const pixels = (how: Fit, width: number, height: number, ratio = 1) =>
    fitPixels(how, { width: 320, height: 180 }, { width, height }, ratio);

  test('of pixel art has one pixel a unit, enlarged by a whole number', () => {
    const whole = { width: 320, height: 180, resolution: 1, scaleX: 1, scaleY: 1, x: 0, y: 0 };
    expect(pixels('contain', 1000, 600)).toEqual({ ...whole, enlarged: 3 });
    expect(pixels('contain', 1000, 500)).toEqual({ ...whole, enlarged: 2 });
    expect(pixels('screen', 500, 300, 3)).toEqual({ ...whole, enlarged: 4 });
    // The browser may have made it a pixel too low.
    expect(pixels('width', 640, 359.6)).toEqual({ ...whole, enlarged: 2 });
    expect(pixels('height', 1000, 600)).toEqual({ ...whole, width: 333, enlarged: 3 });
    expect(pixels('cover', 1000, 600)).toEqual({
      ...whole,
      width: 250,
      height: 150,
      x: -35,
      y: -15,
      enlarged: 4,
    });
  });

  test('of pixel art is made smaller as it must where there is not a pixel for each unit', () => {
    expect(pixels('contain', 200, 180)).toMatchObject({ width: 320, height: 180, enlarged: 0 });
    expect(pixels('height', 200, 90)).toMatchObject({ width: 400, height: 180, enlarged: 0 });
    expect(pixels('cover', 160, 45)).toMatchObject({ width: 320, height: 90, y: -45, enlarged: 0 });
  });

  test.each(FITS)('is never of no size: %s', (how) => {
    for (const whole of [false, true]) {
      const picture = pictureFor(how, 0, 0, 1, whole);
      expect(picture.width).toBeGreaterThan(0);
      expect(picture.height).toBeGreaterThan(0);
      expect(Number.isFinite(picture.scaleX + picture.x)).toBe(true);
    }
  });
});

describe('a place on the canvas', () => {
  const places = FITS.flatMap((how) =>
    [1, 1.5, 3].flatMap((dpr) => [true, false].map((whole) => [how, dpr, whole] as const)),
  );
  test.each(places)('is found in the scene: %s at %d pixels, pixel art %s', (how, resolution, whole) => {
    for (const [width, height] of [
      [960, 600],
      [500, 700],
      [1300, 401],
    ] as const) {
      const box = { width, height };
      const picture = pictureFor(how, width, height, resolution, whole);
      // The middle of what is seen is the middle of the canvas.
      const [x, y] = placeInScene(picture, box, width / 2, height / 2);
      const seen = picture.width / picture.resolution / picture.scaleX;
      expect(x).toBeCloseTo(how === 'height' ? seen / 2 : 480, -0.5);
      expect(y).toBeCloseTo(300, -0.5);
    }
  });

  test('beside a contained picture is outside of the scene', () => {
    const box = { width: 800, height: 800 };
    const [x, y] = placeInScene(pictureFor('contain', 800, 800), box, 0, 0);
    expect(x).toBe(0);
    expect(y).toBeCloseTo(-180, 6);
  });
});
