/**
 * Circles drawn straight from linear memory. The script keeps a global mutable vector of values
 *
 *     (defvalue Circle (x : f32) (y : f32) (radius : f32) (tint : f32))      ; 16 bytes each, lying flat
 *
 * and the stage draws one instance of a square for each element. PixiJS uploads from a view of the vector's buffer; no
 * JavaScript object stands for a circle, and none is made in a frame. The view is made anew only when the memory changed or
 * the vector took another buffer.
 */
import { Buffer, BufferUsage, Geometry, GlProgram, Mesh, Shader } from 'pixi.js';
import type { Column, ScriptMachine } from '../script.ts';
import { CIRCLE_SHADER } from './circle-shader.ts';
import type { StageObject } from './stage-object.ts';

const FLOATS = 4;
const STRIDE = FLOATS * 4;

export class Circles implements StageObject {
  /** Drawn in its parent's units. */
  readonly view: Mesh<Geometry, Shader>;
  readonly #instances = new Buffer({
    data: new Float32Array(FLOATS),
    usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
    // A vector that became shorter keeps its place on the graphics card.
    shrinkToFit: false,
  });
  #machine: ScriptMachine | undefined;
  #column: Column | undefined;
  readonly #global: string;
  #memory: ArrayBufferLike | undefined;
  #address = 0;
  #view = new Float32Array(FLOATS);

  /** `global` is the vector's name, as in `*circles*`. */
  constructor(global: string) {
    this.#global = global;
    this.view = circleMesh(this.#instances);
    this.view.visible = false;
  }

  attach(machine: ScriptMachine): void {
    // Found first: where the script lacks it, the circles of before go on.
    const column = machine.column(this.#global);
    column.locate();
    expectCircles(this.#global, column);
    this.#machine = machine;
    this.#column = column;
    this.#memory = undefined;
  }

  /** Nothing may hold a memory that is no longer used: it is large. */
  #letGo(memory: ArrayBufferLike): void {
    this.#memory = memory;
    this.#address = 0;
    this.#view = new Float32Array(FLOATS);
    this.#instances.setDataWithSize(this.#view, FLOATS, true);
  }

  /** Points the buffer at where the vector lies now. */
  update(): void {
    const column = this.#column;
    const machine = this.#machine;
    if (column === undefined || machine === undefined) return;
    column.locate();
    const count = column.length;
    this.view.visible = count > 0;
    const memory = machine.memory.buffer;
    if (count === 0) {
      if (memory !== this.#memory) this.#letGo(memory);
      return;
    }
    const floats = column.capacity * FLOATS;
    if (memory !== this.#memory || column.address !== this.#address || floats !== this.#view.length) {
      expectCircles(this.#global, column);
      this.#memory = memory;
      this.#address = column.address;
      this.#view = new Float32Array(memory, column.address, floats);
    }
    this.view.geometry.instanceCount = count;
    this.#instances.setDataWithSize(this.#view, count * FLOATS, true);
  }

  destroy(): void {
    const { geometry, shader } = this.view;
    this.view.destroy();
    geometry.destroy(true);
    shader?.destroy();
    this.#machine = undefined;
    this.#column = undefined;
    this.#memory = undefined;
    this.#view = new Float32Array(FLOATS);
  }
}

/** What draws a circle for each four floats of a buffer: x, y, radius and tint. How many is its geometry's `instanceCount`. */
export function circleMesh(instances: Buffer): Mesh<Geometry, Shader> {
  const geometry = new Geometry({
    attributes: {
      aPosition: { buffer: new Float32Array([-1, -1, 1, -1, 1, 1, -1, 1]), format: 'float32x2' },
      aCircle: { buffer: instances, format: 'float32x4', stride: STRIDE, offset: 0, instance: true },
    },
    indexBuffer: new Uint16Array([0, 1, 2, 0, 2, 3]),
  });
  const shader = new Shader({ glProgram: GlProgram.from(CIRCLE_SHADER), resources: {} });
  return new Mesh({ geometry, shader });
}

/** Throws where a vector holds something else. One that never held anything may hold circles yet. */
function expectCircles(global: string, { stride }: Column): void {
  if (stride === 0 || stride === STRIDE) return;
  throw new Error(
    `circles are drawn from elements of ${STRIDE} bytes (x, y, radius and tint as f32); ` +
      `those of ${global} have ${stride}`,
  );
}
