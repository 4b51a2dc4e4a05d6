/** Names that come and go with new code: nothing that a game has made is lost without a word. */
import { describe, expect, it } from 'vitest';
import type { Machine, ReplaceOptions } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

async function replace(machine: Machine, text: string, options: ReplaceOptions = {}) {
  return machine.replace(await machine.prepare(await imageOf(text)), options);
}

const running = async (text: string) => (await start(await imageOf(text), { stress: STRESS })).machine;

const game = (name = '*bodies*', more = ''): string => `(defstruct Body (mut x : i64) (name : String))
(defglobal mut ${name} : (MutVec Body) (mut-vec))
(pub defn fill () : Unit (push! ${name} (Body 1 "one")) (push! ${name} (Body 2 "two")))
(pub defn look () : String (str (map .name ${name})))
${more}`;

const QUIET = { parked: [], restored: [], renames: [], notApplied: [], lostExports: [], changedExports: [] };

describe('a mutable global that goes', () => {
  it('keeps its value until code names it again', async () => {
    const machine = await running(game());
    machine.call('fill');
    const without = '(pub defn look () : String "")';
    expect(await replace(machine, without)).toMatchObject({
      kind: 'replaced',
      kept: [],
      computed: [],
      parked: ['*bodies*'],
      lostExports: ['fill'],
    });
    expect(machine.parked).toEqual(['*bodies*']);
    for (let i = 0; i < 40; i += 1) {
      expect(await replace(machine, without)).toMatchObject({ kind: 'replaced', ...QUIET });
      machine.collect();
    }
    expect(machine.verify()).toBeUndefined();
    await machine.force({ move: true, shrink: true });
    expect(await replace(machine, game())).toMatchObject({
      ...QUIET,
      kept: ['*bodies*'],
      restored: ['*bodies*'],
    });
    expect(machine.parked).toEqual([]);
    expect(machine.call('look')).toBe('["one" "two"]');
  });

  it('has it again after it was of another type, or a constant', async () => {
    const text = (global: string): string => `(defglobal ${global}) (pub defn look () : String (str *n*))`;
    const first = `${text('mut *n* : i64 1')} (pub defn fill () : Unit (set! *n* 5))`;
    const machine = await running(first);
    machine.call('fill');
    for (const other of ['mut *n* : f64 0.5', '*n* : i64 7', 'frame *n* : i64 8']) {
      expect(await replace(machine, text(other))).toMatchObject({ parked: ['*n*'], renames: [] });
      expect(await replace(machine, first)).toMatchObject({ restored: ['*n*'] });
      expect(machine.call('look')).toBe('5');
    }
    expect(machine.parked).toEqual(['*n*']);
  });

  it('asks for a restart where it comes back and does not fit', async () => {
    const machine = await running(game());
    machine.call('fill');
    const other = game().replace('(mut x : i64) (name', '(mut y : i64) (name');
    expect(await replace(machine, '(defstruct Body (y : i64)) (pub defn f () (Body 1))')).toMatchObject({
      kind: 'replaced',
    });
    expect(await replace(machine, other)).toMatchObject({ kind: 'restart', types: ['Body'] });
    expect(machine.parked).toEqual(['*bodies*']);
    machine.dropParked();
    expect(await replace(machine, other)).toMatchObject({ kind: 'replaced', computed: ['*bodies*'] });
    expect(machine.call('look')).toBe('[]');
  });

  it('keeps its value where the code that names it again fails', async () => {
    const machine = await running(game());
    machine.call('fill');
    await replace(machine, '(pub defn f () : i64 1)');
    const broken = await machine.prepare(
      await imageOf(game('*bodies*', '(defglobal *bad* : i64 (nth [1] 7))')),
    );
    for (let i = 0; i < 3; i += 1) thrown(() => machine.replace(broken));
    expect(machine.parked).toEqual(['*bodies*']);
    await replace(machine, game());
    expect(machine.call('look')).toBe('["one" "two"]');
    expect(machine.verify()).toBeUndefined();
  });

  it('goes for good when that is wanted, but not for old code', async () => {
    const machine = await running(`(defglobal mut *texts* : (Vector String) [])
(defglobal mut *f* : (Fn [] String) (fn () ""))
(pub defn fill () : Unit (let ((n 1)) (set! *texts* [(str "text " n)]) (set! *f* (fn () (str *texts* n)))))`);
    machine.call('fill');
    const next = '(defglobal mut *f* : (Fn [] String) (fn () "")) (pub defn run () : String (*f*))';
    for (let i = 0; i < 20; i += 1) await replace(machine, next);
    machine.dropParked(['*texts*']);
    expect(machine.parked).toEqual([]);
    machine.tidy();
    expect(machine.call('run')).toBe('["text 1"]1');
    expect(machine.verify()).toBeUndefined();
  });

  it('is an entity’s world too', async () => {
    const text = (more: string): string => `${more}(pub defn f () : i64 1)`;
    const balls = `(defentity Ball (mut x : f64)) (defn start () : Unit (add-entity! (Ball 1.0)))
(pub defn count () : i64 (let ((mut n 0)) (for-entities (b Ball) (set! n (+ n 1))) n))`;
    const machine = await running(text(balls));
    machine.call('start');
    machine.step(0);
    machine.resetFrame();
    expect(await replace(machine, text(''))).toMatchObject({ parked: ['pool:Ball'], lostExports: ['start'] });
    await replace(machine, text(balls));
    machine.step(0);
    machine.resetFrame();
    expect(machine.call('count')).toBe(1);
    expect(machine.verify()).toBeUndefined();
  });
});

