/** What a reload is told of fields that objects lack: their defaults, what `migrate` says, what these need, and what would not be the same later. */
import { describe, expect, it } from 'vitest';
import type { HostType, KeptType } from '../../../scripting/image/index.ts';
import { imageOf, start } from '../tools/script.ts';

const PROGRAM = `
(defvalue Vec (x : f64 1.5) (y : f64 -2.0))
(defstruct Body
  (name : String "nobody")
  (mut hp : i64 (* 2 *most*))
  (mut at : Vec (Vec :y *low*))
  (mut tags : (MutVec String) (mut-vec "new"))
  (number : i64 (next-number))
  (luck : f64 (lucky))
  (shown : String (shown)))
(defstruct (Box 'a) (item : 'a) (others : (Vector 'a) []))
(defentity Ball (mut x : f64 0.0) (mut body : (Option Body) None))
(deftype Light Off (Lamp (watts : i64 40) (luck : f64 (lucky))) (Fire (watts : i64 90)))
(defstruct Forgotten (n : i64 7))
(defglobal *half* : i64 21)
(defglobal *most* : i64 (+ *half* *half*))
(defglobal *low* -9.0)
(defglobal mut *count* : i64 0)
(defglobal *start* : i64 (+ *count* 1))
(defn next-number () : i64 (inc! *count*) *start*)
(defn lucky () : f64 (random))
(defn shown () : String (str *start*))
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal mut *box* : (Box i64) (Box 3))
(defglobal mut *light* : Light Off)
(defglobal mut *words* : (Vector (Box String)) [])
(defn main () : i64 (.n (Forgotten)))`;

const I64: HostType = { kind: 'number', type: 'i64' };
const I32: HostType = { kind: 'number', type: 'i32' };
const F64: HostType = { kind: 'number', type: 'f64' };
const STRING: HostType = { kind: 'string' };
const VEC: HostType = {
  kind: 'value',
  name: 'Vec',
  fields: [
    { name: 'x', type: F64 },
    { name: 'y', type: F64 },
  ],
};

const image = await imageOf(PROGRAM);
const types = new Map(image.manifest.kept.types.map((type): [string, KeptType] => [type.key, type]));

describe('a development image tells a reload', () => {
  it('which defaults it has, and what they need in the order in which it is computed', () => {
    expect(types.get('game.Body')?.fieldDefaults).toEqual([
      { field: 'name', by: 'default', export: 'sluice:default game.Body name', reads: [], needs: [] },
      {
        field: 'hp',
        by: 'default',
        export: 'sluice:default game.Body hp',
        reads: [],
        needs: ['game.*half*', 'game.*most*'],
      },
      { field: 'at', by: 'default', export: 'sluice:default game.Body at', reads: [], needs: ['game.*low*'] },
      { field: 'tags', by: 'default', export: 'sluice:default game.Body tags', reads: [], needs: [] },
    ]);
    expect(types.get('game.Ball')?.fieldDefaults?.map(({ field }) => field)).toEqual(['x', 'body']);
    expect(types.get('game.Vec')?.fieldDefaults?.map(({ field }) => field)).toEqual(['x', 'y']);
  });

  it('those of the data of variants, each by itself', () => {
    const of = { field: 'watts', by: 'default', reads: [], needs: [] };
    expect(types.get('game.Light')?.fieldDefaults).toEqual([
      { variant: 'Lamp', ...of, export: 'sluice:default game.Light Lamp watts' },
      { variant: 'Fire', ...of, export: 'sluice:default game.Light Fire watts' },
    ]);
    expect(types.get('game.Light')?.without).toEqual([
      { variant: 'Lamp', field: 'luck', reason: 'draws a random number, by way of `lucky`' },
    ]);
  });

  it('each at the types that live on', () => {
    const boxes = [...types.values()].filter(({ key }) => key.startsWith('(game.Box'));
    expect(boxes.flatMap(({ fieldDefaults = [] }) => fieldDefaults.map((one) => one.export)).sort()).toEqual([
      'sluice:default (game.Box String) others',
      'sluice:default (game.Box i64) others',
    ]);
  });

  it('which it cannot use, and why', () => {
    expect(types.get('game.Body')?.without).toEqual([
      { field: 'number', reason: 'reads the global `*count*`, by way of `next-number`' },
      { field: 'luck', reason: 'draws a random number, by way of `lucky`' },
      { field: 'shown', reason: 'reads the global `*count*`, by way of `shown` -> `*start*`' },
    ]);
    expect(types.get('game.Vec')).not.toHaveProperty('without');
  });

  it('by functions that return the parts of a value', async () => {
    const called = ['hp', 'at', 'name'].map((field) => `sluice:default game.Body ${field}`);
    const results = [I64, VEC, STRING] as const;
    const exports = called.map((name, i) => ({ name, params: [], result: results[i] ?? I64 }));
    const { machine } = await start({ ...image, manifest: { ...image.manifest, exports } });
    expect(called.map((name) => machine.call(name))).toEqual([84, { x: 1.5, y: -9 }, 'nobody']);
  });

  it('under the names that it exports', async () => {
    const module = await WebAssembly.compile(image.wasm as BufferSource);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    for (const { fieldDefaults = [] } of types.values())
      for (const one of fieldDefaults) expect(names).toContain(one.export);
    expect(names.filter((name) => name.startsWith('sluice:default')).length).toBe(13);
    expect(image.manifest.exports.map(({ name }) => name)).toEqual(['main']);
  });
});

