/** What scripts see of the player through `sluice.input`, and runs whose input comes from a text. */
import { describe, expect, test } from 'vitest';
import { InputPage, inputHost, RecordedInput } from '../../../engine/input/index.ts';
import { controlNumber, type Image } from '../../../scripting/image/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/compile.ts';

async function play(
  text: string,
  input: string,
  frames: number,
  mode: 'development' | 'release' = 'development',
) {
  const { image, diagnostics } = await compile(
    [new Source('main.slu', `(import sluice.input :all)\n${text}`)],
    { mode },
  );
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  const page = new InputPage();
  const said: string[] = [];
  let output = '';
  const machine = await Machine.create(image, {
    host: inputHost(page, (words) => said.push(words)),
    output: (part) => {
      output += part;
    },
  });
  const recorded = new RecordedInput(input);
  const allocated: number[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    recorded.apply(page, frame);
    page.publish(machine.memory);
    const before = machine.allocatedBytes;
    machine.step(0.1);
    allocated.push(machine.allocatedBytes - before);
    machine.resetFrame();
  }
  return { page, machine, said, output, allocated };
}

const JUMP = `
(defglobal *jump* : Control (action "jump" [:space :pad-south]))
(defglobal mut *frame* : i64 0)
(defn frame ((dt : f64)) : Unit
  (when (pressed? *jump*) (print *frame* "+ "))
  (when (held? *jump*) (print *frame* "= "))
  (when (released? *jump*) (print *frame* "- "))
  (inc! *frame*))`;

test.each(['development', 'release'] as const)(
  'in %s an image says which controls its script names, but for bindings',
  async (mode) => {
    const { machine } = await play(
      `(defglobal *jump* : Control (action "jump" [:space]))
       (defglobal *both* : (Vector Control) [:key-a :key-b])
       (defn asks () : Bool (or (held? :arrow-up) (> (axis :key-j :pad-south) 0.5) (any? released? *both*)))
       (defn frame ((dt : f64)) : Unit (when (pressed? *jump*) (bind! *jump* [:key-x])))`,
      '',
      0,
      mode,
    );
    const named = ['arrow-up', 'key-a', 'key-b', 'key-j', 'pad-south'].map(controlNumber);
    expect(machine.manifest.controls).toEqual(named.sort((a, b) => Number(a) - Number(b)));
  },
);

describe.each(['development', 'release'] as const)('in %s a script', (mode) => {
  test('sees the edges of an action, each in one frame', async () => {
    const input =
      '1 press space\n3 press pad-south\n4 release space\n6 release pad-south\n8 press space\n8 release space';
    const { output } = await play(JUMP, input, 12, mode);
    expect(output).toBe('1+ 1= 2= 3= 4= 5= 6- 8+ 8- ');
  });

  test('sees the pointer, the wheel, how far sticks are pushed, and fingers', async () => {
    const script = `
      (defn frame ((dt : f64)) : Unit
        (println (pointer-x) " " (pointer-y) " " (wheel-x) " " (wheel-y) " " (axis :pad-left-stick-left :pad-left-stick-right))
        (for (i 0 (< i (touch-count))) (println (nth-touch i)))
        (when-let ((Some t) (find-touch 2)) (println "second at " (.x t))))`;
    const input =
      '0 pointer 3 4\n0 wheel 1 2\n0 push pad-left-stick-left 0.5\n1 touch 1 5 6\n1 touch 2 7 8\n1 end-touch 1';
    const { output } = await play(script, input, 3, mode);
    expect(output.trim().split('\n')).toEqual([
      '3.0 4.0 1.0 2.0 -0.5',
      '3.0 4.0 0.0 0.0 -0.5',
      '(Touch :id 1 :x 5.0 :y 6.0 :pressed true :released true)',
      '(Touch :id 2 :x 7.0 :y 8.0 :pressed true :released false)',
      'second at 7.0',
      '3.0 4.0 0.0 0.0 -0.5',
      '(Touch :id 2 :x 7.0 :y 8.0 :pressed false :released false)',
      'second at 7.0',
    ]);
  });
});

