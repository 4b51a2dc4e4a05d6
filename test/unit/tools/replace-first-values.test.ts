/** What runs while code is replaced: first values, defaults and the host, none of which may see what is not there yet, or there no more. */
import { describe, expect, it } from 'vitest';
import {
  Machine,
  type ScriptError,
  type ScriptFunction,
  type ScriptObject,
} from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

const attempt = async (machine: Machine, text: string): Promise<() => string> => {
  const prepared = await machine.prepare(await imageOf(text));
  return () => machine.replace(prepared).kind;
};

const OLD = '(a : i64) (b : i64)';

/** New code's new field goes by a constant, which asks the host. */
const NEW = '(b : i64) (c : i64 *size*) (a : i64)';

const game = (fields: string, more = ''): string => `(extern "host"
  (defn ask () : i64) (defn tell ((pairs : (MutVec Pair)) (f : (Fn [] i64))) : Unit) (defn again () : (MutVec Pair))
  (defn through ((f : (Fn [i64] i64) :borrows)) : i64))
(defstruct Pair ${fields})
(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
(pub defn fill () : Unit (push! *pairs* (Pair :a 1 :b 2)))
(pub defn look () : String (show *pairs*))
(pub defn count () : i64 (fold + 0 (map .a *pairs*)))
(pub defn hold () : Unit (let ((n 40)) (tell *pairs* (fn () (+ n (.a (nth *pairs* 0)))))))
(pub defn number () : i64 (random-int 0 1000000))
(pub defn back () : String (show (again)))
(pub defn use-it () : i64 (through (fn (x) x)))
${more}`;
const size = (value: string): string => `(defglobal *size* : i64 ${value})`;

interface Scene {
  readonly machine: Machine;
  readonly object: ScriptObject;
  readonly f: ScriptFunction;
  asked: () => unknown;
  given: () => unknown;
}

/** The host holds a vector and a function. */
async function scene(): Promise<Scene> {
  const held: unknown[] = [];
  const host = {
    ask: () => made.asked(),
    tell: (...all: unknown[]) => void held.push(...all),
    again: () => made.given(),
    through: (f: (n: number) => number) => f(5),
  };
  const { machine } = await start(await imageOf(game(OLD)), { host: { host }, stress: STRESS });
  machine.call('fill');
  machine.call('hold');
  const [object, f] = held as [ScriptObject, ScriptFunction];
  const made: Scene = { machine, object, f, asked: () => 7, given: () => object };
  return made;
}

const LOOK = '[(Pair :a 1 :b 2)]';
const MIGRATED = '[(Pair :b 2 :c 7 :a 1)]';

/** Nothing has changed, and the same code can be loaded when what was in its way is out of it. */
async function isRefused(made: Scene, text = game(NEW, size('(ask)'))): Promise<ScriptError> {
  const { machine, object, f } = made;
  const error = thrown(await attempt(machine, text)) as ScriptError;
  expect(machine.verify()).toBeUndefined();
  expect(machine.call('look')).toBe(LOOK);
  expect(f()).toBe(41);
  expect(machine.call('back')).toBe(LOOK);
  expect(object.address).toBeGreaterThan(0);
  made.asked = () => 7;
  expect((await attempt(machine, game(NEW, size('(ask)'))))()).toBe('replaced');
  expect(machine.call('look')).toBe(MIGRATED);
  expect(machine.call('back')).toBe(MIGRATED);
  expect(f()).toBe(41);
  expect(machine.verify()).toBeUndefined();
  return error;
}

const CLOSED = 'cannot be used while live objects are given the layouts of new code';

describe('a constant that new fields go by', () => {
  it('may ask the host, also with a function of its own', async () => {
    const { machine } = await scene();
    expect((await attempt(machine, game(NEW, size('(+ (ask) (through (fn (x) (* 2 x))))'))))()).toBe(
      'replaced',
    );
    expect(machine.call('look')).toBe('[(Pair :b 2 :c 17 :a 1)]');
  });

  it('is computed by no code of before, which the host calls', async () => {
    const made = await scene();
    made.asked = () => made.machine.call('count');
    const error = await isRefused(made);
    expect(error.message).toBe(
      'host.ask failed: the script cannot be called while live objects are given the layouts of new code',
    );
    expect(error.trace[0]).toMatchObject({ position: { file: 'game.slu' } });
  });

  it('is computed by no function value of before, which the host calls', async () => {
    const made = await scene();
    made.asked = () => made.f();
    expect((await isRefused(made)).message).toContain(CLOSED);
  });

  it('is made of no object of before, which the host gives', async () => {
    const made = await scene();
    const error = await isRefused(made, game(NEW, size('(len (again))')));
    expect(error.message).toContain(CLOSED);
    expect(error.trace[0]).toMatchObject({ position: { file: 'game.slu' } });
  });

  it('is computed though the host minds nothing', async () => {
    const made = await scene();
    made.asked = () => {
      for (const body of [() => made.f(), () => made.machine.call('count'), () => made.object.address])
        expect(thrown(body)).toBeInstanceOf(Error);
      return 7;
    };
    expect((await attempt(made.machine, game(NEW, size('(ask)'))))()).toBe('replaced');
    expect(made.machine.call('look')).toBe(MIGRATED);
    expect(made.f()).toBe(41);
  });

  it('leaves no trace where it fails: random numbers go on where they were', async () => {
    const [one, other] = [await scene(), await scene()];
    await isRefused(one, game(NEW, size('(nth [1] (+ 7 (random-int 0 5)))')));
    expect(one.machine.call('number')).toBe(other.machine.call('number'));
  });

  it('may make so much that memory is collected meanwhile', async () => {
    const { machine } = await scene();
    const much = size(
      '(let ((mut n 0)) (for (i 0 (< i 20000)) (set! n (+ n (string-length (str i "." i))))) (- n (- n 7)))',
    );
    expect((await attempt(machine, game(NEW, much)))()).toBe('replaced');
    expect(machine.call('look')).toBe(MIGRATED);
    expect(machine.verify()).toBeUndefined();
  });
});

