/** The project that `sluice new` copies: its title is on the stage until a star is caught. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Displays, Pictures, stageHost } from '../../../engine/pictures/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, MODES } from '../tools/script.ts';

const GAME = readFileSync(new URL('../../../demos/template/game.slu', import.meta.url), 'utf8');

test.each(MODES)('the title goes with the first star that is caught: %s', async (mode) => {
  const pictures = new Pictures();
  pictures.width = 640;
  pictures.height = 400;
  const displays = new Displays();
  const machine = await Machine.create(await imageOf(GAME, { mode }), {
    host: stageHost(pictures, displays),
  });
  const titles = () => [...displays.all].map(({ text }) => text);
  machine.call('start');
  let frames = 0;
  for (; machine.call('score') === 0 && frames < 6000; frames += 1) {
    expect(titles()).toEqual(['Catch the stars']);
    machine.step(1 / 60);
    machine.resetFrame();
  }
  // The stars come in from above.
  expect(frames).toBeGreaterThan(60);
  expect(Number(machine.call('score'))).toBeGreaterThan(0);
  expect(titles()).toEqual([]);
  // Another one leaves what is gone alone.
  for (let i = 0; i < 1200; i += 1) {
    machine.step(1 / 60);
    machine.resetFrame();
  }
  expect(Number(machine.call('score'))).toBeGreaterThan(1);
  expect(machine.failures).toEqual([]);
});
