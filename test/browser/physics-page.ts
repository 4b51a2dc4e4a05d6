/** What tests ask of the physics demo's page: of its game, its bodies and what is drawn. */
import type { Page } from 'playwright-core';
import type { Game } from '../../engine/index.ts';
import type { DemoServer } from './demo-server.ts';

declare global {
  /** The demo puts its game here. */
  var game: Game;
}

/** A body as it lies: a circle has no corners, and its radius is the first of `half`. */
export interface Seen {
  readonly box: boolean;
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
  readonly half: { readonly x: number; readonly y: number };
}

/** What a test adds to `physics.slu`, to be told where its bodies are. */
export const SEEN_BODIES = `
(pub defvalue Seen (box : Bool) (x : f64) (y : f64) (rotation : f64) (half : Vec2))
(pub defn seen-bodies () : (Vector Seen)
  (let ((seen (mut-vec)))
    (for-entities (b Body)
      (push! seen (Seen (= (.shape b) Box) (.x (at b)) (.y (at b)) (.rotation (.place b)) (.half b))))
    (to-vector seen)))
`;

export const SCRIPT = 'physics/physics.slu';

/** Has a server's physics demo tell where its bodies are. */
export function tellBodies(server: DemoServer): void {
  server.write(SCRIPT, server.read(SCRIPT) + SEEN_BODIES);
}

export const BOX = { width: 960, height: 600 };

/** Waits until the game has run so many frames more. */
export async function waitFrames(page: Page, frames: number): Promise<void> {
  await page.waitForFunction(() => globalThis.game !== undefined);
  const target = await page.evaluate((more) => game.recorder.frames + more, frames);
  await page.waitForFunction((count) => game.recorder.frames >= count, target);
}

/** The bodies of a demo that tells them. */
export function bodies(page: Page): Promise<readonly Seen[]> {
  return page.evaluate(() => game.machine.call('seen-bodies') as readonly Seen[]);
}

/** How far a body reaches from the origin in a direction of length 1. */
export function farthest({ box, x, y, rotation, half }: Seen, dx: number, dy: number): number {
  const middle = x * dx + y * dy;
  if (!box) return middle + half.x;
  const across = Math.cos(rotation) * dx + Math.sin(rotation) * dy;
  const along = Math.cos(rotation) * dy - Math.sin(rotation) * dx;
  return middle + half.x * Math.abs(across) + half.y * Math.abs(along);
}

/** Bodies that reach out of the box by more than what falls on them may press them into its walls. */
export function outside(all: readonly Seen[]): readonly Seen[] {
  const pressed = 3;
  return all.filter(
    (body) =>
      !(
        farthest(body, -1, 0) <= pressed &&
        farthest(body, 0, -1) <= pressed &&
        farthest(body, 1, 0) <= BOX.width + pressed &&
        farthest(body, 0, 1) <= BOX.height + pressed
      ),
  );
}

/** How far bodies moved between two moments, on average, in units. */
export function movement(before: readonly Seen[], after: readonly Seen[]): number {
  const distances = before.map((body, i) => {
    const now = after[i] ?? body;
    return Math.hypot(now.x - body.x, now.y - body.y);
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

/** What is down is to another side: whatever rests begins to move. */
export function turn(page: Page): Promise<void> {
  return page.evaluate(() => void game.machine.call('turn'));
}

/** Waits until all bodies rest. */
export async function waitForRest(page: Page): Promise<void> {
  await page.waitForFunction(
    () => game.machine.call('asleep-count') === game.machine.call('body-count'),
    undefined,
  );
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
          // The background is darker than any body: no channel of it passes 0x20.
          for (let i = 0; i < data.length; i += 4)
            if (Math.max(data[i] as number, data[i + 1] as number, data[i + 2] as number) > 0x30) drawn += 1;
          resolve(drawn / (data.length / 4));
        });
      }),
  );
}
