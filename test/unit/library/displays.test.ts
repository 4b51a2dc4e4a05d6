/** A script's display objects: they belong to the scene, and are what the page is told. */
import { expect, test } from 'vitest';
import { Displays, Pictures, stageHost } from '../../../engine/pictures/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, MODES } from '../tools/script.ts';

const SCRIPT = `(import sluice.game :all)
(import sluice.stage :all)
(import sluice.math :all)
(deflayers (ground) (ui))
(defglobal mut *kept* : (Option Display) None)
(scene title
  :enter (text "Press space" :layer :ui :size 40.0 :at (Vec2 3.0 4.0))
  :leave (text "Goodbye"))
(scene level
  :enter (set! *kept* (Some (text "Level 1"))) (draw-rect! (drawing) (Rect 1.0 2.0 3.0 4.0) 0x00ff00))
(pub defn start () : Unit (go-to-scene! title))
(pub defn play () : Unit (go-to-scene! level))
(pub defn again () : Unit (restart-scene!))
(pub defn more () : Unit (text "more") ())
(pub defn rename ((to : String)) : Unit (match *kept* ((Some t) (set-text! t to)) (None ())))
(pub defn drop () : Unit (match *kept* ((Some t) (remove! t)) (None ())))
(defn frame ((dt : f64)) : Unit ())`;

test.each(MODES)('they are there until they are removed or their scene is left: %s', async (mode) => {
  const displays = new Displays();
  const image = await imageOf(SCRIPT, { mode });
  const machine = await Machine.create(image, { host: stageHost(new Pictures(), displays) });
  const texts = () => [...displays.all].map(({ text, shapes }) => text ?? shapes);
  const frame = (): void => {
    machine.step(1 / 60);
    machine.resetFrame();
  };
  machine.call('start');
  frame();
  expect(texts()).toEqual(['Press space']);
  expect([...displays.all][0]?.look).toEqual({
    layer: 1,
    placement: [3, 4, 0, 1, 1, 0, 0, 1],
    tint: 0xffffff,
    visible: true,
    size: 40,
    font: 'sans-serif',
    wrap: 0,
  });
  machine.call('more');
  displays.changed = false;
  machine.call('play');
  // What `leave` makes is the old scene's still.
  frame();
  expect(texts()).toEqual(['Level 1', [{ kind: 1, numbers: [1, 2, 3, 4], colour: 0x00ff00 }]]);
  expect(displays.changed).toBe(true);
  machine.call('rename', 'Level 2');
  expect(texts()[0]).toBe('Level 2');
  machine.call('drop');
  machine.call('drop');
  expect(texts()).toHaveLength(1);
  expect(() => machine.call('rename', 'Level 3')).toThrow('this text was removed, or its scene was left');
  machine.call('again');
  frame();
  expect(texts()[0]).toBe('Level 1');
  expect(texts()).toHaveLength(2);
  // The script's hold on them is the scene's alone.
  machine.collect();
  const before = machine.hostObjects;
  for (let i = 0; i < 20; i += 1) {
    machine.call('again');
    frame();
  }
  machine.collect();
  expect(machine.hostObjects).toBe(before);
});

test('those of constants are there once, and stay what they are, where new code would make the same', async () => {
  const text = (more: string, title = 'Catch the stars'): string => `(import sluice.stage :all)
(defstruct Panel (name : String) (parts : (Vector Display)))
(defglobal *title* : Display (text "${title}"))
(defglobal *panel* : Panel (Panel "panel" [(text "a") (text "b")]))
(pub defn score ((n : i64)) : Unit (set-text! (nth (.parts *panel*) 0) (str n)))
(pub defn begin () : Unit (remove! *title*))
${more}`;
  const displays = new Displays();
  const machine = await Machine.create(await imageOf(text('')), {
    host: stageHost(new Pictures(), displays),
  });
  const replace = async (script: string) => machine.replace(await machine.prepare(await imageOf(script)));
  const texts = () => [...displays.all].map((display) => display.text);
  for (const n of [1, 2, 3]) {
    const found = await replace(text(`(pub defn n () : i64 ${n})`));
    expect(found).toMatchObject({ kind: 'replaced', kept: expect.arrayContaining(['*title*', '*panel*']) });
    machine.call('score', n);
    expect(texts()).toEqual(['Catch the stars', String(n), 'b']);
  }
  machine.call('begin');
  await replace(text(''));
  expect(texts()).toEqual(['3', 'b']);
  // The layout of what holds it is another.
  await replace(
    text('')
      .replace('(name : String)', '(name : String) (n : i64 1)')
      .replaceAll('"panel" [', ':name "panel" :parts ['),
  );
  expect(texts()).toEqual(['3', 'b', 'a', 'b']);
  machine.call('score', 9);
  expect(await replace(text('', 'Catch them'))).toMatchObject({
    computed: expect.arrayContaining(['*title*']),
  });
  expect(texts()).toContain('Catch them');
  machine.collect();
  expect(machine.verify()).toBeUndefined();
});
