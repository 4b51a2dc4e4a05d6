/** Sprites as values of entities, as a script has them. */
import type { WebGLRenderer } from 'pixi.js';
import { Game, Measure } from '../../../engine/index.ts';
import script from '../programs/scale.slu';
import { type Contender, HEIGHT, newRenderer, STEP, WIDTH } from './contender.ts';

export class Scripted implements Contender {
  readonly renderer: WebGLRenderer<HTMLCanvasElement>;
  readonly #game: Game;
  #time = 0;

  static async start(count: number): Promise<Scripted> {
    const renderer = await newRenderer();
    const game = await Game.start({ script, renderer, width: WIDTH, height: HEIGHT, fixedStep: STEP });
    await game.loading(() => void game.machine.call('set-up', count));
    return new Scripted(renderer, game);
  }

  private constructor(renderer: WebGLRenderer<HTMLCanvasElement>, game: Game) {
    this.renderer = renderer;
    this.#game = game;
  }

  frame(): void {
    this.#time += 1000 * STEP;
    this.#game.frame(this.#time);
  }

  get script(): number {
    return this.#game.recorder.read(Measure.SCRIPT);
  }

  get stage(): number {
    return this.#game.recorder.read(Measure.STAGE);
  }

  get steps(): number {
    return Number(this.#game.machine.call('steps'));
  }

  sum(): number {
    return Number(this.#game.machine.call('sum'));
  }

  end(): void {
    this.#game.end();
    this.renderer.destroy({ removeView: true });
  }
}
