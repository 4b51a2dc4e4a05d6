/** `--call`, `--until` and `--seed`: a game that is run without a screen says what it came to, ends when it is over, and its dice fall as one asks. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workshop } from './command.ts';
import { imageOf, MODES, start } from './script.ts';

const workshop = new Workshop();
const play = (game: string, ...more: string[]) =>
  workshop.sluice('play', join(workshop.folder, game), '--frames', '10', ...more);
/** What is printed after the frames' report. */
const results = (out: string): string => out.slice(out.search(/\n {2}checksum .*\n/) + 1).replace(/.*\n/, '');

workshop.write(
  'sums/sums.slu',
  `(defstruct Sum (of : (MutVec f64)) (times : i64))
(deftype Light On (Off i64))
(defglobal *sum* : Sum (Sum (mut-vec 0.5) 3))
(defglobal mut *frames* : i64 0)
(defn frame ((dt : f64)) : Unit (inc! *frames*))
(pub defn frames () : i64 *frames*)
(pub defn large () : i64 (- 0 9223372036854775807))
(pub defn hashed () : Bool (!= (hash *frames*) 0))
(pub defn sum () : Sum *sum*)
(pub defn lights () : (Vector Light) [On (Off 3)])
(pub defn shout () : Unit (println "done"))
(pub defn by ((n : i64)) : i64 n)
(pub defn adder () : (Fn [i64] i64) (fn (n) (+ n 1)))
(pub defn fails () : i64 (nth [1] 7))
(defn hidden () : i64 3)\n`,
);

workshop.write(
  'dice/dice.slu',
  '(defn frame ((dt : f64)) : Unit (random))\n(pub defn roll () : f64 (random))\n',
);

describe('--call', () => {
  it.each([[[]], [['--release']]])('prints what functions return, as println would %j', async (options) => {
    const calls = ['frames', 'large', 'sum', 'lights', 'shout', 'hashed'].flatMap((name) => ['--call', name]);
    const { code, out, error } = await play('sums', ...calls, ...options);
    expect([code, error]).toEqual([0, '']);
    expect(results(out)).toBe(
      '10\n-9223372036854775807\n(Sum :of [0.5] :times 3)\n[On (Off 3)]\ndone\ntrue\n',
    );
  });

  it('says what there is to call where it cannot call what it was told', async () => {
    const complaint = async (name: string) => {
      const { code, out, error } = await play('sums', '--call', name);
      expect([code, out]).toEqual([1, '']);
      return error;
    };
    expect(await complaint('frame')).toBe(
      'sluice: `frame` of sums/sums.slu has parameters, and `--call` has nothing to give: did you mean `frames`?\n',
    );
    expect(await complaint('lihgts')).toBe(
      'sluice: sums/sums.slu exports no function `lihgts`: did you mean `lights`?\n',
    );
    expect(await complaint('hidden')).toBe(
      'sluice: `hidden` of sums/sums.slu is private: `(pub defn hidden () ...)` makes it one that `--call` finds\n',
    );
    expect(await complaint('adder')).toContain('returns what cannot be shown: a function');
    workshop.write('bare/bare.slu', '(defn frame ((dt : f64)) : Unit (println dt))\n');
    expect((await play('bare', '--call', 'sum')).error).toContain(
      'exports no function `sum`: what it calls is defined `(pub defn name () ...)`, and there is nothing like that',
    );
  });

  it('tells of a call that fails, after the report', async () => {
    const { code, out, error } = await play('sums', '--call', 'frames', '--call', 'fails');
    expect([code, results(out)]).toEqual([2, '10\n']);
    expect(error).toContain('sums/sums.slu:14:26: error: index 7 is out of range for length 1');
  });

  const asking = (kind: string, more = '') => `(${kind} Orc (mut hp : i64))
(defglobal mut *orc* : (Option (Weak Orc)) None)
${more}
(defn start () : Unit (set! *orc* (Some (weak (Orc 3)))))
(defn seen ((w : (Weak Orc))) : i64 (match (upgrade w) ((Some orc) (.hp orc)) (None 0)))
(pub defn sum () : i64 (match *orc* ((Some w) (seen w)) (None 0)))\n`;

  it('warns once of an answer that depends on collections', async () => {
    workshop.write(
      'weak/weak.slu',
      asking('defstruct', '(defn also ((w : (Weak Orc))) : Bool (some? (upgrade w)))'),
    );
    const { code, error } = await play('weak', '--call', 'sum');
    expect(code).toBe(0);
    expect(error.match(/warning/g)).toHaveLength(1);
    expect(error).toMatch(
      /^weak\/weak\.slu:[35]:\d+: warning: whether this weak reference still leads to something depends on when collections run, so another machine may print another result\n {2}\d \| .*\n {4}\| +\^\n {2}hint: /,
    );
    expect((await play('weak')).error).toBe('');
  });

  it('warns also where `upgrade` is passed on', async () => {
    workshop.write(
      'passed/passed.slu',
      '(defglobal *refs* : (MutVec (Weak (Vector i64))) (mut-vec))\n(pub defn sum () : i64 (count-if some? (map upgrade *refs*)))\n',
    );
    expect((await play('passed', '--call', 'sum')).error).toMatch(/^passed\/passed\.slu:2:/);
  });

  it('does not warn of entities, which are out of the world or in it', async () => {
    workshop.write('entities/entities.slu', asking('defentity'));
    expect((await play('entities', '--call', 'sum')).error).toBe('');
  });
});

