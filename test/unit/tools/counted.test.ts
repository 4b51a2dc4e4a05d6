/** A build that counts tells of each object, with the line of the script that it is made for; no other build is changed by that. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BLOCK_ARENA } from '../../../scripting/heap/index.ts';
import {
  type AllocationObserver,
  blockKindOf,
  type MachineOptions,
  type ObjectViews,
  objectBytes,
} from '../../../scripting/machine/index.ts';
import { imageOf, start } from './script.ts';

interface Made {
  /** `make 3 String`: the function, the line and the type. */
  readonly what: string;
  readonly bytes: number;
  readonly inArena: boolean;
}

/** Runs a script's `main` in a build that counts. */
async function run(text: string, options: MachineOptions = {}) {
  const image = await imageOf(text, { mode: 'development', counted: true });
  const sites = image.manifest.allocationSites ?? [];
  const made: Made[] = [];
  let objects: ObjectViews | undefined;
  const allocations: AllocationObserver = {
    attach: (found) => {
      objects = found;
    },
    made: (object, site) => {
      const { views, typeOf } = objects as ObjectViews;
      const { function: name, line } = sites[site] as (typeof sites)[number];
      made.push({
        what: `${name} ${line} ${typeOf(object)}`,
        bytes: objectBytes(object, views.u32),
        inArena: blockKindOf(object, views.u32) === BLOCK_ARENA,
      });
    },
  };
  const { machine, printed } = await start(image, { ...options, allocations });
  machine.call('main');
  const heap = made.filter(({ inArena }) => !inArena).reduce((sum, { bytes }) => sum + bytes, 0);
  return { made, heap, machine, printed: printed() };
}

const counts = (made: readonly Made[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { what } of made) found[what] = (found[what] ?? 0) + 1;
  return found;
};

describe('what a build that counts tells', () => {
  it.each(['mutable-maps', 'arenas', 'entities', 'outside-arenas'])(
    'is all that the heap gives away, to the byte, and changes nothing: %s.slu',
    async (name) => {
      const text = readFileSync(`test/conformance/${name}.slu`, 'utf8');
      const { heap, machine, made, printed } = await run(text);
      expect(heap).toBe(machine.allocatedBytes);
      expect(made.length).toBeGreaterThan(10);
      const plain = await start(await imageOf(text));
      plain.machine.call('main');
      expect(printed).toBe(plain.printed());
      expect(machine.allocatedBytes).toBe(plain.machine.allocatedBytes);
    },
  );

  it('names the line that made it, also where the library or the host made it for that', async () => {
    const { made, heap, machine } = await run(
      `(extern "names" (defn title ((n : i64)) : String))
(defstruct Orc (name : String))
(defn name-of ((n : i64)) : String
  (str "orc " n))
(defn orcs () : (Vector Orc)
  (map (fn (n)
         (Orc (name-of n)))
       (range 0 3)))
(defn main () : Unit
  (let ((kept (mut-vec)) (all (orcs)))
    (for (i 0 (< i 5))
      (push! kept i))
    (with-arena work
      (push! kept (len (copy-out
        (map .name all)))))
    (println (title 1)
      (string-upcase (title 2)))))\n`,
      { host: { names: { title: (n: number) => `captain ${n}` } } },
    );
    expect(heap).toBe(machine.allocatedBytes);
    const found = counts(made);
    expect(found).toMatchObject({
      'name-of 4 String': 3,
      'fn in orcs 7 Orc': 3,
      'main 10 (MutVec i64)': 1,
      'main 12 (Vector i64)': 2,
      'main 16 String': 1,
    });
    // What `map` makes as it fills its vector is the caller's, though the function that it was given has made something in between.
    expect(found['orcs 6 (Vector Orc)']).toBeGreaterThan(0);
    expect(made.filter(({ inArena, what }) => inArena && what.startsWith('main 15 ')).length).toBeGreaterThan(
      0,
    );
    expect(
      Object.keys(found).filter((what) => what.startsWith('main 13 ') || what.startsWith('main 14 ')),
    ).not.toEqual([]);
    expect(found['main 17 String']).toBe(2);
  });
});

describe('a build that does not count', () => {
  it('has nothing of it', async () => {
    const image = await imageOf('(defn main () : Unit (println (str "a" 1)))');
    expect(image.manifest).not.toHaveProperty('allocationSites');
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(image.wasm as BufferSource));
    expect(imports.map(({ name }) => name)).not.toContain('made');
  });

  it('is the only one there is for a release', async () => {
    const wrong = imageOf('(defn main () : Unit (println 1))', { mode: 'release', counted: true });
    await expect(wrong).rejects.toThrow('only a development image counts what it allocates');
  });
});
