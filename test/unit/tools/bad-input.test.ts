/** Whatever a script's author does wrong ends in an error with its place, and the machine goes on. */
import { describe, expect, it } from 'vitest';
import { LinkError, type ScriptError } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { analyse, compile } from '../../../scripting/tools/index.ts';
import { imageOf, MODES, STRESS, start, thrown } from './script.ts';

describe('a function that nothing else is known of', () => {
  it.each(MODES)('is named with its place, also at the beginning of a file, in %s', async (mode) => {
    const spin = '(defn spin ((n : i64)) : i64 (spin (+ n 1)))\n(defn main () : Unit (println (spin 0)))';
    const { image } = await compile([new Source('game.slu', spin)], { mode, watch: true });
    if (image === undefined) throw new Error('it compiles');
    const { machine } = await start(image, { timeLimit: 40 });
    const error = thrown(() => machine.call('main')) as ScriptError;
    expect(error.printedTrace).toContain('at spin (game.slu:1:1)');
  });

  it.each(MODES)(
    'is the comparison that a type has by itself, with the place of the type, in %s',
    async (mode) => {
      const deep = `(defn chain ((n : i64)) : Node
  (let ((mut x (Node 0 None))) (for (i 0 (< i n)) (set! x (Node i (Some x)))) x))
(defstruct Node (n : i64) (mut next : (Option Node)))
(defn main () : Unit (println (= (chain 50000) (chain 50000))))`;
      const { image } = await compile([new Source('game.slu', deep)], { mode });
      if (image === undefined) throw new Error('it compiles');
      const { machine } = await start(image);
      const error = thrown(() => machine.call('main')) as ScriptError;
      expect(error.printedTrace).toMatch(/^ {2}at = of .*Node.* \(game\.slu:3:12\)/);
    },
  );
});

describe('mistakes in the text', () => {
  const mistakes: readonly [what: string, text: string, code: string, place: string, underlined: string][] = [
    ['an unclosed paren', '(defn main () : Unit\n  (println 1)', 'unclosed', 'game.slu:1:1', '('],
    ['an unknown name', '(defn main () : Unit\n  (println (foo 2)))', 'unknown-name', 'game.slu:2:13', 'foo'],
    ['a wrong type', '(defn main () : i64\n  (+ 1 "two"))', 'wrong-type', 'game.slu:2:8', '"two"'],
    [
      'an arena escape',
      '(defn main () : Unit (println (escape)))\n(defn escape () : (Vector i64)\n  (with-arena scratch [1 2 3]))',
      'arena-escape',
      'game.slu:3:23',
      '[1 2 3]',
    ],
  ];

  it.each(mistakes)(
    '%s is an error with code, place and the text underlined',
    async (_, text, code, place, at) => {
      const { image, diagnostics } = await compile([new Source('game.slu', text)], { mode: 'development' });
      expect(image).toBeUndefined();
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors.map((error) => error.code)).toEqual([code]);
      const shown = errors.map(render).join();
      expect(shown).toMatch(new RegExp(`^${place}: error: .* \\[${code}\\]\n`));
      const [, line = '', marks = ''] = shown.split('\n').map((row) => row.replace(/^ *\d* \| /, ''));
      expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe(at);
    },
  );

  it('never crash the compiler, wherever the text is cut off', () => {
    const text = `(defvalue V (x : f64)) (defstruct B (mut v : V) (n : String))
      (defglobal mut *b* : (MutVec B) (mut-vec)) (extern "host" (defn f ((n : i64)) : i64))
      (defn main () : Unit
        (let ((b (B (V 1.0) "a\\n")) ((mut k : i32) 3))
          (for (i 0 (< i 3)) (push! *b* b) (set! (.v b) (V (f64 i))))
          (with-arena scratch (println (map (fn (b) (.n b)) *b*) [1 2] (cond ((= 1 2) "x") (else "y"))))
          (match k (1 (println 'a)) (_ (println \`(a ,b))))))`;
    for (let end = 0; end < text.length; end += 1) {
      const { program, diagnostics } = analyse([new Source('cut.slu', text.slice(0, end))]);
      // An error, or a program: an empty one, for example.
      expect(program !== undefined || diagnostics.length > 0).toBe(true);
      for (const diagnostic of diagnostics) expect(render(diagnostic)).toContain('cut.slu:');
    }
  });
});

const FAILING = `(extern "host" (defn refuse () : Unit))
(defstruct Node (value : i64) (name : String))
(defglobal mut *kept* : (MutVec Node) (mut-vec))

(pub defn index () : i64
  (with-arena scratch
    (let ((v [1 2 3]))
      (nth v 99))))
(pub defn recursion () : i64 (deeper 0))
(defn deeper ((n : i64)) : i64 (+ 1 (deeper (+ n 1))))
(pub defn loop () : i64
  (let ((mut n 0))
    (while true
      (set! n (+ n 1)))
    n))
(pub defn host () : Unit
  (without-collection
    (refuse)))
(pub defn keep ((n : i64)) : i64
  (push! *kept* (Node n (str "node " n)))
  (fold + 0 (map .value *kept*)))`;

