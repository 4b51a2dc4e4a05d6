/** What the page asks of a game, be it the script's or its twin in plain JavaScript. */
import type { FrameTimes } from './frame-graph.ts';

export interface Contender {
  readonly canvas: HTMLCanvasElement;
  /** How long its newest frames took. */
  readonly times: FrameTimes;
  readonly score: number;
  readonly lives: number;
  readonly wave: number;
  readonly waves: number;
  readonly bullets: number;
  /** Whether it has been won or lost. */
  readonly over: boolean;
  /** Messages so far: where it is another number, `message` is new. */
  readonly messages: number;
  readonly message: string;
  /** Bytes of memory, where they are known. */
  readonly memory: number | undefined;
  /** Collections that have ended, where they are known. */
  readonly collections: number | undefined;
  paused: boolean;
  restart(): void;
  setMostBullets(most: number): void;
  /** No shaking, nothing that blinks. */
  setCalm(calm: boolean): void;
  /** Keeps the collector out, or lets it in, where there is one that listens. */
  setSuppressed(suppressed: boolean): void;
  end(): void;
}
