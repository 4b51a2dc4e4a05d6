/** What is seen of the twin: sprites and particle containers of PixiJS, layer by layer as the script's. */
import {
  Assets,
  Container,
  Particle,
  ParticleContainer,
  type ParticleOptions,
  Sprite,
  type Texture,
} from 'pixi.js';

export const WIDTH = 960;
export const HEIGHT = 600;
const TILE = 256;

/** As `ease-out` of `sluice.math`. */
export function easeOut(x: number): number {
  return 1 - (1 - x) ** 2;
}

const IMAGES = {
  drone: new URL('./images/drone.png', import.meta.url).href,
  flame: new URL('./images/flame.png', import.meta.url).href,
  halo: new URL('./images/halo.png', import.meta.url).href,
  mist: new URL('./images/mist.png', import.meta.url).href,
  mote: new URL('./images/mote.png', import.meta.url).href,
  queen: new URL('./images/queen.png', import.meta.url).href,
  ring: new URL('./images/ring.png', import.meta.url).href,
  ship: new URL('./images/ship.png', import.meta.url).href,
  shot: new URL('./images/shot.png', import.meta.url).href,
  spark: new URL('./images/spark.png', import.meta.url).href,
  spinner: new URL('./images/spinner.png', import.meta.url).href,
  stars: new URL('./images/stars.png', import.meta.url).href,
  wave: new URL('./images/wave.png', import.meta.url).href,
};

type Picture = keyof typeof IMAGES;

/** What flies straight ahead, and for sparks how long yet. */
export interface Mover {
  readonly particle: Particle;
  readonly vx: number;
  readonly vy: number;
  readonly seconds: number;
  left: number;
}

/** Movers, each with a particle at the same index of one container. */
export class Flock {
  readonly movers: Mover[] = [];
  readonly container: ParticleContainer;
  readonly #texture: Texture;

  constructor(texture: Texture, fading: boolean) {
    this.#texture = texture;
    const dynamicProperties = { position: true, rotation: false, vertex: false, uvs: false, color: fading };
    this.container = new ParticleContainer({ texture, dynamicProperties, blendMode: 'add' });
  }

  add(mover: Omit<Mover, 'particle'>, look: Omit<ParticleOptions, 'texture'>): void {
    this.put(this.movers.length, mover, look);
  }