describe.each(MODES)('mistakes at run time, in %s', (mode) => {
  const refuse = () => {
    throw new Error('not today');
  };
  const failures: readonly [name: string, message: string, line: number][] = [
    ['index', 'index 99 is out of range for length 3', 8],
    ['recursion', 'the recursion is too deep', 10],
    ['loop', 'the call ran longer than 40 ms', 13],
    ['host', 'host.refuse failed: not today', 18],
  ];

  it.each(failures)(
    '%s: an error with its place and a trace, and the machine works on',
    async (name, message, line) => {
      const image = await imageOf(FAILING, { mode, watch: true });
      const { machine } = await start(image, { host: { host: { refuse } }, timeLimit: 40, stress: STRESS });
      expect(machine.call('keep', 1)).toBe(1);
      for (let i = 0; i < 2; i += 1) {
        const error = thrown(() => machine.call(name)) as ScriptError;
        expect(error.message).toBe(message);
        expect(error.position).toMatchObject({ file: 'game.slu', line });
        expect(error.trace.length).toBeGreaterThan(0);
        expect(error.report()).toMatch(/^game\.slu:\d+:\d+: .*\n {2}at /);
        expect(machine.verify()).toBeUndefined();
      }
      machine.collect();
      expect(machine.call('keep', 2)).toBe(3);
      expect(machine.verify()).toBeUndefined();
    },
  );

  it('a missing extern is reported when the program is linked', async () => {
    const image = await imageOf(FAILING, { mode });
    const error = await start(image).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LinkError);
    expect((error as LinkError).message).toBe(
      'game.slu:1:16: the host does not supply host.refuse : (Fn [] Unit)',
    );
  });

  const bodies = (failing: string) => `(defentity Body (id : i64) (mut x : f64) (mut moved : i64))
(defglobal mut *frames* : i64 0)
(defn deeper ((n : i64)) : i64 (+ 1 (deeper (+ n 1))))
(behave Body (b dt)
  (when (= (.id b) 37) ${failing})
  (set! (.x b) (+ (.x b) (* 60.0 dt)))
  (set! (.moved b) (+ (.moved b) 1)))
(defn start () : Unit
  (for (i 0 (< i 100)) (add-entity! (Body :id i :x 0.0 :moved 0))))
(defn frame ((dt : f64)) : Unit (set! *frames* (+ *frames* 1)))
(pub defn moved () : i64
  (let ((mut sum 0)) (for-entities (b Body) (set! sum (+ sum (.moved b)))) sum))
(pub defn frames () : i64 *frames*)`;

  it.each([
    ['by index', '(println (nth [1 2 3] (.id b)))', 'index 37 is out of range for length 3'],
    ['by recursion', '(println (deeper 0))', 'the recursion is too deep'],
    ['by an endless loop', '(while true (set! (.x b) 0.0))', 'the call ran longer than 40 ms'],
  ])('body 37 of 100 that fails %s does not stop the other 99', async (_, failing, message) => {
    const image = await imageOf(bodies(failing), { mode, watch: true });
    const heard: string[] = [];
    const { machine } = await start(image, {
      timeLimit: 40,
      onFailure: ({ error, where, entity }) => heard.push(`${where} ${entity}: ${error.message}`),
    });
    machine.call('start');
    for (let frame = 1; frame <= 3; frame += 1) {
      expect(machine.step(1 / 60)).toBe(1);
      machine.resetFrame();
      expect(machine.call('moved')).toBe(99 * frame);
      expect(machine.call('frames')).toBe(frame);
      expect(machine.verify()).toBeUndefined();
    }
    // Told once, counted each time.
    expect(heard).toEqual([`behave Body 37: ${message}`]);
    expect(machine.failures.map(({ count }) => count)).toEqual([3]);
  });

  it('a frame that fails itself still lets the behaviours run', async () => {
    const text = bodies('(set! (.x b) 0.0)').replace(
      '(set! *frames* (+ *frames* 1))',
      '(set! *frames* (+ *frames* 1)) (error "no frame")',
    );
    const { machine } = await start(await imageOf(text, { mode }));
    machine.call('start');
    expect(machine.step(1 / 60)).toBe(1);
    expect(machine.call('moved')).toBe(100);
    expect(machine.failures.map(({ where, error }) => `${where}: ${error.message}`)).toEqual([
      'frame: no frame',
    ]);
  });
});
