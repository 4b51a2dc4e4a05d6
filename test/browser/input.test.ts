/** What else a game has of input: gamepads, texts that it asks for, other keys, and the focus between two games. */
import { describe, expect, test } from 'vitest';
import type { Game } from '../../engine/index.ts';
import { PATIENCE } from './browser.ts';
import { inputPage } from './input-page.ts';

const input = inputPage();

test('a gamepad is seen from when it is there until it is gone', { timeout: PATIENCE }, async () => {
  await input.page.evaluate(() => {
    const pad = {
      index: 0,
      mapping: 'standard',
      connected: true,
      axes: [1, 0, 0, 0],
      buttons: Array.from({ length: 17 }, (_, i) => ({ pressed: i === 0, value: Number(i === 0) })),
    };
    Object.assign(navigator, { getGamepads: () => [pad, null, null, null] });
    dispatchEvent(new Event('gamepadconnected'));
  });
  // What reads gamepads is fetched when the first one is there.
  await input.page.waitForFunction(() => game.input.held('pad-south'));
  expect(await input.held('pad-south', 'pad-1-south', 'pad-left-stick-right', 'pad-left-stick-left')).toEqual(
    ['pad-south', 'pad-1-south', 'pad-left-stick-right'],
  );
  await input.page.evaluate(() => Object.assign(navigator, { getGamepads: () => [null, null, null, null] }));
  expect(await input.held('pad-south', 'pad-left-stick-right')).toEqual([]);
});

describe('a game', { timeout: PATIENCE }, () => {
  test('asks for a text in a field with a name, whose keys are not the game’s', async () => {
    await input.focusStage();
    const ask = () => input.page.evaluate(() => game.input.askText({ label: 'Your name', value: 'Ada' }));
    let answer = ask();
    const field = input.page.getByRole('textbox', { name: 'Your name' });
    await field.waitFor();
    await input.page.keyboard.press('End');
    await input.page.keyboard.type(' a');
    expect(await input.held('key-a', 'space')).toEqual([]);
    await input.page.keyboard.press('Enter');
    expect(await answer).toBe('Ada a');
    expect(await input.page.evaluate(() => document.activeElement === game.stage.canvas)).toBe(true);
    answer = ask();
    await field.waitFor();
    await input.page.keyboard.press('Escape');
    expect(await answer).toBeUndefined();
    expect(await field.count()).toBe(0);
    expect(await input.held('escape', 'enter')).toEqual([]);
  });

  test('takes a text that is composed: Enter and Escape are the composition’s until it is over', async () => {
    const answer = input.page.evaluate(() => game.input.askText({ label: 'Your name' }));
    const field = input.page.getByRole('textbox', { name: 'Your name' });
    await field.waitFor();
    await input.devtools.send('Input.imeSetComposition', {
      text: 'にほん',
      selectionStart: 3,
      selectionEnd: 3,
    });
    await input.page.keyboard.press('Enter');
    expect(await field.count()).toBe(1);
    await input.devtools.send('Input.imeSetComposition', {
      text: '日本',
      selectionStart: 2,
      selectionEnd: 2,
    });
    await input.page.keyboard.press('Escape');
    expect(await field.count()).toBe(1);
    await input.devtools.send('Input.insertText', { text: '日本' });
    // Safari tells of the Enter that ends a composition when it has ended it, by this number alone.
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
    expect(await field.count()).toBe(1);
    await input.page.keyboard.press('Enter');
    expect(await answer).toBe('日本');
    expect(await input.held('enter', 'escape')).toEqual([]);
  });

  test('announces what its script says', async () => {
    await input.page.evaluate(() => game.machine.call('say'));
    expect((await input.page.getByRole('status').first().textContent())?.trim()).toBe('Level 2');
    expect(await input.page.getByRole('status').first().getAttribute('aria-live')).toBe('polite');
  });

  test('is bound to other keys by the page', async () => {
    await input.focusStage();
    await input.page.evaluate(() => game.input.bind('jump', ['key-j']));
    await input.page.keyboard.down('KeyJ');
    expect(await input.held('jump')).toEqual(['jump']);
    await input.page.keyboard.up('KeyJ');
    expect(await input.page.evaluate(() => game.input.saveBindings())).toEqual({ jump: ['key-j'] });
    await input.page.evaluate(() => game.input.resetBindings());
  });

  test('has the keys while it is the focused one of two', async () => {
    await input.page.evaluate(async () => {
      Object.assign(globalThis, { other: await startAnother() });
    });
    await input.page.keyboard.down('KeyA');
    expect(await input.held('key-a')).toEqual([]);
    await input.page.keyboard.up('KeyA');
    await input.focusStage();
    await input.page.keyboard.down('KeyA');
    expect(await input.held('key-a')).toEqual(['key-a']);
    await input.page.getByRole('application', { name: 'Another' }).focus();
    expect(await input.held('key-a')).toEqual([]);
    await input.page.keyboard.up('KeyA');
    await input.page.evaluate(() => (globalThis as never as { other: Game }).other.end());
    await input.page.keyboard.down('KeyA');
    expect(await input.held('key-a')).toEqual(['key-a']);
    await input.page.keyboard.up('KeyA');
  });
});
