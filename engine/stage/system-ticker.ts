/**
 * PixiJS's system ticker asks for frames of its own. While a game draws with a renderer that the engine made, the stage
 * drives it: nothing of PixiJS runs outside of the frame's stage. Others' renderers keep it as it is.
 */
import { Ticker } from 'pixi.js';

let holders = 0;

/** Stops the ticker until as many `releaseSystemTicker`s have followed. */
export function holdSystemTicker(): void {
  holders += 1;
  if (holders > 1) return;
  Ticker.system.autoStart = false;
  Ticker.system.stop();
}

/** Runs what has been added to the ticker, once a `time` however many games there are. */
export function runSystemTicker(time: number): void {
  Ticker.system.update(time);
}

export function releaseSystemTicker(): void {
  holders -= 1;
  if (holders > 0) return;
  Ticker.system.autoStart = true;
  if (Ticker.system.count > 0) Ticker.system.start();
}
