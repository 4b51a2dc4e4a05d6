/** What moves and draws the same sprites, one step a frame. */
import { Assets, WebGLRenderer } from 'pixi.js';

export const WIDTH = 800;
export const HEIGHT = 600;
/** Where the processor draws, most of a frame would be pixels: there are few, until the picture is looked at. */
const RESOLUTION = 1 / 8;
/** Seconds of a step: a number that adds up without rounding. */
export const STEP = 1 / 64;

export interface Contender {
  readonly renderer: WebGLRenderer<HTMLCanvasElement>;
  /** Runs one step and draws. */
  frame(): void;
  /** Milliseconds of the last frame: what moved the sprites, and what brought them to the graphics card. */
  readonly script: number;
  readonly stage: number;
  readonly steps: number;
  /** Of all places and angles. */
  sum(): number;
  end(): void;
}

export async function newRenderer(): Promise<WebGLRenderer<HTMLCanvasElement>> {
  // The page's content policy forbids Workers that are made of text.
  Assets.setPreferences({ preferWorkers: false });
  const renderer = new WebGLRenderer<HTMLCanvasElement>();
  await renderer.init({
    width: WIDTH,
    height: HEIGHT,
    resolution: RESOLUTION,
    preferWebGLVersion: 2,
    gcActive: false,
  });
  document.body.append(renderer.canvas);
  return renderer;
}
