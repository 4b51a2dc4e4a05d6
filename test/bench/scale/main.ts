/** Runs the contenders of one size side by side, frame by frame, each waited for until the card has drawn it. */
import type { Container } from 'pixi.js';
import { type Contender, HEIGHT, WIDTH } from './contender.ts';
import { Particles, Sprites } from './peers.ts';
import { Scripted } from './scripted.ts';

const START = { Sluice: Scripted, Sprite: Sprites, ParticleContainer: Particles } as const;
export type ContenderName = keyof typeof START;

export interface ScaleResult {
  readonly count: number;
  /** Milliseconds a frame. */
  readonly times: Readonly<Record<ContenderName, { readonly script: number; readonly stage: number }>>;
  /** Part of the pixels that are not as `Sprite` has drawn them. */
  readonly different: number;
  readonly sums: readonly number[];
}

declare global {
  var measure: (count: number, frames: number, warmUp: number) => Promise<ScaleResult>;
}

/** How far a pixel's channel may be from the peer's, of 255: edges are not rounded alike. */
const TOLERANCE = 40;

/** What was drawn last, with a pixel for a unit. */
function pixelsOf({ renderer }: Contender): Uint8Array {
  renderer.resize(WIDTH, HEIGHT, 1);
  if (renderer.lastObjectRendered) renderer.render(renderer.lastObjectRendered as Container);
  const { gl } = renderer;
  const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
  const pixels = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return pixels;
}

/** The card is done with what it was told. */
function finish({ renderer: { gl } }: Contender): void {
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

globalThis.measure = async (count, frames, warmUp) => {
  const names = Object.keys(START) as ContenderName[];
  const contenders: Contender[] = [];
  for (const name of names) contenders.push(await START[name].start(count));
  const spent = names.map(() => ({ script: 0, stage: 0 }));
  const [scripted] = contenders as [Contender];
  // A game's first frame has no step.
  const begun = scripted.steps;
  for (let frame = 0; frame < warmUp + frames; frame += 1) {
    for (const [i, contender] of contenders.entries()) {
      if (contender !== scripted && contender.steps >= scripted.steps - begun) continue;
      contender.frame();
      finish(contender);
      if (frame < warmUp) continue;
      const sum = spent[i] as { script: number; stage: number };
      sum.script += contender.script / frames;
      sum.stage += contender.stage / frames;
    }
    // The gap, in which our collector has its turn and V8's may have.
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  const [ours = new Uint8Array(), theirs = new Uint8Array()] = contenders.slice(0, 2).map(pixelsOf);
  let different = 0;
  for (let i = 0; i < ours.length; i += 4)
    if ([0, 1, 2].some((c) => Math.abs((ours[i + c] as number) - (theirs[i + c] as number)) > TOLERANCE))
      different += 1;
  const sums = contenders.map((contender) => contender.sum());
  for (const contender of contenders) contender.end();
  const times = Object.fromEntries(
    names.map((name, i) => [name, spent[i]]),
  ) as unknown as ScaleResult['times'];
  return { count, times, different: different / (ours.length / 4), sums };
};
