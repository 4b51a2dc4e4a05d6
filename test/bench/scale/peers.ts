/** The same sprites as PixiJS's `Sprite`s, and as `Particle`s, of which only place and rotation are dynamic. */
import {
  Assets,
  Container,
  Particle,
  ParticleContainer,
  Rectangle,
  Sprite,
  Texture,
  type WebGLRenderer,
} from 'pixi.js';
import script from '../programs/scale.slu';
import { type Contender, HEIGHT, newRenderer, STEP, WIDTH } from './contender.ts';
import { type Mote, motesOf, type Shown, sumOf } from './motes.ts';

const SCALE = 0.008;
/** The layer that is sorted by y. */
const SORTED = 1;
const LAYERS = [0, 1, 2];
const PAGES = [0, 1, 2, 3];

/** The images that the script has, each on a page of its own. */
async function textures(): Promise<readonly Texture[]> {
  const { atlas } = script;
  if (atlas === undefined || atlas.pages.length !== PAGES.length) throw new Error('there are four pages');
  return Promise.all(
    PAGES.map(async (i) => {
      const region = atlas.regions.find(({ name }) => name === `mote-${i}.png`);
      if (region === undefined) throw new Error(`there is no mote-${i}.png`);
      const page: Texture = await Assets.load(atlas.pages[region.page]?.url ?? '');
      const frame = new Rectangle(region.x, region.y, region.width, region.height);
      return new Texture({ source: page.source, frame });
    }),
  );
}

/** What both have in common. */
abstract class Peer<T extends Shown> implements Contender {
  readonly renderer: WebGLRenderer<HTMLCanvasElement>;
  readonly root = new Container();
  readonly motes: readonly Mote<T>[];
  script = 0;
  stage = 0;
  steps = 0;

  constructor(
    renderer: WebGLRenderer<HTMLCanvasElement>,
    motes: readonly Mote<T>[],
    layers: readonly Container[],
  ) {
    this.renderer = renderer;
    this.motes = motes;
    this.root.addChild(...layers);
  }

  frame(): void {
    const begin = performance.now();
    for (const mote of this.motes) mote.step(STEP);
    const moved = performance.now();
    this.sort();
    this.renderer.render(this.root);
    this.script = moved - begin;
    this.stage = performance.now() - moved;
    this.steps += 1;
  }

  protected abstract sort(): void;

  sum(): number {
    return sumOf(this.motes);
  }

  end(): void {
    this.root.destroy({ children: true });
    this.renderer.destroy({ removeView: true });
  }
}

export class Sprites extends Peer<Sprite> {
  static async start(count: number): Promise<Sprites> {
    const renderer = await newRenderer();
    const images = await textures();
    const layers = LAYERS.map((layer) => new Container({ sortableChildren: layer === SORTED }));
    const motes = motesOf(count, ({ x, y, tint, layer, page }) => {
      const sprite = new Sprite({ texture: images[page] as Texture, x, y, tint, anchor: 0.5, scale: SCALE });
      layers[layer]?.addChild(sprite);
      return sprite;
    });
    return new Sprites(renderer, motes, layers);
  }

  protected override sort(): void {
    for (const { shown } of this.motes) if (shown.parent?.sortableChildren) shown.zIndex = shown.y;
  }
}

export class Particles extends Peer<Particle> {
  #sorted: readonly ParticleContainer[] = [];

  static async start(count: number): Promise<Particles> {
    const renderer = await newRenderer();
    const images = await textures();
    // One container draws from one page.
    const layers = LAYERS.map(() =>
      PAGES.map(
        () =>
          new ParticleContainer({
            dynamicProperties: { position: true, rotation: true, vertex: false, uvs: false, color: false },
            boundsArea: new Rectangle(0, 0, WIDTH, HEIGHT),
          }),
      ),
    );
    const motes = motesOf(count, ({ x, y, tint, layer, page }) => {
      const texture = images[page] as Texture;
      const particle = new Particle({
        texture,
        x,
        y,
        tint,
        anchorX: 0.5,
        anchorY: 0.5,
        scaleX: SCALE,
        scaleY: SCALE,
      });
      layers[layer]?.[page]?.addParticle(particle);
      return particle;
    });
    const made = new Particles(renderer, motes, layers.flat());
    made.#sorted = layers[SORTED] ?? [];
    return made;
  }

  protected override sort(): void {
    for (const container of this.#sorted) {
      container.particleChildren.sort((a, b) => a.y - b.y);
      container.update();
    }
  }
}