  /** In the place of another, or after the last. */
  put(index: number, mover: Omit<Mover, 'particle'>, look: Omit<ParticleOptions, 'texture'>): void {
    const particle = new Particle({ anchorX: 0.5, anchorY: 0.5, ...look, texture: this.#texture });
    this.movers[index] = { ...mover, particle };
    this.container.particleChildren[index] = particle;
  }

  /** Puts the last one there. */
  removeAt(index: number): void {
    const { movers } = this;
    const { particleChildren } = this.container;
    const [mover, particle] = [movers.pop(), particleChildren.pop()];
    if (mover === undefined || particle === undefined || index === movers.length) return;
    movers[index] = mover;
    particleChildren[index] = particle;
  }

  clear(): void {
    this.movers.length = 0;
    this.container.particleChildren.length = 0;
  }
}

interface Ring {
  readonly sprite: Sprite;
  readonly widest: number;
  left: number;
}

export class TwinPicture {
  readonly view = new Container();
  readonly bullets: Flock;
  readonly shots: Flock;
  readonly sparks: Flock;
  readonly #textures: Record<Picture, Texture>;
  readonly #sky = new Container();
  readonly #layers = { actors: new Container(), glow: new Container() };
  readonly #drifting: { readonly sprite: Sprite; readonly drift: number }[] = [];
  readonly #ship: readonly Container[];
  readonly #flame: Sprite;
  readonly #shield: Sprite;
  #rings: Ring[] = [];

  static async load(): Promise<TwinPicture> {
    const loaded = await Promise.all(
      Object.entries(IMAGES).map(async ([name, url]) => [name, await Assets.load<Texture>(url)] as const),
    );
    return new TwinPicture(Object.fromEntries(loaded) as Record<Picture, Texture>);
  }

  private constructor(textures: Record<Picture, Texture>) {
    this.#textures = textures;
    this.bullets = new Flock(textures.mote, false);
    this.shots = new Flock(textures.shot, false);
    this.sparks = new Flock(textures.spark, true);
    const { actors, glow } = this.#layers;
    this.view.addChild(this.#sky, actors, glow);
    glow.addChild(this.bullets.container, this.shots.container, this.sparks.container);
    this.#makeSky();
    this.#flame = this.sprite('flame', { tint: 0x5ad7ff });
    this.#flame.anchor.set(0.5, 0);
    this.#flame.y = 22;
    this.#shield = this.sprite('ring', { tint: 0x7ff6ff, scale: 0.85 });
    this.#ship = [
      this.place('actors', [this.sprite('ship', {})]),
      this.place('glow', [this.#flame, this.sprite('spark', { tint: 0xbffcff, scale: 2 }), this.#shield]),
    ];
  }

  sprite(name: Picture, { tint = 0xffffff, scale = 1, alpha = 1 }): Sprite {
    const sprite = new Sprite({ texture: this.#textures[name], anchor: 0.5, tint, alpha });
    sprite.scale.set(scale);
    return sprite;
  }

  /** Sprites that move together in a layer. */
  place(layer: 'actors' | 'glow', sprites: readonly Sprite[]): Container {
    if (layer === 'glow') for (const sprite of sprites) sprite.blendMode = 'add';
    const place = new Container({ children: [...sprites] });
    this.#layers[layer].addChild(place);
    return place;
  }

  ring({ x, y }: { readonly x: number; readonly y: number }, widest: number, tint: number): void {
    const sprite = this.sprite('wave', { tint, scale: 0, alpha: 0 });
    sprite.position.set(x, y);
    sprite.blendMode = 'add';
    this.#layers.glow.addChild(sprite);
    this.#rings.push({ sprite, widest, left: 1 });
  }

  moveRings(dt: number): void {
    for (const ring of this.#rings) {
      ring.left -= dt;
      ring.sprite.scale.set((ring.widest * easeOut(Math.min(1, 1 - ring.left))) / 64);
      ring.sprite.alpha = 0.7 * Math.max(0, ring.left);
      if (ring.left <= 0) ring.sprite.destroy();
    }
    this.#rings = this.#rings.filter(({ left }) => left > 0);
  }

  moveSky(dt: number): void {
    for (const { sprite, drift } of this.#drifting) {
      sprite.y += dt * drift;
      if (sprite.y > 3 * TILE) sprite.y -= 4 * TILE;
    }
  }

  /** Brings what is seen up to date. */
  show(
    ship: { readonly x: number; readonly y: number; readonly lean: number; readonly safe: number },
    alive: boolean,
    shaken: { readonly x: number; readonly y: number },
    calm: boolean,
  ): void {
    for (const place of this.#ship) {
      place.visible = alive;
      place.position.set(ship.x, ship.y);
      place.rotation = ship.lean;
      place.scale.set(0.62);
    }
    this.#flame.scale.y = 0.9 + (calm ? 0 : 0.2 * Math.random());
    this.#shield.visible = ship.safe > 0;
    this.#shield.rotation = 2 * ship.safe;
    this.#shield.alpha = Math.min(0.9, 1.5 * ship.safe);
    for (const flock of [this.bullets, this.shots, this.sparks]) flock.container.update();
    this.#sky.position.set(-0.4 * shaken.x, -0.4 * shaken.y);
    for (const layer of Object.values(this.#layers)) layer.position.set(-shaken.x, -shaken.y);
  }

  /** Takes out all but ship and sky. */
  clear(): void {
    for (const flock of [this.bullets, this.shots, this.sparks]) flock.clear();
    for (const { sprite } of this.#rings) sprite.destroy();
    this.#rings = [];
    const stays = new Set<Container>([
      ...this.#ship,
      this.bullets.container,
      this.shots.container,
      this.sparks.container,
    ]);
    for (const layer of Object.values(this.#layers))
      for (const child of [...layer.children]) if (!stays.has(child)) child.destroy({ children: true });
  }

  /** Gives the images back. */
  async unload(): Promise<void> {
    await Assets.unload(Object.values(IMAGES));
  }

  #makeSky(): void {
    for (const [x, y, scale, tint] of [
      [180, 120, 13, 0x16264f],
      [760, 420, 15, 0x2a1745],
      [560, 60, 10, 0x0e3442],
    ] as const) {
      const mist = this.sprite('mist', { tint, scale, alpha: 0.55 });
      mist.position.set(x, y);
      this.#sky.addChild(mist);
    }
    this.#addStars(-130, 0.4, 0x9fb8ff, 12);
    this.#addStars(-40, 0.8, 0xffffff, 30);
  }

  #addStars(left: number, alpha: number, tint: number, drift: number): void {
    for (let column = 0; column < 6; column += 1)
      for (let row = 0; row < 4; row += 1) {
        const sprite = this.sprite('stars', { tint, alpha });
        sprite.anchor.set(0);
        sprite.position.set(left + TILE * column, TILE * row - TILE);
        this.#sky.addChild(sprite);
        this.#drifting.push({ sprite, drift });
      }
  }
}
