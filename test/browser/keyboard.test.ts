/** Keys by real events: who gets which, and what is let go when something gets in between. */
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { inputPage } from './input-page.ts';

const input = inputPage();

describe('the keyboard', { timeout: PATIENCE }, () => {
  test('has a stage with a name and a role, which Tab comes to and leaves', async () => {
    const stage = input.page.getByRole('application', { name: 'A trial' });
    expect(await stage.count()).toBe(1);
    await input.page.locator('#edit').focus();
    await input.page.keyboard.press('Tab');
    while (await input.page.evaluate(() => document.activeElement !== game.stage.canvas))
      await input.page.keyboard.press('Tab');
    await input.page.keyboard.press('Shift+Tab');
    expect(await input.page.evaluate(() => document.activeElement === game.stage.canvas)).toBe(false);
  });

  test('reaches the game from the stage, and from nothing in particular', async () => {
    for (const focus of [() => input.focusStage(), async () => undefined]) {
      await focus();
      await input.page.keyboard.down('KeyA');
      expect(await input.held('key-a')).toEqual(['key-a']);
      await input.page.keyboard.up('KeyA');
      expect(await input.held('key-a')).toEqual([]);
    }
  });

  test('shows a quick press to the script once', async () => {
    await input.focusStage();
    const before = await input.page.evaluate(() => game.machine.call('jumps') as number);
    for (let i = 0; i < 5; i += 1) {
      await input.page.keyboard.press('Space');
      await input.frames();
    }
    expect(await input.page.evaluate(() => game.machine.call('jumps') as number)).toBe(before + 5);
  });

  test.each([
    ['a field', () => input.page.locator('#field').focus()],
    ['what can be edited', () => input.page.locator('#edit').focus()],
    [
      'a shadow root',
      () =>
        input.page.evaluate(() =>
          (document.querySelector('#open') as never as { focusInside(): void }).focusInside(),
        ),
    ],
    [
      'a closed shadow root',
      () =>
        input.page.evaluate(() =>
          (document.querySelector('#closed') as never as { focusInside(): void }).focusInside(),
        ),
    ],
  ])('is left to %s', async (_, focus) => {
    await focus();
    for (const code of ['KeyA', 'Space', 'ArrowDown']) await input.page.keyboard.down(code);
    expect(await input.held('key-a', 'space', 'arrow-down', 'jump')).toEqual([]);
    for (const code of ['KeyA', 'Space', 'ArrowDown']) await input.page.keyboard.up(code);
  });

  test('writes into a field what the game claims elsewhere', async () => {
    await input.page.locator('#field').fill('');
    await input.page.keyboard.type('a b');
    expect(await input.page.locator('#field').inputValue()).toBe('a b');
  });

  test('leaves a button Space and Enter; other keys are the game’s', async () => {
    await input.page.locator('#button').focus();
    const before = await input.page.evaluate(() => (globalThis as never as { clicks: number }).clicks);
    await input.page.keyboard.down('Space');
    expect(await input.held('space', 'jump')).toEqual([]);
    await input.page.keyboard.up('Space');
    await input.page.keyboard.press('Enter');
    expect(await input.page.evaluate(() => (globalThis as never as { clicks: number }).clicks)).toBe(
      before + 2,
    );
    await input.page.keyboard.down('KeyD');
    expect(await input.held('key-d')).toEqual(['key-d']);
    await input.page.keyboard.up('KeyD');
  });

  test('scrolls by no key that the script asks for by name, in whichever way', async () => {
    await input.focusStage();
    await input.page.evaluate(() => scrollTo(0, 500));
    for (const code of ['End', 'Home', 'PageUp', 'ArrowLeft']) await input.page.keyboard.press(code);
    await input.frames();
    expect(await input.page.evaluate(() => scrollY)).toBe(500);
    await input.page.locator('#field').focus();
    const key = await input.nextKey();
    await input.page.keyboard.press('Home');
    expect(await key()).toMatchObject({ code: 'Home', prevented: false });
  });

  test('does not scroll the page by what the game claims, and by all else it does', async () => {
    await input.focusStage();
    for (const code of ['Space', 'ArrowDown', 'ArrowUp']) await input.page.keyboard.press(code);
    await input.frames();
    expect(await input.page.evaluate(() => scrollY)).toBe(0);
    // A busy browser may leave a key out that it scrolls by.
    await expect
      .poll(
        async () => {
          await input.page.keyboard.press('PageDown');
          return await input.page.evaluate(() => scrollY);
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBeGreaterThan(0);
  });

  test('leaves the browser Tab, Escape and the keys that reload, whatever the game claims', async () => {
    await input.focusStage();
    const prevented = await input.page.evaluate(() =>
      ['Tab', 'Escape', 'F5', 'F11', 'ArrowUp'].map(
        (code) =>
          !game.stage.canvas.dispatchEvent(
            new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true }),
          ),
      ),
    );
    expect(prevented).toEqual([false, false, false, false, true]);
  });

  test('gives the game no chord of the browser', async () => {
    await input.focusStage();
    await input.page.keyboard.down('Control');
    const key = await input.nextKey();
    await input.page.keyboard.down('Space');
    expect(await input.held('space', 'control-left')).toEqual(['control-left']);
    expect(await key()).toMatchObject({ code: 'Space', prevented: false });
    await input.page.keyboard.up('Space');
    await input.page.keyboard.up('Control');
  });

  test.each([
    ['MacIntel', []],
    ['Linux x86_64', ['key-d']],
  ])('on %s, holds %j after Meta was held too', async (platform, left) => {
    const { page: opened } = await input.demos.open('about:blank', { beside: true });
    const session = await opened.context().newCDPSession(opened);
    const userAgent = await opened.evaluate(() => navigator.userAgent);
    await session.send('Emulation.setUserAgentOverride', { userAgent, platform });
    await opened.goto(`${input.demos.server.url}input/`);
    await opened.waitForFunction(() => globalThis.startAnother !== undefined);
    expect(await opened.evaluate(() => navigator.platform)).toBe(platform);
    await opened.evaluate(() => game.stage.canvas.focus());
    for (const code of ['KeyD', 'Meta', 'KeyA']) await opened.keyboard.down(code);
    // On macOS no event tells of a key that goes up now.
    await opened.keyboard.up('Meta');
    const seen = await opened.evaluate(async () => {
      const { frames } = game.recorder;
      while (game.recorder.frames < frames + 2) await new Promise(requestAnimationFrame);
      return ['key-a', 'key-d', 'meta-left'].filter((name) => game.input.held(name));
    });
    expect(seen).toEqual(left);
    await opened.close();
    // Input methods write into the page in front only.
    await input.page.bringToFront();
  });

  test('is left alone while a text is composed', async () => {
    const field = input.page.locator('#field');
    await field.fill('');
    await field.focus();
    const compose = (text: string) =>
      input.devtools.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    const key = await input.nextKey();
    await compose('に');
    await input.page.keyboard.press('ArrowDown');
    await compose('にほ');
    expect(await key()).toMatchObject({ code: 'ArrowDown', isComposing: true });
    expect(await input.held('arrow-down', 'jump')).toEqual([]);
    await input.devtools.send('Input.insertText', { text: '日本' });
    expect(await field.inputValue()).toBe('日本');
    // What is composed where nothing can be edited, as some keyboards do, is no key of the game's either.
    await input.page.evaluate(() =>
      game.stage.canvas.dispatchEvent(
        new KeyboardEvent('keydown', { code: 'KeyA', isComposing: true, bubbles: true }),
      ),
    );
    expect(await input.held('key-a')).toEqual([]);
  });

  test('that goes elsewhere lets go of keys, and not of the mouse', async () => {
    await input.focusStage();
    const [x, y] = await input.corner();
    await input.page.mouse.move(x + 50, y + 50);
    await input.page.mouse.down();
    await input.page.keyboard.down('KeyW');
    expect(await input.held('key-w', 'mouse-left')).toEqual(['key-w', 'mouse-left']);
    await input.page.evaluate(() => (document.querySelector('#field') as HTMLElement).focus());
    expect(await input.held('key-w', 'mouse-left')).toEqual(['mouse-left']);
    await input.page.mouse.up();
    await input.page.keyboard.up('KeyW');
  });

  test.each(['blur', 'hidden'])('and the mouse let go when the page is lost: %s', async (how) => {
    await input.focusStage();
    const [x, y] = await input.corner();
    await input.page.mouse.move(x + 50, y + 50);
    await input.page.mouse.down();
    await input.page.keyboard.down('KeyW');
    await input.frames();
    await input.page.evaluate((way) => {
      if (way === 'blur') dispatchEvent(new Event('blur'));
      else {
        Object.defineProperty(document, 'hidden', { value: true, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
        Reflect.deleteProperty(document, 'hidden');
      }
    }, how);
    expect(await input.held('key-w', 'mouse-left')).toEqual([]);
    await input.page.mouse.up();
    await input.page.keyboard.up('KeyW');
  });
});
