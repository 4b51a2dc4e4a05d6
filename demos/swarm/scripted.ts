/** The game of `swarm.slu`. */
import { type FrameRecorder, Game, Measure } from '../../engine/index.ts';
import type { Contender } from './contender.ts';
import type { FrameTimes, Span } from './frame-graph.ts';
import script from './swarm.slu';

const MEASURES = {
  script: Measure.SCRIPT,
  stage: Measure.STAGE,
  gap: Measure.GAP,
  end: Measure.END,
} as const satisfies Record<Span, number>;

export class Scripted implements Contender {
  readonly times: FrameTimes;
  readonly game: Game;
  readonly #wishes: { most: number; calm: boolean; suppressed: boolean };

  static async start(parent: HTMLElement): Promise<Scripted> {
    let tellAgain = (): void => {};
    const game = await Game.start({
      script,
      parent,
      width: 960,
      height: 600,
      background: 0x060a14,
      resolutionCap: 2,
      onRestart: () => tellAgain(),
    });
    const scripted = new Scripted(game);
    // A new scene knows nothing of what was set before.
    tellAgain = () => scripted.#tell();
    return scripted;
  }

  private constructor(game: Game) {
    this.game = game;
    this.#wishes = { most: 10_000, calm: false, suppressed: false };
    this.times = recorded(game.recorder);
  }

  get canvas(): HTMLCanvasElement {
    return this.game.stage.canvas;
  }

  get score(): number {
    return this.#number('score');
  }

  get lives(): number {
    return this.#number('lives');
  }

  get wave(): number {
    return this.#number('wave');
  }

  get waves(): number {
    return this.#number('waves');
  }

  get bullets(): number {
    return this.#number('bullet-count');
  }

  get over(): boolean {
    return this.game.machine.call('over') === true;
  }

  get messages(): number {
    return this.#number('message-count');
  }

  get message(): string {
    return String(this.game.machine.call('message'));
  }

  get memory(): number {
    return this.game.machine.memory.buffer.byteLength;
  }

  get collections(): number {
    return this.game.collections;
  }

  get paused(): boolean {
    return this.game.paused;
  }

  set paused(paused: boolean) {
    this.game.paused = paused;
  }

  restart(): void {
    this.game.machine.call('restart');
  }

  setMostBullets(most: number): void {
    this.#wishes.most = most;
    this.#tell();
  }

  setCalm(calm: boolean): void {
    this.#wishes.calm = calm;
    this.#tell();
  }

  setSuppressed(suppressed: boolean): void {
    this.#wishes.suppressed = suppressed;
    this.#tell();
  }

  end(): void {
    this.game.end();
  }

  #tell(): void {
    const { game } = this;
    const { most, calm, suppressed } = this.#wishes;
    game.machine.call('set-most-bullets', most);
    game.machine.call('set-calm', calm);
    if (suppressed === game.suppressions > 0) return;
    if (suppressed) game.suppress();
    else game.resume();
  }

  #number(name: string): number {
    return Number(this.game.machine.call(name));
  }
}

/** The newest row is still being written: its gap is not over. */
function recorded(recorder: FrameRecorder): FrameTimes {
  return {
    get length() {
      return Math.max(0, recorder.length - 1);
    },
    tellsGap: true,
    read: (span, ago) => recorder.read(MEASURES[span], ago + 1),
  };
}
