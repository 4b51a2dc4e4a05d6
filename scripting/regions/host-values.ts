/**
 * What the host returns, where maps are in it. It is put together by functions of the program (`lower/host-boundary.ts`), in the region
 * that is current where the call stands; and those that fill a map ask the keys for their `hash` and `=`, which may be the
 * script's own and keep what they are given.
 */
import type { Extern, Program } from '../ir/index.ts';
import type { AbstractObject } from './abstract-object.ts';

type HostType = Extern['result'];
type Shapes = Program['shapes'];
type Objects = ReadonlySet<AbstractObject>;

const NONE: Objects = new Set();

/** How such a function is called, and what is made without one. */
export interface Making {
  /** What each result of a function may be. */
  call(key: string, args: readonly Objects[]): readonly Objects[];
  /** Adds objects, so that the walk begins again if there are new ones among them. */
  accumulate(into: Set<AbstractObject> | undefined, objects: Objects): void;
  /** A new string. */
  readonly string: AbstractObject;
  /** What the host was given before, and proxies of its own objects. */
  readonly older: AbstractObject;
}

/** Puts together values of the host for one call. What is known of a shape that has itself in it grows with each walk. */
export class HostValues {
  readonly #shapes: Shapes;
  readonly #known = new Map<number, Set<AbstractObject>[]>();

  constructor(shapes: Shapes) {
    this.#shapes = shapes;
  }

  /** What each component of a value of the type may be. */
  make(type: HostType, making: Making, seen: Set<number> = new Set()): readonly Objects[] {
    switch (type.kind) {
      case 'unit':
        return [];
      case 'bool':
      case 'number':
        return [NONE];
      case 'string':
        return [new Set([making.string])];
      case 'object':
      case 'opaque':
        return [new Set([making.older])];
      case 'value':
      case 'tuple':
        return type.fields.flatMap((field) => this.make(field.type, making, seen));
      case 'shape': {
        const known = this.#known.get(type.shape) ?? type.reps.map(() => new Set<AbstractObject>());
        this.#known.set(type.shape, known);
        if (seen.has(type.shape)) return known;
        seen.add(type.shape);
        for (const made of this.#shape(type.shape, making, seen))
          for (const [i, objects] of made.entries()) making.accumulate(known[i], objects);
        return known;
      }
    }
  }

  /** What each function returns that makes a value of the shape. */
  *#shape(index: number, making: Making, seen: Set<number>): Iterable<readonly Objects[]> {
    const shape = this.#shapes[index];
    const parts = (types: readonly HostType[]): readonly Objects[] =>
      types.flatMap((type) => this.make(type, making, seen));
    switch (shape?.kind) {
      case 'struct':
        yield making.call(shape.make, parts(shape.fields.map(({ type }) => type)));
        return;
      case 'sum':
        for (const { make, fields } of shape.variants)
          yield making.call(make, parts(fields.map(({ type }) => type)));
        return;
      case 'vector': {
        const vector = making.call(shape.make, []);
        making.call(shape.push, [...vector, ...parts([shape.element])]);
        yield making.call(shape.finish, vector);
        return;
      }
      case 'map': {
        const empty = making.call(shape.make, []);
        const entry = parts(shape.value === undefined ? [shape.key] : [shape.key, shape.value]);
        // An entry more returns the same map, or another that the next entry is put into.
        const filled = making.call(shape.put, [...empty, ...entry]);
        yield empty;
        yield filled;
        yield making.call(shape.put, [...filled, ...entry]);
        return;
      }
      case 'function':
        yield making.call(shape.wrap, [new Set([making.older])]);
        yield [new Set([making.older])];
    }
  }
}
