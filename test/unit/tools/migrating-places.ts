/** Where the values of a random program lie: in the script, and the same in a plain model. */
import type { Machine } from '../../../scripting/machine/index.ts';
import { type Definitions, type Ty, tyText } from './migrating-types.ts';
import { make, makeText, shown, type Value } from './migrating-values.ts';

/** A version of a program. */
export interface Version {
  readonly definitions: Definitions;
  /** No two versions have the same. Code shows it, and first values are made of it. */
  readonly number: number;
  /** Whether a global has the second of its two names. */
  readonly isRenamed: boolean;
}

/** What the model knows of a place: the values in it, and how often it was looked at. */
export interface Held {
  readonly values: readonly Value[];
  readonly looks: number;
  /** Alive, but shown nowhere. */
  readonly hidden: readonly Value[];
  /** What it was filled by. */
  readonly n: number;
}

/** What the host holds of a place. */
export type Given = { release(): void };

/** Where values lie. */
export interface Placement {
  readonly name: string;
  /** Of the values in it. */
  readonly type: Ty;
  /** Globals and functions: `fill-NAME` puts something there that is made of a number, `look-NAME` shows it. */
  text(version: Version): string;
  /** What is there before anything fills it; undefined where that is not looked at. */
  first?(version: Version): readonly Value[];
  /** What lies there then. */
  fill(n: number, version: Version): readonly Value[];
  /** What was there before `fill` is alive until a frame ends, as far as what this says of `n`. */
  hide?(n: number, version: Version): readonly Value[];
  /** Whether it cannot be like that. */
  isAmiss?(held: Held, version: Version): boolean;
  show(held: Held, version: Version): string;
  /** What is seen of it. */
  see(machine: Machine): string;
  /** What the host holds of it, and what it sees of that; what it should see. */
  readonly host?: {
    give(machine: Machine): Given;
    see(machine: Machine, given: Given): string;
    show(held: Held, version: Version): string;
  };
}

export const listed = (texts: readonly string[]): string => `[${texts.join(' ')}]`;

/** In the world. What is removed waits there for the end of the frame. */
export class Pool implements Placement {
  readonly name = 'pool';
  readonly type: Ty;

  constructor(type: Ty) {
    this.type = type;
  }

  text(): string {
    const type = tyText(this.type);
    return `(pub defn fill-pool ((n : i64)) : Unit
  (for-entities (e ${type}) (remove-entity! e))
  (for (i 0 (< i 4)) (let ((e (add-entity! (make-${type} (+ n i))))) (when (= i 1) (remove-entity! e)))))
(pub defn look-pool () : String (let ((mut all "")) (for-entities (e ${type}) (set! all (str all (show e)))) all))`;
  }

  fill(n: number, { definitions }: Version): readonly Value[] {
    return [0, 2, 3].map((i) => make(this.type, n + i, definitions));
  }

  hide(n: number, { definitions }: Version): readonly Value[] {
    return [make(this.type, n + 1, definitions)];
  }

  show({ values }: Held, { definitions }: Version): string {
    return values.map((value) => shown(value, this.type, definitions)).join('');
  }

  see(machine: Machine): string {
    return machine.call('look-pool') as string;
  }
}

/** Keys of a map, and a set, which are found. */
export class Keys implements Placement {
  readonly name = 'keys';
  readonly type: Ty;

  constructor(type: Ty) {
    this.type = type;
  }

  text({ definitions }: Version): string {
    const key = makeText(this.type, '(+ n i)', definitions);
    return `(defglobal mut *keys* : (Tuple (MutMap ${tyText(this.type)} i64) (MutSet ${tyText(this.type)})) (tuple (mut-map) (mut-set)))
(pub defn fill-keys ((n : i64)) : Unit
  (set! *keys* (tuple (mut-map) (mut-set)))
  (for (i 0 (< i 5)) (map-set! (.0 *keys*) ${key} 1) (set-add! (.1 *keys*) ${key})))
(pub defn look-keys () : String
  (str *keys* (map (fn (k) (tuple (map-get (.0 *keys*) k) (contains? (.1 *keys*) k))) (keys (.0 *keys*)))))`;
  }

  fill(n: number, version: Version): readonly Value[] {
    const all = [0, 1, 2, 3, 4].map((i) => make(this.type, n + i, version.definitions));
    const texts = this.#texts(all, version);
    return all.filter((_, i) => texts.indexOf(texts[i] as string) === i);
  }

  /** Keys that become one and the same. */
  isAmiss({ values }: Held, version: Version): boolean {
    return new Set(this.#texts(values, version)).size < values.length;
  }

  show({ values }: Held, version: Version): string {
    const texts = this.#texts(values, version);
    const map = texts.map((text) => `${text} 1`).join(', ');
    return `(Tuple {${map}} (mut-set ${texts.join(' ')}))${listed(texts.map(() => '(Tuple 1 true)'))}`;
  }

  #texts(values: readonly Value[], { definitions }: Version): readonly string[] {
    return values.map((value) => shown(value, this.type, definitions));
  }

  see(machine: Machine): string {
    return machine.call('look-keys') as string;
  }
}

/** Beside objects of the host. */
export class Things implements Placement {
  readonly name = 'things';
  readonly type: Ty;

  constructor(type: Ty) {
    this.type = type;
  }

