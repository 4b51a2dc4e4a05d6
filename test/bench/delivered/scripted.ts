/** The worlds as scripts, in a game as users have it. */
import { Circles, Game, Measure, type ScriptModule } from '../../../engine/index.ts';
import { STATS_COLLECTIONS_MID_RUN } from '../../../scripting/heap/index.ts';
import churn from '../programs/churn.slu';
import entities from '../programs/entities.slu';
import { type PageContender, SCENE } from './page-contender.ts';
import type { Contender, World } from './plan.ts';

const SCRIPTS: Readonly<Record<World['kind'], ScriptModule>> = { entities, churn };
/** Bytes that may be allocated before a game whose collector is suppressed collects, outside of what is measured. */
const MOST_SUPPRESSED = 2 ** 30;
const HARD_LIMIT = 2 ** 31;

export class Scripted implements PageContender {
  readonly #game: Game;
  readonly #suppressed: boolean;
  /** Bytes that had been allocated when it was settled last. */
  #settledAt: number;

  static async start(world: World, contender: Contender, parent: HTMLElement): Promise<Scripted> {
    const suppressed = contender === 'suppressed';
    const game = await Game.start({
      script: SCRIPTS[world.kind],
      parent,
      width: SCENE,
      height: SCENE,
      resolutionCap: 1,
      ...(suppressed && { hardLimit: HARD_LIMIT }),
    });
    game.paused = true;
    await game.loading(
      () => void game.machine.call('set-up', world.made, world.tiles, contender === 'arena'),
    );
    if (suppressed) game.suppress();
    game.add(new Circles('*circles*'));
    return new Scripted(game, suppressed);
  }

  private constructor(game: Game, suppressed: boolean) {
    this.#game = game;
    this.#suppressed = suppressed;
    this.#settledAt = game.machine.allocatedBytes;
  }

  get memory(): number {
    return this.#game.machine.memory.buffer.byteLength;
  }

  get script(): number {
    return this.#game.recorder.read(Measure.SCRIPT);
  }

  get slices(): number {
    const { recorder } = this.#game;
    return recorder.length > 1 ? recorder.read(Measure.GAP, 1) : 0;
  }

  get delay(): number {
    return this.#game.recorder.read(Measure.COLLECTOR_DELAY);
  }

  get cycles(): number {
    return this.#game.collections;
  }

  get collectionsInFrames(): number {
    return this.#game.machine.statistic(STATS_COLLECTIONS_MID_RUN);
  }

  start(): void {
    this.#game.paused = false;
  }

  hold(): void {
    this.#game.paused = true;
  }

  get wantsToSettle(): boolean {
    return this.#suppressed && this.#game.machine.allocatedBytes - this.#settledAt > MOST_SUPPRESSED;
  }

  async settle(): Promise<void> {
    this.#settledAt = this.#game.machine.allocatedBytes;
    this.#game.resume();
    await this.#game.collect();
    this.#game.suppress();
  }

  result(): number {
    return Number(this.#game.machine.call('result'));
  }
}
