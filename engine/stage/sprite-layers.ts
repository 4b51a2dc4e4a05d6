/**
 * The layers that a script declares, back to front: containers, in each of which its sprites come first and then what the page has
 * added. The script writes what can be seen of the world, by its camera, into columns; one call a frame.
 */
import { Container, Matrix } from 'pixi.js';
import type { LayerEntry } from '../../scripting/image/index.ts';
import type { Column, ScriptMachine } from '../script.ts';
import { type Pages, RUN_WORDS, SpriteRuns } from './sprite-runs.ts';

/** Numbers of a `View` in `library/modules/stage/drawing.slu`. */
const VIEW_FLOATS = 4;

interface Layer {
  readonly entry: LayerEntry;
  readonly container: Container;
  readonly sprites: SpriteRuns;
  column: Column;
}

interface Columns {
  readonly views: Column;
  readonly runs: Column;
}

export class SpriteLayers {
  readonly view = new Container();
  readonly #pages: Pages;
  readonly #matrix = new Matrix();
  #layers: Layer[] = [];
  #entries: readonly LayerEntry[] = [];
  #machine: ScriptMachine;
  /** Linear memory, as it was last. */
  #words = new Int32Array(0);
  #floats = new Float64Array(0);
  #columns: Columns | undefined;

  constructor(machine: ScriptMachine, pages: Pages) {
    this.#pages = pages;
    this.#machine = machine;
    this.attach(machine);
  }

  /** Called when layers have come or gone. */
  changed: () => void = () => undefined;

  /** The container of a layer by its number; undefined where there is none. */
  layer(number: number): Container | undefined {
    return this.#layers[number]?.container;
  }

  /** The container of a layer; undefined where the script declares none of this name. */
  find(name: string): Container | undefined {
    return this.#layers.find(({ entry }) => entry.name === name)?.container;
  }

  get names(): readonly string[] {
    return this.#layers.map(({ entry }) => entry.name);
  }

  /** Draws what this machine has. A layer that both have keeps what was added to it. */
  attach(machine: ScriptMachine): void {
    const { layers } = machine;
    this.#columns =
      layers.length === 0
        ? undefined
        : { views: machine.column('sluice.stage.*views*'), runs: machine.column('sluice.stage.*runs*') };
    const next = layers.map((entry): Layer => {
      const column = machine.column(`layer:${entry.name}`);
      const known = this.#layers.find((layer) => layer.entry.name === entry.name);
      return known === undefined ? this.#made(entry, column) : { ...known, entry, column };
    });
    for (const { entry, container, sprites } of this.#layers) {
      if (next.some((layer) => layer.entry.name === entry.name)) continue;
      sprites.destroy();
      container.destroy({ children: true });
    }
    this.#machine = machine;
    this.#entries = layers;
    this.#layers = next;
    this.view.removeChildren();
    for (const { entry, container } of next) {
      container.blendMode = entry.blend;
      this.view.addChild(container);
    }
    this.changed();
  }

  /** Has the script write what is to be seen, and points the meshes at it. */
  update(between: number): void {
    // New code may have other layers.
    if (this.#machine.layers !== this.#entries) this.attach(this.#machine);
    const columns = this.#columns;
    if (columns === undefined) return;
    this.#machine.draw(between);
    columns.views.locate();
    columns.runs.locate();
    const { buffer } = this.#machine.memory;
    if (buffer !== this.#words.buffer) {
      this.#words = new Int32Array(buffer);
      this.#floats = new Float64Array(buffer);
    }
    let run = columns.runs.address >>> 2;
    const end = run + RUN_WORDS * columns.runs.length;
    for (let i = 0; i < this.#layers.length; i++) {
      const { column, container, sprites } = this.#layers[i] as Layer;
      column.locate();
      this.#see(container, (columns.views.address >>> 3) + VIEW_FLOATS * i);
      const first = run;
      while (run < end && this.#words[run] === i) run += RUN_WORDS;
      sprites.draw(column, this.#words, first, (run - first) / RUN_WORDS);
    }
  }

  /** Holds no texture until it draws again. */
  release(): void {
    for (const { sprites } of this.#layers) sprites.release();
  }

  destroy(): void {
    for (const { sprites } of this.#layers) sprites.destroy();
    this.view.destroy({ children: true });
    this.#layers = [];
    this.#columns = undefined;
  }

  #made(entry: LayerEntry, column: Column): Layer {
    const container = new Container({ label: entry.name });
    const sprites = new SpriteRuns(this.#pages);
    container.addChild(sprites.view);
    return { entry, container, sprites, column };
  }

  /** Shows a layer as the camera does. */
  #see(container: Container, at: number): void {
    const a = this.#floats[at] ?? 1;
    const b = this.#floats[at + 1] ?? 0;
    this.#matrix.set(a, b, -b, a, this.#floats[at + 2] ?? 0, this.#floats[at + 3] ?? 0);
    container.setFromMatrix(this.#matrix);
  }
}
