/** The worlds as scripts, in a game as users have it. */
import { Circles, Game, Measure, type ScriptModule } from '../../../engine/index.ts';
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
  #collectionsInFrames = 0;
  #allocated = 0;

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
  }

  get memory(): number {
    return this.#game.machine.memory.buffer.byteLength;
  }

  get script(): number {
    const { recorder } = this.#game;
    // Asked for once in each frame, when its row is finished but for its gap.
    this.#collectionsInFrames += recorder.read(Measure.COLLECTIONS_IN_FRAME);
    this.#allocated += recorder.read(Measure.ALLOCATED);
    return recorder.read(Measure.SCRIPT);
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
    return this.#collectionsInFrames;
  }

  start(): void {
    this.#game.paused = false;
  }

  hold(): void {
    this.#game.paused = true;
  }

  get wantsToSettle(): boolean {
    return this.#suppressed && this.#allocated > MOST_SUPPRESSED;
  }

  async settle(): Promise<void> {
    this.#allocated = 0;
    this.#game.resume();
    await this.#game.collect();
    this.#game.suppress();
  }

  result(): number {
    return Number(this.#game.machine.call('result'));
  }
}