describe('--until', () => {
  workshop.write(
    'races/races.slu',
    `(defglobal mut *frames* : i64 0)
(defn frame ((dt : f64)) : Unit (inc! *frames*))
(pub defn over? () : Bool (= *frames* 7))
(pub defn frames () : i64 *frames*)
(pub defn fails? () : Bool (= (nth [1] *frames*) 1))\n`,
  );

  it.each([[[]], [['--release']], [['--checked', '--verify-every', '3']]])(
    'ends a run after the frame in which the answer is true %j',
    async (options) => {
      const { code, out } = await play('races', '--until', 'over?', '--call', 'frames', ...options);
      expect([code, results(out)]).toEqual([0, '7\n']);
      expect(out).toMatch(/^7 frames of /);
    },
  );

  it('fails where it is never true, after the report', async () => {
    const { code, out, error } = await play('races', '--until', 'over?', '--call', 'frames', '--frames', '6');
    expect([code, results(out), error]).toEqual([
      2,
      '6\n',
      'sluice: `over?` was not true after any of 6 frames\n',
    ]);
    expect((await play('races', '--until', 'fails?')).error).toContain(
      'index 1 is out of range for length 1',
    );
  });

  it('says what cannot be asked', async () => {
    const complaint = async (name: string) => (await play('races', '--until', name)).error;
    expect(await complaint('frames')).toBe(
      'sluice: `frames` of races/races.slu does not return `Bool`: `--until` asks it whether the run is over\n',
    );
    expect(await complaint('frame')).toContain('has parameters, and `--until` has nothing to give');
    expect(await complaint('ovr?')).toContain('did you mean `over?`?');
  });
});

describe('the checksum', () => {
  const sumOf = async (game: string, ...options: string[]) =>
    /\n {2}checksum +([0-9a-f]{16})\n/.exec((await play(game, ...options)).out)?.[1];

  it('is that of the frames, whatever is called after them', async () => {
    const sum = await sumOf('dice');
    expect(sum).toBeDefined();
    expect(await sumOf('dice', '--call', 'roll')).toBe(sum);
    expect(await sumOf('dice', '--seed', '7')).not.toBe(sum);
    expect(await sumOf('dice', '--frames', '11')).not.toBe(sum);
  });

  it('does not know where the project lies', async () => {
    const script = `(defentity Orc (act : (Fn [i64] i64)))
(defn start () : Unit (let ((by 3)) (add-entity! (Orc (fn (n) (+ n by))))))\n`;
    workshop.write('here/game.slu', script);
    workshop.write('far/over/there/game.slu', script);
    expect(await sumOf('far/over/there')).toBe(await sumOf('here'));
  });
});

describe('behaviours', () => {
  it('run module by module: what is imported first, in the order of the imports', async () => {
    const behaving = (name: string) =>
      `(pub defentity ${name} (n : i64))\n(behave ${name} (it dt) (println "${name}"))\n`;
    workshop.write('order/walls.slu', behaving('Wall'));
    workshop.write('order/ashes.slu', `(import below :all)\n${behaving('Ash')}`);
    workshop.write('order/below.slu', behaving('Below'));
    workshop.write(
      'order/order.slu',
      `(import walls :all)\n(import ashes :all)\n(import below :all)\n${behaving('Own')}
(defn start () : Unit (add-entity! (Own 1)) (add-entity! (Below 1)) (add-entity! (Ash 1)) (add-entity! (Wall 1)))
(behave Wall (it dt) (println "again"))\n`,
    );
    const { out } = await workshop.sluice('play', join(workshop.folder, 'order'), '--frames', '1');
    expect(out).toMatch(/^Wall\nBelow\nAsh\nOwn\nagain\n/);
  });
});

describe('--seed', () => {
  it.each([[[]], [['--release']]])('begins as random-seed does, before anything runs %j', async (options) => {
    const path = workshop.write(
      'dice.slu',
      '(defglobal *first* : i64 (random-int 0 1000000))\n(defn main () : Unit (println *first*) (println (random)))\n',
    );
    const seeded = workshop.write(
      'seeded.slu',
      '(random-seed -7)\n(defn main () : Unit (println (random-int 0 1000000)) (println (random)))\n',
    );
    const roll = async (...more: string[]) => (await workshop.sluice('run', path, ...more, ...options)).out;
    expect(await roll('--seed', '-7')).toBe((await workshop.sluice('run', seeded, ...options)).out);
    expect(await roll('--seed', '0')).toBe(await roll());
    expect(await roll('--seed', '1')).not.toBe(await roll());
    const rolled = async (seed: string) =>
      results((await play('dice', '--call', 'roll', '--seed', seed, ...options)).out);
    expect(await rolled('5')).toBe(await rolled('5'));
    expect(await rolled('5')).not.toBe(await rolled('6'));
  });

  it.each(MODES)('is what the script would begin with, whatever the number (%s)', async (mode) => {
    const image = await imageOf(
      '(pub defn roll () : Bool true)\n(pub defn rolls () : (Vector f64) [(random) (random) (random)])\n(pub defn seed! ((n : i64)) : Unit (random-seed n))\n',
      { mode },
    );
    for (const seed of [0n, 1n, -1n, 12345678901234n, 2n ** 53n - 1n]) {
      const given = (await start(image, { seed })).machine;
      const own = (await start(image)).machine;
      own.call('seed!', Number(seed));
      expect(given.call('rolls')).toEqual(own.call('rolls'));
    }
    await expect(start(image, { seed: 2n ** 63n })).rejects.toThrow(RangeError);
  });

  it.each(['x', '1.5', '', '9223372036854775808', '1e3'])('is a whole number: %j', async (seed) => {
    const { code, error } = await play('sums', `--seed=${seed}`);
    expect([code, error]).toEqual([
      1,
      `sluice: --seed needs a whole number from -9223372036854775808 to 9223372036854775807, not \`${seed}\`\n`,
    ]);
  });
});
