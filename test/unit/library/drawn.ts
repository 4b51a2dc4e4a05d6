/** What a script would have the graphics card draw: the instances of its layers, read as the stage reads them. */
import { type PicturePlace, Pictures, stageHost } from '../../../engine/pictures/index.ts';
import { Machine, type MachineOptions } from '../../../scripting/machine/index.ts';
import { imageOf, type MODES } from '../tools/script.ts';

export interface Instance {
  /** From the left top corner to the right top and to the left bottom. */
  readonly sides: readonly [ax: number, ay: number, bx: number, by: number];
  readonly at: readonly [x: number, y: number];
  readonly corners: readonly [u0: number, v0: number, u1: number, v1: number];
  readonly tint: number;
  readonly alpha: number;
  readonly page: number;
}

const WORDS = 10;
export const WIDTH = 100;
export const HEIGHT = 80;

/** Pictures of 10 by 20 units, `p0`, `p1` and so on, each with a page of its own. */
export function place(name: string): PicturePlace | undefined {
  const [, number] = /^p(\d+)$/.exec(name) ?? [];
  if (number === undefined) return undefined;
  return { page: Number(number), u0: 0.25, v0: 0, u1: 0.5, v1: 1, width: 10, height: 20 };
}

export class Drawing {
  readonly pictures: Pictures;
  readonly missing: readonly string[];
  readonly machine: Machine;

  private constructor(machine: Machine, pictures: Pictures, missing: readonly string[]) {
    this.machine = machine;
    this.pictures = pictures;
    this.missing = missing;
  }

  static async of(
    script: string,
    mode: (typeof MODES)[number],
    { pages = 7, ...options }: MachineOptions & { readonly pages?: number } = {},
  ): Promise<Drawing> {
    const pictures = new Pictures();
    const missing: string[] = [];
    pictures.missing = (name) => missing.push(name);
    pictures.use({
      pages,
      names: () => ['run-10.png', 'run-2.png', 'run-x.png', 'run-7.png', 'runner-1.png'],
      place: (name) => ((place(name)?.page ?? pages) < pages ? place(name) : undefined),
    });
    pictures.width = WIDTH;
    pictures.height = HEIGHT;
    const imports = '(import sluice.stage :all)\n(import sluice.math :all)\n';
    const image = await imageOf(imports + script, { mode });
    const machine = await Machine.create(image, { ...options, host: stageHost(pictures) });
    return new Drawing(machine, pictures, missing);
  }

  /** Draws a frame; what is in each layer, back to front. */
  draw(dt = 0.01): ReadonlyMap<string, readonly Instance[]> {
    this.machine.step(dt);
    const layers = this.drawn();
    this.machine.resetFrame();
    return layers;
  }

  /** What is in each layer as it is drawn, without a step before. */
  drawn(between?: number): ReadonlyMap<string, readonly Instance[]> {
    this.machine.draw(between);
    return new Map(this.machine.layers.map(({ name }) => [name, this.#instances(name)]));
  }

  /** The layer, first instance and pages of each run, as they were drawn last. */
  runs(): readonly (readonly number[])[] {
    const { address, length } = this.machine.column('sluice.stage.*runs*');
    const words = new Int32Array(this.machine.memory.buffer, address, WORDS * length);
    return Array.from({ length }, (_, i) => [...words.subarray(WORDS * i, WORDS * (i + 1))]);
  }

  views(): readonly (readonly number[])[] {
    const { address, length } = this.machine.column('sluice.stage.*views*');
    const numbers = new Float64Array(this.machine.memory.buffer, address, 4 * length);
    return Array.from({ length }, (_, i) => [...numbers.subarray(4 * i, 4 * (i + 1))]);
  }

  #instances(layer: string): Instance[] {
    const { address, length } = this.machine.column(`layer:${layer}`);
    const view = new DataView(this.machine.memory.buffer);
    return Array.from({ length }, (_, i) => {
      const at = address + 4 * WORDS * i;
      const float = (word: number) => view.getFloat32(at + 4 * word, true);
      const half = (byte: number) => Number((view.getUint16(at + byte, true) / 0xffff).toFixed(4));
      const [red, green, blue, alpha] = [32, 33, 34, 35].map((byte) => view.getUint8(at + byte)) as [
        number,
        number,
        number,
        number,
      ];
      return {
        sides: [float(0), float(1), float(2), float(3)],
        at: [float(4), float(5)],
        corners: [half(24), half(26), half(28), half(30)],
        tint: (red << 16) | (green << 8) | blue,
        alpha,
        page: float(9),
      };
    });
  }
}
