/** New code over living data. */
import { describe, expect, it } from 'vitest';
import type { Machine, PreparedImage, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { ScriptError } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

const GAME = `(defstruct Body (mut x : f64) (name : String))
(defglobal *speed* : f64 1.0)
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal mut *best* : i64 7)
(defn start () : Unit (for (i 0 (< i 3)) (push! *bodies* (Body (f64 i) (str "body " i)))))
(pub defn move () : Unit (for-each (b *bodies*) (set! (.x b) (+ (.x b) *speed*))))
(pub defn sum () : f64 (fold + 0.0 (map .x *bodies*)))
(pub defn names () : String (str (map .name *bodies*)))
(pub defn best () : i64 *best*)`;

describe('replacing code', () => {
  it('keeps what is mutable, and takes new functions and constants', async () => {
    const { machine } = await start(await imageOf(GAME), { stress: STRESS });
    machine.call('start');
    machine.call('move');
    expect(machine.call('sum')).toBe(6);
    const next = GAME.replace('1.0)', '10.0)').replace('(+ (.x b) *speed*)', '(- (.x b) *speed*)');
    expect(await replace(machine, next)).toMatchObject({
      kind: 'replaced',
      kept: expect.arrayContaining(['*bodies*', '*best*']),
      computed: ['*speed*'],
    });
    machine.call('move');
    expect(machine.call('sum')).toBe(-24);
    machine.collect();
    expect(machine.call('names')).toBe('["body 0" "body 1" "body 2"]');
    expect(machine.verify()).toBeUndefined();
  });

  it('works again and again, and old closures take the new code of their place with what they have captured', async () => {
    const text = (step: number) => `(defglobal mut *f* : (Fn [i64] i64) (fn (n) n))
(pub defn keep ((own : i64)) : Unit (set! *f* (fn (n) (+ n (* own ${step})))))
(pub defn run () : i64 (*f* 100))`;
    const { machine } = await start(await imageOf(text(1)), { stress: STRESS });
    machine.call('keep', 7);
    for (let step = 2; step < 6; step += 1) {
      await replace(machine, text(step));
      expect(machine.call('run')).toBe(100 + 7 * step);
    }
    expect(machine.verify()).toBeUndefined();
  });

  it('leaves closures their old code where nothing takes its place', async () => {
    const text = (step: number) => `(defglobal mut *f* : (Fn [i64] i64) (fn (n) n))
(pub defn keep-${step} () : Unit (let ((step ${step})) (set! *f* (fn (n) (+ n step)))))
(pub defn run () : i64 (*f* 100))`;
    const { machine } = await start(await imageOf(text(1)), { stress: STRESS });
    machine.call('keep-1');
    for (let step = 2; step < 6; step += 1) {
      await replace(machine, text(step));
      expect(machine.call('run')).toBe(100 + step - 1);
      machine.call(`keep-${step}`);
      expect(machine.call('run')).toBe(100 + step);
    }
    expect(machine.verify()).toBeUndefined();
  });

  it('reads vectors of every kind that code before it has made', async () => {
    const text = (extra: string) => `${extra}(defglobal mut *flat* : (Vector i64) [])
(defglobal mut *tree* : (Vector i64) [])
(defglobal mut *lists* : (MutVec (Vector String)) (mut-vec))
(defglobal mut *map* : (Map String i64) {})
(defglobal mut *shade* : Keyword :none)
(defstruct Light (colour : Keyword))
(defglobal mut *lights* : (MutMap Keyword Light) (mut-map))
(pub defn fill () : Unit
  (set! *flat* (range 0 500))
  (set! *tree* (set-nth (append (slice (concat *flat* *flat*) 1 990) 7) 3 33))
  (push! *lists* (map (fn (n) (str n)) *tree*))
  (push! *lists* (append (nth *lists* 0) "last"))
  (for-each (n *flat*) (set! *map* (assoc *map* (str n) n)))
  (set! *shade* :dark)
  (map-set! *lights* :lamp (Light :red)))
(pub defn look () : String
  (let ((mut sum 0))
    (for (i 0 (< i (len *tree*))) (set! sum (+ sum (nth *tree* i))))
    (for-each (n *tree*) (set! sum (+ sum n)))
    (str [(len *flat*) (len *tree*) (fold + 0 *tree*) (last *tree*) sum]
         (map len *lists*) (last (nth *lists* 1)) (empty? *tree*) (= *tree* (slice (append *tree* 1) 0 (len *tree*)))
         (map-get *map* "77") (len (keys *map*)) (= *shade* :dark) (.colour (map-get *lights* :lamp)))))
(pub defn numbers () : (Vector i64) *tree*)`;
    const { machine } = await start(await imageOf(text('')), { stress: STRESS });
    machine.call('fill');
    const before = machine.call('look');
    expect(before).toContain('[500 990 ');
    const numbers = machine.call('numbers');
    for (const extra of [
      '',
      '(defn other () : i64 1)',
      '(defstruct Other (x : i64)) (defn o () (Other 1)) ',
    ]) {
      expect(await replace(machine, text(extra))).toMatchObject({ kind: 'replaced' });
      expect(machine.call('look')).toBe(before);
      expect(machine.call('numbers')).toEqual(numbers);
      machine.collect();
      expect(machine.verify()).toBeUndefined();
    }
  });

  it('asks for a restart where a layout has changed, names the types, and changes nothing', async () => {
    const { machine } = await start(await imageOf(GAME));
    machine.call('start');
    const next = GAME.replace('(name : String)', '(mut y : f64) (name : String)').replace(
      '(str "body " i)',
      '0.0 (str "body " i)',
    );
    expect(await replace(machine, next)).toEqual({
      kind: 'restart',
      reason: 'field `y` of `Body` is new, and has no default (3 alive)',
      types: ['Body'],
    });
    machine.call('move');
    expect(machine.call('sum')).toBe(6);
  });

  it('asks for a restart where a field holds another type of object now', async () => {
    const text = (held: string) => `(defstruct A (n : i64)) (defstruct B (s : String))
(defstruct Holder (held : ${held}))
(defglobal mut *all* : (MutVec Holder) (mut-vec))
(pub defn fill () : Unit (push! *all* (Holder (${held} ${held === 'A' ? 1 : '"b"'}))))
(pub defn first () : ${held} (.held (nth *all* 0)))`;
    const { machine } = await start(await imageOf(text('A')));
    machine.call('fill');
    expect(await replace(machine, text('B'))).toMatchObject({ kind: 'restart', types: ['Holder'] });
  });

  it('asks for a restart where a value that a global holds lies otherwise', async () => {
    const text = (fields: string) => `(defvalue V ${fields})
(defglobal mut *v* : V (V 1.0 ${fields.includes('z') ? '2.0 3.0' : '2.0'}))
(pub defn x () : f64 (.x *v*))`;
    const { machine } = await start(await imageOf(text('(x : f64) (y : f64)')));
    expect(await replace(machine, text('(x : f64) (y : f64) (z : f64)'))).toMatchObject({
      kind: 'restart',
      types: ['V'],
    });
  });

  it('computes a mutable global anew where its type is another', async () => {
    const { machine } = await start(
      await imageOf('(defglobal mut *n* : i64 1) (pub defn n () : i64 (set! *n* (+ *n* 1)) *n*)'),
    );
    expect(machine.call('n')).toBe(2);
    const outcome = await replace(machine, '(defglobal mut *n* : f64 0.5) (pub defn n () : f64 *n*)');
    expect(outcome).toMatchObject({ kind: 'replaced', kept: [], computed: ['*n*'] });
    expect(machine.call('n')).toBe(0.5);
  });

  it('gives a global of the frame its new initial value, and leaves old code its own', async () => {
    const text = (first: number) => `(defglobal frame *found* : (MutVec (Vector i64)) (mut-vec [${first}]))
(extern "host" (defn keep ((f : (Fn [] i64))) : Unit))
(pub defn found () : i64 (with-arena frame (push! *found* [1 2])) (fold + 0 (map last *found*)))
(pub defn give-${first} () : Unit (keep (fn () (found))))`;
    const kept: (() => number)[] = [];
    const host = { host: { keep: (f: () => number) => kept.push(f) } };
    const { machine } = await start(await imageOf(text(10)), { stress: STRESS, host });
    machine.call('give-10');
    expect(machine.call('found')).toBe(12);
    expect(await replace(machine, text(20))).toMatchObject({ kind: 'replaced', kept: [], computed: [] });
    for (let i = 0; i < 3; i += 1) {
      expect(machine.call('found')).toBe(22);
      expect(kept[0]?.()).toBe(12);
      machine.collect();
      expect(machine.verify()).toBeUndefined();
    }
  });

  it('leaves the old program running where a first value fails, or a host function lacks', async () => {
    const { machine } = await start(await imageOf(GAME), { stress: STRESS });
    machine.call('start');
    const broken = await machine.prepare(
      await imageOf(`${GAME.replace('*speed* : f64 1.0', '*speed* : f64 5.0')}
(defglobal *bad* : i64 (nth [1 2] 9))`),
    );
    for (let i = 0; i < 3; i += 1) {
      const error = thrown(() => machine.replace(broken)) as ScriptError;
      expect(error).toBeInstanceOf(ScriptError);
      expect(error.position).toMatchObject({ line: 10 });
    }
    const linkless = await machine.prepare(
      await imageOf(`${GAME} (extern "host" (defn f () : Unit)) (pub defn g () : Unit (f))`),
    );
    expect(() => machine.replace(linkless)).toThrow('the host does not supply host.f : (Fn [] Unit)');
    machine.call('move');
    expect(machine.call('sum')).toBe(6);
    expect(machine.verify()).toBeUndefined();
  });

  it('keeps entities in the world, and their new behaviour runs', async () => {
    const text = (speed: string) => `(defentity Ball (mut x : f64))
(behave Ball (b dt) (set! (.x b) (+ (.x b) ${speed})))
(defn start () : Unit (for (i 0 (< i 5)) (add-entity! (Ball 0.0))))
(pub defn sum () : f64 (let ((mut s 0.0)) (for-entities (b Ball) (set! s (+ s (.x b)))) s))`;
    const { machine } = await start(await imageOf(text('1.0')));
    machine.call('start');
    machine.step(1 / 60);
    machine.resetFrame();
    expect(await replace(machine, text('-3.0'))).toMatchObject({ kind: 'replaced' });
    machine.step(1 / 60);
    machine.resetFrame();
    expect(machine.call('sum')).toBe(-10);
  });

  it('forgets what has failed: the same mistake in new code is news', async () => {
    const text = (line: string) => `${line}(defn frame ((dt : f64)) : Unit (error "always"))`;
    const heard: string[] = [];
    const { machine } = await start(await imageOf(text('')), {
      onFailure: ({ error }) => heard.push(error.message),
    });
    machine.step(0);
    machine.step(0);
    await replace(machine, text('; the same\n'));
    machine.step(0);
    expect(heard).toEqual(['always', 'always']);
  });

  it('is not put between a failure and the rest of its frame', async () => {
    const text = (fields: string): string => `(defstruct Body ${fields})
(defglobal mut *body* : Body (Body :x 1 :name "a"))
(defentity Ball)
(defglobal mut *seen* : (Vector String) [])
(defn start () : Unit (add-entity! (Ball)))
(defn frame ((dt : f64)) : Unit (error "always"))
(behave Ball (b dt) (set! *seen* (append *seen* (show *body*))))
(pub defn seen () : String (str *seen*))`;
    let next: PreparedImage | undefined;
    const refused: unknown[] = [];
    const { machine } = await start(await imageOf(text('(x : i64) (name : String)')), {
      onFailure: () => {
        for (const body of [
          () => machine.replace(next as PreparedImage),
          () => machine.step(0),
          () => machine.resetFrame(),
          () => machine.gapSlice(1),
          () => machine.collect(),
        ])
          refused.push((thrown(body) as Error).message);
      },
    });
    machine.call('start');
    next = await machine.prepare(await imageOf(text('(name : String) (hp : i64 5) (x : i64)')));
    expect(machine.step(0)).toBe(1);
    machine.resetFrame();
    expect(refused).toEqual([
      'a script is running: code is replaced when its call is over',
      'a script is running: a frame begins when its call is over',
      'a script is running: a frame ends when its call is over',
      'a script is running: a gap begins when its call is over',
      'a script is running: all is collected when its call is over',
    ]);
    expect(machine.call('seen')).toBe('["(Body :x 1 :name \\"a\\")"]');
    expect(machine.replace(next)).toMatchObject({ kind: 'replaced' });
    machine.step(0);
    machine.resetFrame();
    expect(machine.call('seen')).toContain('(Body :name \\"a\\" :hp 5 :x 1)');
  });

  it('is for development only', async () => {
    const { machine } = await start(await imageOf(GAME, { mode: 'release' }));
    const next = await machine.prepare(await imageOf(GAME));
    expect(() => machine.replace(next)).toThrow('only a development image');
  });
});