describe('a script', () => {
  test('allocates nothing to ask for its input', async () => {
    const script = `
      (defglobal *jump* : Control (action "jump" [:space]))
      (defglobal mut *sum* : f64 0.0)
      (defn frame ((dt : f64)) : Unit
        (when (or (pressed? :space) (held? *jump*) (released? :mouse-left)) (+= *sum* 1.0))
        (+= *sum* (+ (pointer-x) (strength *jump*)))
        (for (i 0 (< i (touch-count))) (+= *sum* (.x (nth-touch i)))))`;
    const { allocated } = await play(script, '0 touch 1 2 3\n1 press space', 4);
    expect(allocated).toEqual([0, 0, 0, 0]);
  });

  test('binds actions, keeps what is bound as a text, and knows the names of controls', async () => {
    const script = `
      (defglobal *jump* : Control (action "jump" [:space]))
      (defn frame ((dt : f64)) : Unit
        (bind! *jump* [:key-k :pad-2-south])
        (println (control-name *jump*) " " (map control-name (bindings *jump*)))
        (println (save-bindings))
        (restore-bindings! "{}")
        (println (map control-name (bindings *jump*)))
        (restore-bindings! "no bindings")
        (announce "Level 2"))`;
    const { output, said, page } = await play(script, '', 1);
    expect(output.trim().split('\n')).toEqual([
      'jump ["key-k" "pad-2-south"]',
      '{"jump":["key-k","pad-2-south"]}',
      '["space"]',
    ]);
    expect(said).toEqual(['Level 2']);
    expect(page.bindings('jump')).toEqual(['space']);
  });

  test('claims controls, and with them those that its actions are bound to', async () => {
    const script = `
      (defglobal *jump* : Control (action "jump" [:space]))
      (claim! [:arrow-up :mouse-right])`;
    const { page } = await play(script, '', 0);
    const names = ['space', 'arrow-up', 'mouse-right', 'arrow-down', 'mouse-left'];
    expect(names.filter((name) => page.claims(controlNumber(name)))).toEqual([
      'space',
      'arrow-up',
      'mouse-right',
    ]);
  });

  test('declares its actions anew when its code is replaced; what the player has bound stays', async () => {
    const script = (keys: string) => `
      (defglobal *jump* : Control (action "jump" [${keys}]))
      (defglobal *duck* : Control (action "duck" [${keys}]))
      (defn frame ((dt : f64)) : Unit (when (pressed? *jump*) (print "jump ")))`;
    const { page, machine } = await play(script(':space'), '', 0);
    page.bind('duck', ['key-d']);
    const next = await compile([new Source('main.slu', `(import sluice.input :all)\n${script(':key-j')}`)], {
      mode: 'development',
    });
    machine.replace(await machine.prepare(next.image as Image));
    expect([page.bindings('jump'), page.bindings('duck')]).toEqual([['key-j'], ['key-d']]);
  });

  test('cannot bind what is no action', async () => {
    const script = '(defn frame ((dt : f64)) : Unit (bind! :space [:key-k]))';
    const { machine } = await play(script, '', 0);
    expect(() => machine.call('frame', 0)).toThrow('`space` is no action');
  });

  test('sees the same from the same text, whenever it is played', async () => {
    const script = `
      (defglobal mut *sum* : i64 7)
      (defn frame ((dt : f64)) : Unit
        (set! *sum* (mod (+ (* *sum* 31) (if (pressed? :space) 1 0) (i64 (pointer-x))) 1000003)))
      (pub defn sum () : i64 *sum*)`;
    const input = Array.from(
      { length: 100 },
      (_, i) => `${i * 3} ${i % 2 ? 'release' : 'press'} space\n${i} pointer ${i} 0`,
    );
    const [a, b] = [await play(script, input.join('\n'), 300), await play(script, input.join('\n'), 300)];
    expect(a.machine.call('sum')).toBe(b.machine.call('sum'));
  });
});

describe('a text of input', () => {
  test.each([
    ['x press space', '1: a line begins with the number of a frame, and `x` is none'],
    ['# a remark\n\n3 press spcae', '3: there is no control `spcae`'],
    ['3 push space', '1: `push` is followed by 1 number'],
    ['3 pointer 1', '1: `pointer` is followed by 2 numbers'],
    ['3 jump', '1: `jump` is none of press'],
  ])('%j is refused, with its line', (text, message) => {
    expect(() => new RecordedInput(text)).toThrow(message);
  });
});