describe('a rename', () => {
  it('is offered, and done when it is wanted', async () => {
    const machine = await running(game());
    machine.call('fill');
    expect(await replace(machine, game('*balls*'), { ask: true })).toMatchObject({
      kind: 'replaced',
      ...QUIET,
      computed: ['*balls*'],
      parked: ['*bodies*'],
      renames: [{ from: '*bodies*', to: '*balls*' }],
    });
    expect(machine.call('look')).toBe('[]');
    machine.rename({ from: '*bodies*', to: '*balls*' });
    expect(machine.call('look')).toBe('["one" "two"]');
    expect(machine.parked).toEqual([]);
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe('["one" "two"]');
  });

  it('of a module is offered for each of its globals, by their own names', async () => {
    const program = async (module: string, first: string) => {
      const part = `(defglobal mut *x* : i64 1) (defglobal mut *y* : i64 2) (defglobal mut *names* : (MutVec String) (mut-vec))
(pub defn fill () : Unit (set! *x* 5) (set! *y* 6) (push! *names* "n")) (pub defn look () : String (str *x* *y* *names*))`;
      const main = `(import ${module} (fill look)) (defglobal mut ${first} : i64 3)
(pub defn begin () : Unit (fill) (set! ${first} 4)) (pub defn all () : String (str ${first} (look)))`;
      const { image, diagnostics } = await compile(
        [new Source(`${module}.slu`, part), new Source('game.slu', main)],
        { mode: 'development' },
      );
      if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
      return image;
    };
    const { machine } = await start(await program('units', '*mine*'), { stress: STRESS });
    machine.call('begin');
    const outcome = machine.replace(await machine.prepare(await program('fleet', '*ours*')));
    const renames = [
      { from: 'units.*x*', to: 'fleet.*x*' },
      { from: 'units.*y*', to: 'fleet.*y*' },
      { from: 'units.*names*', to: 'fleet.*names*' },
      { from: '*mine*', to: '*ours*' },
    ];
    expect(outcome).toMatchObject({ kind: 'replaced', parked: ['*x*', '*y*', '*names*', '*mine*'] });
    const offered = 'renames' in outcome ? outcome.renames : [];
    expect(offered).toEqual(expect.arrayContaining(renames));
    expect(offered.length).toBe(renames.length);
    expect(machine.call('all')).toBe('312[]');
    for (const rename of offered) machine.rename(rename);
    expect(machine.call('all')).toBe('456["n"]');
    expect(machine.parked).toEqual([]);
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });

  it('that is taken back has lost nothing', async () => {
    const machine = await running(game());
    machine.call('fill');
    await replace(machine, game('*balls*'));
    expect(await replace(machine, game())).toMatchObject({
      restored: ['*bodies*'],
      parked: ['*balls*'],
      renames: [],
    });
    expect(machine.call('look')).toBe('["one" "two"]');
  });

  it('is not guessed where several could be meant, or types differ', async () => {
    const two = (a: string, b: string): string =>
      `(defglobal mut ${a} : i64 1) (defglobal mut ${b} : i64 2) (pub defn f () : i64 (+ ${a} ${b}))`;
    const machine = await running(two('*a*', '*b*'));
    expect(await replace(machine, two('*c*', '*d*'))).toMatchObject({ parked: ['*a*', '*b*'], renames: [] });
    expect(await replace(machine, two('*c*', '*e*'))).toMatchObject({
      renames: [{ from: '*d*', to: '*e*' }],
    });
    expect(thrown(() => machine.rename({ from: '*d*', to: '*x*' }))).toMatchObject({
      message: 'the script has no mutable global *x*',
    });
    expect(thrown(() => machine.rename({ from: '*x*', to: '*e*' }))).toMatchObject({
      message: 'there is no value of *x* for *e*',
    });
  });
});

