/**
 * The sprites of one layer, as the script has left them in linear memory: one mesh for each run of instances that no more than
 * `PAGES_AT_ONCE` pages are needed for, which is one mesh nearly always. PixiJS uploads from a view of the memory; no JavaScript object
 * stands for a sprite, and none is made in a frame, unless the memory or the column has moved.
 */
import {
  Buffer,
  BufferUsage,
  Container,
  Geometry,
  GlProgram,
  Mesh,
  Rectangle,
  Shader,
  Texture,
  type TextureSource,
} from 'pixi.js';
import type { Column } from '../script.ts';
import { PAGES_AT_ONCE, SPRITE_SHADER } from './sprite-shader.ts';

/** An instance in memory, as `Instance` in `library/modules/stage/drawing.slu` has it. */
const WORDS = 10;
const STRIDE = 4 * WORDS;

/** A `Run` in memory: its layer, the first of its instances, and its pages by slot. */
export const RUN_WORDS = 2 + PAGES_AT_ONCE;
const RUN_FROM = 1;
const RUN_PAGES = 2;

/** The textures of the pages, by their numbers: others when a page has been packed anew. */
export interface Pages {
  readonly textures: readonly Texture[];
}

interface Run {
  readonly mesh: Mesh<Geometry, Shader>;
  readonly instances: Buffer;
  /** What each slot samples. */
  readonly sources: TextureSource[];
  /** The column from the run's first instance on. */
  floats: Float32Array;
  from: number;
}

const NOTHING = new Float32Array(WORDS);

export class SpriteRuns {
  readonly #pages: Pages;
  readonly #runs: Run[] = [];
  #memory: ArrayBufferLike | undefined;
  #address = 0;
  #capacity = 0;
  readonly view = new Container({ boundsArea: new Rectangle() });

  /** `pages` are the textures by their numbers. */
  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Draws the instances of a column in `count` runs. They are those of `words`, linear memory, from `first` on. */
  draw({ address, capacity, length }: Column, words: Int32Array, first: number, count: number): void {
    const memory = words.buffer;
    if (memory !== this.#memory || address !== this.#address || capacity !== this.#capacity) this.#letGo();
    this.#memory = memory;
    this.#address = address;
    this.#capacity = capacity;
    while (this.#runs.length < count) this.#add();
    for (let i = 0; i < this.#runs.length; i++) {
      const run = this.#runs[i] as Run;
      const at = first + RUN_WORDS * i;
      const from = i < count ? (words[at + RUN_FROM] ?? 0) : length;
      const end = i + 1 < count ? (words[at + RUN_WORDS + RUN_FROM] ?? 0) : length;
      run.mesh.visible = end > from;
      if (!run.mesh.visible) continue;
      if (run.from !== from) {
        run.from = from;
        run.floats = new Float32Array(memory, address + STRIDE * from, WORDS * (capacity - from));
      }
      run.instances.setDataWithSize(run.floats, WORDS * (end - from), true);
      run.mesh.geometry.instanceCount = end - from;
      this.#sample(run, words, at + RUN_PAGES);
    }
  }

  /** Holds no texture until it draws again. */
  release(): void {
    for (const { sources, mesh } of this.#runs)
      for (let slot = 0; slot < PAGES_AT_ONCE; slot++) {
        sources[slot] = Texture.EMPTY.source;
        if (mesh.shader !== null) mesh.shader.resources[`uPage${slot}`] = Texture.EMPTY.source;
      }
  }

  destroy(): void {
    for (const { mesh } of this.#runs) {
      const { geometry, shader } = mesh;
      mesh.destroy();
      geometry.destroy(true);
      shader?.destroy();
    }
    this.view.destroy();
  }

  /** Nothing may hold a memory that is no longer used: it is large. */
  #letGo(): void {
    for (const run of this.#runs) {
      run.from = -1;
      run.floats = NOTHING;
      run.instances.setDataWithSize(NOTHING, 0, true);
    }
  }

  /** Where a page has been packed anew, its number has another texture. */
  #sample({ sources, mesh }: Run, words: Int32Array, pages: number): void {
    for (let slot = 0; slot < PAGES_AT_ONCE; slot++) {
      const source = this.#pages.textures[words[pages + slot] ?? 0]?.source ?? Texture.EMPTY.source;
      if (sources[slot] === source || mesh.shader === null) continue;
      sources[slot] = source;
      mesh.shader.resources[`uPage${slot}`] = source;
    }
  }

  #add(): void {
    const instances = new Buffer({
      data: NOTHING,
      usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
      // A column that became shorter keeps its place on the graphics card.
      shrinkToFit: false,
    });
    const instance = { buffer: instances, stride: STRIDE, instance: true } as const;
    const geometry = new Geometry({
      attributes: {
        aPosition: { buffer: new Float32Array([0, 0, 1, 0, 1, 1, 0, 1]), format: 'float32x2' },
        aSides: { ...instance, format: 'float32x4', offset: 0 },
        aCorner: { ...instance, format: 'float32x2', offset: 16 },
        aNear: { ...instance, format: 'unorm16x2', offset: 24 },
        aFar: { ...instance, format: 'unorm16x2', offset: 28 },
        aTint: { ...instance, format: 'unorm8x4', offset: 32 },
        aPage: { ...instance, format: 'float32', offset: 36 },
      },
      indexBuffer: new Uint16Array([0, 1, 2, 0, 2, 3]),
    });
    const empty = Texture.EMPTY.source;
    const slots = Array.from({ length: PAGES_AT_ONCE }, (_, slot) => [`uPage${slot}`, empty] as const);
    const shader = new Shader({
      glProgram: GlProgram.from(SPRITE_SHADER),
      resources: Object.fromEntries(slots),
    });
    const mesh = new Mesh({ geometry, shader });
    this.#runs.push({
      mesh,
      instances,
      sources: slots.map(([, source]) => source),
      floats: NOTHING,
      from: -1,
    });
    this.view.addChild(mesh);
  }
}
