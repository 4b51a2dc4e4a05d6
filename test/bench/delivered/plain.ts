/** The worlds in JavaScript, as a user of PixiJS would have them: its renderer, one loop, and the same picture. */
import { Buffer, BufferUsage, Container, WebGLRenderer } from 'pixi.js';
import { circleMesh } from '../../../engine/stage/index.ts';
import { World as Churn } from '../programs/churn.js';
import { World as Entities } from '../programs/frames.js';
import { CANVAS, type PageContender, SCENE } from './page-contender.ts';
import type { World } from './plan.ts';

const FLOATS = 4;

/** A world that says where its circles are. */
interface Shown {
  frame(time: number): void;
  checksum(): number;
  /** Writes x, y, radius and tint of each circle, and returns how many there are. */
  show(circles: Float32Array): number;
}

class ShownEntities extends Entities implements Shown {
  show(circles: Float32Array): number {
    let at = 0;
    for (const { position } of this.entities) {
      circles[at] = position.x;
      circles[at + 1] = position.y;
      circles[at + 2] = 2;
      circles[at + 3] = 8965375;
      at += FLOATS;
    }
    return this.entities.length;
  }
}

class ShownChurn extends Churn implements Shown {
  show(circles: Float32Array): number {
    const count = Math.min(1000, this.shown.length);
    for (let i = 0; i < count; i++) {
      const at = i * FLOATS;
      circles[at] = this.shown[i]?.x ?? 0;
      circles[at + 1] = i % 1000;
      circles[at + 2] = 2;
      circles[at + 3] = 16757844;
    }
    return count;
  }
}

export class Plain implements PageContender {
  readonly memory = 0;
  readonly slices = 0;
  readonly delay = 0;
  readonly cycles = 0;
  readonly collectionsInFrames = 0;
  readonly wantsToSettle = false;
  script = 0;
  readonly #world: Shown;
  readonly #renderer: WebGLRenderer<HTMLCanvasElement>;
  readonly #scene = new Container();
  readonly #circles: Float32Array;
  readonly #instances: Buffer;
  readonly #mesh: ReturnType<typeof circleMesh>;
  #time = 0;
  #running = false;

  static async start(world: World, parent: HTMLElement): Promise<Plain> {
    const renderer = new WebGLRenderer<HTMLCanvasElement>();
    await renderer.init({ width: CANVAS, height: CANVAS, preferWebGLVersion: 2 });
    parent.append(renderer.canvas);
    return new Plain(world, renderer);
  }

  private constructor({ kind, made, tiles }: World, renderer: WebGLRenderer<HTMLCanvasElement>) {
    this.#world = kind === 'entities' ? new ShownEntities(made, tiles, 1000) : new ShownChurn(made, tiles);
    this.#renderer = renderer;
    this.#circles = new Float32Array(FLOATS * Math.max(made, 1000));
    this.#instances = new Buffer({ data: this.#circles, usage: BufferUsage.VERTEX | BufferUsage.COPY_DST });
    this.#mesh = circleMesh(this.#instances);
    this.#scene.addChild(this.#mesh);
    this.#scene.scale.set(CANVAS / SCENE);
    requestAnimationFrame(this.#frame);
  }

  start(): void {
    this.#running = true;
  }

  hold(): void {
    this.#running = false;
  }

  async settle(): Promise<void> {}

  result(): number {
    return this.#world.checksum();
  }

  readonly #frame = (): void => {
    requestAnimationFrame(this.#frame);
    const begin = performance.now();
    if (this.#running) {
      this.#world.frame(this.#time++);
      this.#mesh.geometry.instanceCount = this.#world.show(this.#circles);
    }
    this.script = performance.now() - begin;
    this.#instances.update();
    this.#renderer.render(this.#scene);
  };
}