describe('a default is not told that', () => {
  const WORLD = `
(import sluice.game :all)
(extern "stage" (defn ask ((n : i64)) : i64))
(extern "stage" (defn load () : i64))
(defentity Ball (mut x : f64))
(defglobal frame *seen* : (Vector i64) [])
(defglobal mut *held* : (Option T) None)
(defglobal *ask* : (Fn [i64] i64) ask)
(defglobal *loaded* : i64 (+ (load) (random-int 0 9)))
(defn twice ((f : (Fn [i64] i64))) : i64 (f (f 1)))
(defn main () : Unit ())`;

  it.each([
    ['reads a global of the frame', '(len *seen*)', 'reads the global `*seen*`'],
    ['calls the host', '(ask 1)', "calls the host's `ask`"],
    [
      'has a function call the host',
      '(twice (fn (n) (ask n)))',
      "calls the host's `ask`, by way of `fn in default of T.n`",
    ],
    [
      'calls what a constant holds',
      '(twice *ask*)',
      "calls the host's `ask`, by way of `*ask*` -> `fn in *ask*`",
    ],
    ['counts entities', '(count-entities Ball)', 'asks which entities there are'],
    ['adds an entity', '(do (add-entity! (Ball 1.0)) 1)', 'asks which entities there are'],
    ['asks the clock', '(i64 (time-ms))', 'asks what time it is'],
    ['sets the seed', '(do (random-seed 3) 1)', 'sets the seed of random numbers'],
    ['asks for memory', '(.live-bytes (memory-stats))', 'asks how full memory is, by way of `memory-stats`'],
  ])('%s', async (_, value, reason) => {
    const { manifest } = await imageOf(`(defstruct T (n : i64 ${value}))${WORLD}`);
    const [type] = manifest.kept.types.filter(({ key }) => key === 'game.T');
    expect(type?.without?.[0]?.reason).toBe(reason);
  });

  it('but a constant keeps what the host once said, and what was drawn', async () => {
    const { manifest } = await imageOf(`(defstruct T (n : i64 *loaded*))${WORLD}`);
    const [type] = manifest.kept.types.filter(({ key }) => key === 'game.T');
    expect(type?.fieldDefaults?.map(({ needs }) => needs)).toEqual([['game.*loaded*']]);
  });
});

it('a release image has none of it', async () => {
  const release = await imageOf(PROGRAM, { mode: 'release' });
  const module = await WebAssembly.compile(release.wasm as BufferSource);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('sluice:default'))).toEqual([]);
  expect(release.manifest.kept.types).toEqual([]);
  const { machine } = await start(release);
  expect(machine.call('main')).toBe(7);
});

const MIGRATED = `
(defvalue Vec (x : f64) (y : f64 0.5))
(defstruct Body (name : String) (mut hp : i32 10) (mut at : Vec) (old-tags : (Vector String) []))
(defstruct (Box 'a) (items : (Vector 'a)) (count : i64 0))
(defstruct Past (n : i64))
(defglobal *scale* : i32 3)
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal mut *box* : (Box i32) (Box []))
(migrate ((old Body))
  :hp (* (scaled (.hit-points old)) (.level old))
  :at (let ((at (ann Vec (.place old)))) (Vec (.x at) (f64 (.level old))))
  :name (show (.n (ann Past (.past old)))))
(migrate ((old (Box 'b)))
  :items (append (ann (Vector 'b) (.others old)) (.first old)))
(defn scaled ((n : i32)) : i32 (* n *scale*))
(defn main () : Unit ())`;

describe('what `migrate` says', async () => {
  const migrated = await imageOf(MIGRATED);
  const kept = new Map(migrated.manifest.kept.types.map((type): [string, KeptType] => [type.key, type]));

  it('is told with the fields that it reads, and goes before defaults', () => {
    expect(kept.get('game.Body')?.fieldDefaults).toEqual([
      {
        field: 'name',
        by: 'migrate',
        export: 'sluice:migrate game.Body name',
        reads: [{ field: 'past', type: 'game.Past' }],
        needs: [],
      },
      {
        field: 'hp',
        by: 'migrate',
        export: 'sluice:migrate game.Body hp',
        reads: [
          { field: 'hit-points', type: 'i32' },
          { field: 'level', type: 'i32' },
        ],
        needs: ['game.*scale*'],
      },
      {
        field: 'at',
        by: 'migrate',
        export: 'sluice:migrate game.Body at',
        reads: [
          { field: 'place', type: 'game.Vec' },
          { field: 'level', type: 'i32' },
        ],
        needs: [],
      },
      { field: 'old-tags', by: 'default', export: 'sluice:default game.Body old-tags', reads: [], needs: [] },
    ]);
  });

  it('is told at the types that live on, and what it reads is known too', () => {
    expect(kept.get('(game.Box i32)')?.fieldDefaults?.[0]).toEqual({
      field: 'items',
      by: 'migrate',
      export: 'sluice:migrate (game.Box i32) items',
      reads: [
        { field: 'others', type: '(Vector i32)' },
        { field: 'first', type: 'i32' },
      ],
      needs: [],
    });
    expect(kept.get('game.Past')?.layout).toBe('struct : n: i64');
  });

  it('takes the parts of what it reads, in order', async () => {
    const exports = [
      { name: 'sluice:migrate game.Body hp', params: [I32, I32], result: I32 },
      { name: 'sluice:migrate game.Body at', params: [VEC, I32], result: VEC },
    ].map(({ params, ...rest }) => ({
      ...rest,
      params: params.map((type, i) => ({ name: `p${i}`, type })),
    }));
    const { machine } = await start({ ...migrated, manifest: { ...migrated.manifest, exports } });
    expect(machine.call('sluice:migrate game.Body hp', 2, 5)).toBe(30);
    expect(machine.call('sluice:migrate game.Body at', { x: 1.5, y: 9 }, 4)).toEqual({ x: 1.5, y: 4 });
  });
});