describe('an initial value that changes', () => {
  const text = (n: string, more = ''): string => `${more}(defglobal *start* : i64 ${n})
(defn first () : i64 (* 2 *start*))
(defglobal mut *hp* : i64 (first))
(defglobal mut *log* : (MutVec String) (mut-vec))
(pub defn hit () : Unit (set! *hp* (- *hp* 1)) (push! *log* "hit"))
(pub defn look () : String (str *hp* *log* *start*))`;

  it('does not apply to the running game, which is said, and applies when that is wanted', async () => {
    const machine = await running(text('5'));
    machine.call('hit');
    expect(
      await replace(
        machine,
        text('5', '; a comment\n(defstruct Other (x : f64)) (defn other () (str (Other 1.5)))\n'),
      ),
    ).toMatchObject({ kind: 'replaced', ...QUIET });
    expect(await replace(machine, text('50'))).toMatchObject({
      ...QUIET,
      kept: ['*hp*', '*log*'],
      computed: ['*start*'],
      notApplied: ['*hp*'],
    });
    expect(machine.call('look')).toBe('9["hit"]50');
    // It is news once.
    expect(await replace(machine, text('50', '(pub defn more () : i64 1) '))).toMatchObject(QUIET);
    expect(machine.notApplied).toEqual(['*hp*']);
    machine.applyInitial();
    expect(machine.call('look')).toBe('100["hit"]50');
    expect(machine.notApplied).toEqual([]);
    machine.applyInitial(['*log*']);
    expect(machine.call('look')).toBe('100[]50');
    expect(machine.verify()).toBeUndefined();
  });

  it('is no news when it is what the game began with', async () => {
    const machine = await running(text('5'));
    expect(await replace(machine, text('6'))).toMatchObject({ notApplied: ['*hp*'] });
    expect(await replace(machine, text('5'))).toMatchObject({ notApplied: [] });
    expect(machine.notApplied).toEqual([]);
  });

  it('that fails leaves the value as it was', async () => {
    const machine = await running(text('5'));
    await replace(machine, text('5').replace('(* 2 *start*)', '(/ 2 (- *start* 5))'));
    expect(thrown(() => machine.applyInitial())).toMatchObject({ kind: 'division' });
    expect(machine.call('look')).toBe('10[]5');
  });
});

