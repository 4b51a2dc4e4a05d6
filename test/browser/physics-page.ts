/** What tests ask of the physics demo's page: of its game, its circles and what is drawn. */
import type { Page } from 'playwright-core';
import type { Game } from '../../engine/index.ts';

declare global {
  /** The demo puts its game here. */
  var game: Game;
}

export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly tint: number;
}

export const BOX = { width: 960, height: 600 };

/** Waits until the game has run so many frames more. */
export async function waitFrames(page: Page, frames: number): Promise<void> {
  await page.waitForFunction(() => globalThis.game !== undefined);
  const target = await page.evaluate((more) => game.recorder.frames + more, frames);
  await page.waitForFunction((count) => game.recorder.frames >= count, target);
}

/** The circles as they lie in linear memory. */
export function circles(page: Page): Promise<Circle[]> {
  return page.evaluate(() => {
    const column = game.machine.column('*circles*');
    const numbers = new Float32Array(game.machine.memory.buffer, column.address, column.length * 4);
    return Array.from({ length: column.length }, (_, i) => ({
      x: numbers[4 * i] as number,
      y: numbers[4 * i + 1] as number,
      radius: numbers[4 * i + 2] as number,
      tint: numbers[4 * i + 3] as number,
    }));
  });
}

/** Circles that reach out of the box by more than the rounding of their numbers. */
export function outside(all: readonly Circle[]): Circle[] {
  const rounding = 0.01;
  return all.filter(
    ({ x, y, radius }) =>
      !(
        x - radius >= -rounding &&
        y - radius >= -rounding &&
        x + radius <= BOX.width + rounding &&
        y + radius <= BOX.height + rounding
      ),
  );
}

/** How far circles moved between two moments, on average, in units. */
export function movement(before: readonly Circle[], after: readonly Circle[]): number {
  const distances = before.map((circle, i) => {
    const now = after[i] ?? circle;
    return Math.hypot(now.x - circle.x, now.y - circle.y);
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

/** Which part of the canvas shows something else than the background, 0 to 1. */
export function drawnPart(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // After the game's own callback of the same frame: the canvas still holds what was drawn in it.
        requestAnimationFrame(() => {
          const { canvas } = game.stage;
          const copy = new OffscreenCanvas(canvas.width, canvas.height);
          const context = copy.getContext('2d');
          if (context === null) throw new Error('no canvas to read from');
          context.drawImage(canvas, 0, 0);
          const { data } = context.getImageData(0, 0, copy.width, copy.height);
          let drawn = 0;
          // The background is darker than any circle: no channel of it passes 0x20.
          for (let i = 0; i < data.length; i += 4)
            if (Math.max(data[i] as number, data[i + 1] as number, data[i + 2] as number) > 0x30) drawn += 1;
          resolve(drawn / (data.length / 4));
        });
      }),
  );
}