describe('what prints while a field is computed', () => {
  it('lets nobody call the script', async () => {
    const caught: unknown[] = [];
    const text = (fields: string): string => `(defstruct Pair ${fields})
(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
(pub defn fill () : Unit (push! *pairs* (Pair :a 1 :b 2)))
(pub defn look () : String (show *pairs*))`;
    const machine: Machine = await Machine.create(await imageOf(text(OLD)), {
      stress: STRESS,
      output: () => {
        try {
          machine.call('look');
        } catch (error) {
          caught.push(error);
        }
      },
    });
    machine.call('fill');
    const next = text('(b : i64) (c : i64 (do (print "new") 7)) (a : i64)');
    expect((await attempt(machine, next))()).toBe('replaced');
    expect(caught.length).toBeGreaterThan(0);
    expect(machine.call('look')).toBe(MIGRATED);
  });
});

describe('other first values', () => {
  it('see what is migrated, but the host cannot call what ran before', async () => {
    const made = await scene();
    const { machine } = made;
    const all = `${size('7')} (defglobal *all* : String (str (ask) (show (again)) (show *pairs*))) (pub defn all () : String *all*)`;
    made.asked = () => machine.call('count');
    expect(thrown(await attempt(machine, game(NEW, all)))).toMatchObject({ kind: 'host' });
    expect(machine.call('look')).toBe(LOOK);
    made.asked = () => made.f();
    expect((await attempt(machine, game(NEW, all)))()).toBe('replaced');
    expect(machine.call('all')).toBe(`41${MIGRATED}${MIGRATED}`);
  });
});

describe('a function value of before', () => {
  const text = (
    n: number,
    first = '',
    last = '',
  ): string => `(extern "host" (defn tell ((f : (Fn [] String))) : Unit) (defn again () : String))
${first}
(defglobal *list* : (MutVec i64) (mut-vec ${n}))
(defglobal *name* : String (str "a" ${n}))
${last}
(defglobal mut *f* : (Fn [] String) (fn () ""))
(defglobal mut *g* : (Fn [] String) (fn () ""))
(defn tell-more () : String (do (push! *list* 5) (str *name* *list*)))
(pub defn fill () : Unit (set! *f* (fn () (tell-more))) (set! *g* (fn () "g")) (tell *f*))
(pub defn look () : String (*f*))
(pub defn list () : String (show *list*))`;
  const use = (value: string): string =>
    `(defglobal *first* : String ${value}) (pub defn first () : String *first*)`;

  async function filled(): Promise<{ machine: Machine; held: ScriptFunction[] }> {
    const held: ScriptFunction[] = [];
    const host = { tell: (f: ScriptFunction) => void held.push(f), again: () => held[0]?.() };
    const { machine } = await start(await imageOf(text(1)), { host: { host }, stress: STRESS });
    machine.call('fill');
    return { machine, held };
  }

  const WAITS =
    'the new code of this function value needs a global whose first value comes later: define that one before';

  it('is not called before what its new code needs is there', async () => {
    const { machine, held } = await filled();
    for (const value of ['(*f*)', '(again)']) {
      const error = thrown(await attempt(machine, text(2, use(value)))) as ScriptError;
      expect(error).toMatchObject({ kind: 'trap', message: WAITS });
      expect(machine.verify()).toBeUndefined();
      expect(machine.call('list')).toBe('[1]');
    }
    expect(held[0]?.()).toBe('a1[1 5]');
  });

  it('is called after that', async () => {
    for (const value of ['(*f*)', '(again)']) {
      const { machine } = await filled();
      expect((await attempt(machine, text(2, '', use(value))))()).toBe('replaced');
      expect(machine.call('first')).toBe('a2[2 5]');
      expect(machine.call('look')).toBe('a2[2 5 5]');
    }
  });

  it('is called at once where it needs nothing', async () => {
    const { machine } = await filled();
    expect((await attempt(machine, text(2, use('(*g*)'))))()).toBe('replaced');
    expect(machine.call('first')).toBe('g');
  });
});