describe('code that lacks what the game needs', () => {
  const text = `${game()} (defn frame ((dt : f64)) : Unit ()) (defn start () : Unit (fill))`;

  it('asks first', async () => {
    const machine = await running(text);
    machine.call('start');
    machine.step(0);
    machine.resetFrame();
    expect(await replace(machine, '', { ask: true })).toEqual({
      kind: 'confirm',
      reason: 'the new code has no `frame`, `start` and no `*bodies*`',
      lostExports: expect.arrayContaining(['frame', 'start']),
      lostGlobals: ['*bodies*'],
    });
    expect(await replace(machine, text.replace('defn frame', 'defn fram'), { ask: true })).toMatchObject({
      kind: 'confirm',
      reason: 'the new code has no `frame`',
      lostGlobals: [],
    });
    expect(machine.call('look')).toBe('["one" "two"]');
    expect(machine.parked).toEqual([]);
    expect(await replace(machine, '')).toMatchObject({ kind: 'replaced', parked: ['*bodies*'] });
    expect(await replace(machine, text, { ask: true })).toMatchObject({
      kind: 'replaced',
      restored: ['*bodies*'],
    });
    expect(machine.call('look')).toBe('["one" "two"]');
  });

  it('does not ask for what nobody has called, or is there', async () => {
    const machine = await running(text);
    expect(await replace(machine, text.replace('defn frame', 'defn fram'), { ask: true })).toMatchObject({
      kind: 'replaced',
    });
    expect(await replace(machine, text, { ask: true })).toMatchObject({ kind: 'replaced' });
  });

  it('says which functions that the host calls are other ones now', async () => {
    const more =
      '(pub defn size ((xs : (Vector i64))) : i64 (len xs)) (pub defn shown ((x : f64)) : String (str x))';
    const machine = await running(`${text}${more}`);
    machine.call('size', [1]);
    machine.call('shown', 1);
    expect(
      await replace(machine, `(pub defn first ((xs : (Vector String))) : i64 1) ${text}${more}`),
    ).toMatchObject(QUIET);
    expect(
      await replace(machine, `${text}${more.replaceAll('i64', 'f64').replace('(len xs)', '1.0')}`),
    ).toMatchObject({
      changedExports: ['size'],
      lostExports: [],
    });
  });

  it('says so of those that take or give objects with other fields', async () => {
    const text = (fields: string, name = 'to'): string => `(defstruct Way ${fields})
(defglobal mut *sum* : f64 0.0)
(pub defn steer ((${name} : (Vector Way))) : Unit (for-each (w ${name}) (+= *sum* (.x w))))`;
    const machine = await running(text('(x : f64)'));
    machine.call('steer', [{ x: 1 }]);
    expect(await replace(machine, text('(x : f64)', 'ways'))).toMatchObject({ changedExports: [] });
    expect(await replace(machine, text('(x : f64) (y : f64)'))).toMatchObject({ changedExports: ['steer'] });
  });

  it('says of entities that they are those of a type', async () => {
    const machine = await running(
      `(defentity Ball (mut x : f64)) (defglobal mut *n* : i64 0) (defn start () : Unit (add-entity! (Ball 1.0)))`,
    );
    expect(await replace(machine, '(defn start () : Unit ())', { ask: true })).toMatchObject({
      reason: 'the new code has no `*n*` and no entities of `Ball`',
    });
  });
});

describe('a function value that was put aside', () => {
  it('is not called in arenas that it was not proved for', async () => {
    const text = (keeps: boolean, inArena: boolean): string => `(defstruct Item (mut v : i64))
(defglobal mut *last* : (Option Item) None)
(defglobal mut *f* : (Fn [Item] Unit) (fn (i) ()))
(pub defn fill () : Unit (let ((n 1)) (set! *f* (fn (i) (set! (.v i) n) ${keeps ? '(set! *last* (Some i))' : ''}))))
(pub defn run () : Unit ${inArena ? '(with-arena a (*f* (Item 42)))' : '(*f* (Item 42))'})`;
    const machine = await running(text(true, false));
    machine.call('fill');
    expect(await replace(machine, '(pub defn f () : i64 1)')).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, text(false, true))).toMatchObject({ kind: 'restart' });
    expect(await replace(machine, text(true, false))).toMatchObject({ restored: ['*last*', '*f*'] });
    machine.call('run');
    expect(machine.verify()).toBeUndefined();
  });
});