  text({ definitions }: Version): string {
    const pushed = (i: number): string =>
      `(push! *things* (tuple ${makeText(this.type, `(+ n ${i})`, definitions)} (thing (mod (+ n ${i}) 5))))`;
    return `(defglobal mut *things* : (MutVec (Tuple ${tyText(this.type)} Thing)) (mut-vec))
(pub defn fill-things ((n : i64)) : Unit (clear! *things*) ${pushed(0)} ${pushed(1)})
(pub defn look-things () : String (str (map (fn (p) (tuple (.0 p) (number-of (.1 p)))) *things*)))`;
  }

  fill(n: number, { definitions }: Version): readonly Value[] {
    return [0, 1].map((i) => make(this.type, n + i, definitions));
  }

  show({ values, n }: Held, { definitions }: Version): string {
    return listed(values.map((value, i) => `(Tuple ${shown(value, this.type, definitions)} ${(n + i) % 5})`));
  }

  see(machine: Machine): string {
    return machine.call('look-things') as string;
  }
}

/** A global whose first value differs between versions. */
export class Initial implements Placement {
  readonly name: string;
  readonly type: Ty;

  constructor(name: string, type: Ty) {
    this.name = name;
    this.type = type;
  }

  text({ definitions, number }: Version): string {
    const { name } = this;
    const value = (n: string): string => makeText(this.type, n, definitions);
    return `(defglobal mut *${name}* : ${tyText(this.type)} ${value(String(number))})
(pub defn fill-${name} ((n : i64)) : Unit (set! *${name}* ${value('n')}))
(pub defn look-${name} () : String (show *${name}*))`;
  }

  first({ definitions, number }: Version): readonly Value[] {
    return [make(this.type, number, definitions)];
  }

  fill(n: number, { definitions }: Version): readonly Value[] {
    return [make(this.type, n, definitions)];
  }

  show({ values }: Held, { definitions }: Version): string {
    return shown(values[0] as Value, this.type, definitions);
  }

  see(machine: Machine): string {
    return machine.call(`look-${this.name}`) as string;
  }
}

/** A global that has two names, each of which it has in some versions. */
export class Moved implements Placement {
  readonly name = 'moved';
  readonly type: Ty;

  constructor(type: Ty) {
    this.type = type;
  }

  /** The global's name. */
  global({ isRenamed }: Version): string {
    return isRenamed ? '*moved-on*' : '*moved*';
  }

  text(version: Version): string {
    const name = this.global(version);
    return `(defglobal mut ${name} : (Vector ${tyText(this.type)}) [])
(pub defn fill-moved ((n : i64)) : Unit (set! ${name} [${makeText(this.type, 'n', version.definitions)}]))
(pub defn look-moved () : String (show ${name}))`;
  }

  first(): readonly Value[] {
    return [];
  }

  fill(n: number, { definitions }: Version): readonly Value[] {
    return [make(this.type, n, definitions)];
  }

  show({ values }: Held, { definitions }: Version): string {
    return listed(values.map((value) => shown(value, this.type, definitions)));
  }

  see(machine: Machine): string {
    return machine.call('look-moved') as string;
  }
}

/** A vector of numbers that lie flat, which the host reads where they lie. */
export class InColumn implements Placement {
  readonly name = 'column';
  readonly type: Ty;

  constructor(type: Ty) {
    this.type = type;
  }

  text({ definitions }: Version): string {
    return `(defglobal mut *column* : (MutVec ${tyText(this.type)}) (mut-vec))
(pub defn fill-column ((n : i64)) : Unit
  (clear! *column*) (for (i 0 (< i 3)) (push! *column* ${makeText(this.type, '(+ n i)', definitions)})))
(pub defn look-column () : String (show *column*))`;
  }

  fill(n: number, { definitions }: Version): readonly Value[] {
    return [0, 1, 2].map((i) => make(this.type, n + i, definitions));
  }

  show({ values }: Held, { definitions }: Version): string {
    const texts = values.map((value) => shown(value, this.type, definitions));
    const numbers = values.map((value) => [...(value as Extract<Value, { kind: 'made' }>).fields.values()]);
    return `${listed(texts)} ${numbers.flat().map(String).join(' ')}`;
  }

  see(machine: Machine): string {
    return `${machine.call('look-column')} ${columnOf(machine, '*column*', `game.${tyText(this.type)}`).join(' ')}`;
  }
}

/** The numbers of a column, element by element. `key` is that of the elements' type, which is of numbers. */
function columnOf(machine: Machine, global: string, key: string): readonly string[] {
  const { address, length, stride } = machine.column(global);
  const { types, kept } = machine.manifest;
  const form = kept.types.find((type) => type.key === key)?.form;
  const entry = types.find(({ of }) => of?.kind === 'elements' && of.type === key);
  const fields = form?.kind === 'flat' ? form.fields : [];
  const memory = new DataView(machine.memory.buffer);
  return Array.from({ length }, (_, i) =>
    fields.map(({ type }, k) => {
      const at = address + i * stride + (entry?.fields[k]?.offset ?? 0);
      return String(READ[type]?.(memory, at));
    }),
  ).flat();
}

const READ: Readonly<Record<string, (memory: DataView, at: number) => number | bigint>> = {
  i8: (memory, at) => memory.getInt8(at),
  u8: (memory, at) => memory.getUint8(at),
  i16: (memory, at) => memory.getInt16(at, true),
  u16: (memory, at) => memory.getUint16(at, true),
  i32: (memory, at) => memory.getInt32(at, true),
  u32: (memory, at) => memory.getUint32(at, true),
  i64: (memory, at) => memory.getBigInt64(at, true),
  u64: (memory, at) => memory.getBigUint64(at, true),
  f32: (memory, at) => memory.getFloat32(at, true),
  f64: (memory, at) => memory.getFloat64(at, true),
};
