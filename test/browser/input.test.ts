/** Input by real events: who gets which key, where the pointer is, and what is let go when something gets in between. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Game } from '../../engine/index.ts';
import { openPage, PATIENCE, startBrowser } from './browser.ts';
import { DemoServer } from './demo-server.ts';

declare global {
  var game: Game;
  /** Starts another game in the page; returned is what ends it. */
  var startAnother: () => Promise<Game>;
}

const SCRIPT = `
(import sluice.input :all)
(defglobal *jump* : Control (action "jump" [:space :arrow-down]))
(defglobal mut *jumps* : i64 0)
(defn frame ((dt : f64)) : Unit
  (when (pressed? *jump*) (inc! *jumps*))
  (when (or (pressed? :end) (held? :home) (released? :page-up) (> (axis :arrow-left :arrow-right) 2.0)) (inc! *jumps*)))
(pub defn jumps () : i64 *jumps*)
(pub defn say () : Unit (announce "Level 2"))
`;

const MAIN = `
import { Game } from '../../engine/index.ts';
import script from './input.slu';
const start = (id, label) => Game.start({
  script, parent: document.querySelector(id), width: 800, height: 400,
  input: { label, claim: ['arrow-up', 'mouse-right', 'wheel', 'tab', 'escape'] },
});
globalThis.game = await start('#stage', 'A trial');
globalThis.startAnother = () => start('#other', 'Another');
`;

const PAGE = `<!doctype html><html lang="en"><title>Trials</title><link rel="icon" href="data:,">
<body style="margin: 0; height: 3000px">
<button id="button">Go</button> <input id="field" aria-label="Field"> <a id="link" href="#top">Top</a>
<div id="edit" contenteditable>text</div> <div id="open"></div> <div id="closed"></div>
<div id="stage" style="width: 400px; transform-origin: 0 0"></div><div id="other" style="width: 100px"></div>
<script>
  globalThis.clicks = 0;
  button.onclick = () => { clicks += 1; };
  for (const mode of ['open', 'closed']) {
    const root = document.getElementById(mode).attachShadow({ mode });
    root.innerHTML = '<input>';
    document.getElementById(mode).focusInside = () => root.firstChild.focus();
  }
</script>
<script type="module" src="main.ts"></script></body></html>`;

let server: DemoServer;
let browser: Browser;
let page: Page;
let errors: string[];
let devtools: CDPSession;

beforeAll(async () => {
  [server, browser] = await Promise.all([DemoServer.start(), startBrowser()]);
  server.write('input/input.slu', SCRIPT);
  server.write('input/main.ts', MAIN);
  server.write('input/index.html', PAGE);
  ({ page, errors } = await openPage(browser, `${server.url}input/`));
  await page.waitForFunction(() => globalThis.startAnother !== undefined);
  devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

beforeEach(async () => {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement).blur();
    game.input.releaseAll();
    scrollTo(0, 0);
  });
  await frames();
});

/** What came has been shown to the game by then. */
const frames = () =>
  page.evaluate(async () => {
    const { frames } = game.recorder;
    while (game.recorder.frames < frames + 2) await new Promise(requestAnimationFrame);
  });

async function held(...names: string[]): Promise<string[]> {
  await frames();
  return page.evaluate((all) => all.filter((name) => game.input.held(name)), names);
}

const pointer = async () => {
  await frames();
  return page.evaluate(() => [game.input.pointerX, game.input.pointerY]);
};

/** Listens for a key; what is returned waits for it, and says what had become of it when the game had seen it. */
async function nextKey() {
  const seen = await page.evaluateHandle(() => {
    const found: { code: string; isComposing: boolean; prevented: boolean }[] = [];
    const note = ({ code, isComposing, defaultPrevented: prevented }: KeyboardEvent) =>
      found.push({ code, isComposing, prevented });
    addEventListener('keydown', note, { once: true });
    return found;
  });
  return async () => {
    await page.waitForFunction((found) => found.length > 0, seen);
    return (await seen.jsonValue())[0];
  };
}

const focusStage = () => page.evaluate(() => game.stage.canvas.focus());

const corner = () =>
  page.evaluate(() => {
    const { x, y } = game.stage.canvas.getBoundingClientRect();
    return [x, y] as const;
  });

describe('the keyboard', { timeout: PATIENCE }, () => {
  test('has a stage with a name and a role, which Tab comes to and leaves', async () => {
    const stage = page.getByRole('application', { name: 'A trial' });
    expect(await stage.count()).toBe(1);
    await page.locator('#edit').focus();
    await page.keyboard.press('Tab');
    while (await page.evaluate(() => document.activeElement !== game.stage.canvas))
      await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement === game.stage.canvas)).toBe(false);
  });

  test('reaches the game from the stage, and from nothing in particular', async () => {
    for (const focus of [focusStage, async () => undefined]) {
      await focus();
      await page.keyboard.down('KeyA');
      expect(await held('key-a')).toEqual(['key-a']);
      await page.keyboard.up('KeyA');
      expect(await held('key-a')).toEqual([]);
    }
  });

  test('shows a quick press to the script once', async () => {
    await focusStage();
    const before = await page.evaluate(() => game.machine.call('jumps') as number);
    for (let i = 0; i < 5; i += 1) {
      await page.keyboard.press('Space');
      await frames();
    }
    expect(await page.evaluate(() => game.machine.call('jumps') as number)).toBe(before + 5);
  });

  test.each([
    ['a field', () => page.locator('#field').focus()],
    ['what can be edited', () => page.locator('#edit').focus()],
    [
      'a shadow root',
      () =>
        page.evaluate(() =>
          (document.querySelector('#open') as never as { focusInside(): void }).focusInside(),
        ),
    ],
    [
      'a closed shadow root',
      () =>
        page.evaluate(() =>
          (document.querySelector('#closed') as never as { focusInside(): void }).focusInside(),
        ),
    ],
  ])('is left to %s', async (_, focus) => {
    await focus();
    for (const code of ['KeyA', 'Space', 'ArrowDown']) await page.keyboard.down(code);
    expect(await held('key-a', 'space', 'arrow-down', 'jump')).toEqual([]);
    for (const code of ['KeyA', 'Space', 'ArrowDown']) await page.keyboard.up(code);
  });

  test('writes into a field what the game claims elsewhere', async () => {
    await page.locator('#field').fill('');
    await page.keyboard.type('a b');
    expect(await page.locator('#field').inputValue()).toBe('a b');
  });

  test('leaves a button Space and Enter; other keys are the game’s', async () => {
    await page.locator('#button').focus();
    const before = await page.evaluate(() => (globalThis as never as { clicks: number }).clicks);
    await page.keyboard.down('Space');
    expect(await held('space', 'jump')).toEqual([]);
    await page.keyboard.up('Space');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => (globalThis as never as { clicks: number }).clicks)).toBe(before + 2);
    await page.keyboard.down('KeyD');
    expect(await held('key-d')).toEqual(['key-d']);
    await page.keyboard.up('KeyD');
  });

  test('scrolls by no key that the script asks for by name, in whichever way', async () => {
    await focusStage();
    await page.evaluate(() => scrollTo(0, 500));
    for (const code of ['End', 'Home', 'PageUp', 'ArrowLeft']) await page.keyboard.press(code);
    await frames();
    expect(await page.evaluate(() => scrollY)).toBe(500);
    await page.locator('#field').focus();
    const key = await nextKey();
    await page.keyboard.press('Home');
    expect(await key()).toMatchObject({ code: 'Home', prevented: false });
  });

  test('does not scroll the page by what the game claims, and by all else it does', async () => {
    await focusStage();
    for (const code of ['Space', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(code);
    await frames();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => scrollY > 0);
  });

  test('leaves the browser Tab, Escape and the keys that reload, whatever the game claims', async () => {
    await focusStage();
    const prevented = await page.evaluate(() =>
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
    await focusStage();
    await page.keyboard.down('Control');
    const key = await nextKey();
    await page.keyboard.down('Space');
    expect(await held('space', 'control-left')).toEqual(['control-left']);
    expect(await key()).toMatchObject({ code: 'Space', prevented: false });
    await page.keyboard.up('Space');
    await page.keyboard.up('Control');
  });

  test.each([
    ['MacIntel', []],
    ['Linux x86_64', ['key-d']],
  ])('on %s, holds %j after Meta was held too', async (platform, left) => {
    const opened = await browser.newPage();
    const session = await opened.context().newCDPSession(opened);
    const userAgent = await opened.evaluate(() => navigator.userAgent);
    await session.send('Emulation.setUserAgentOverride', { userAgent, platform });
    await opened.goto(`${server.url}input/`);
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
    await page.bringToFront();
  });

  test('is left alone while a text is composed', async () => {
    const field = page.locator('#field');
    await field.fill('');
    await field.focus();
    const compose = (text: string) =>
      devtools.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    const key = await nextKey();
    await compose('に');
    await page.keyboard.press('ArrowDown');
    await compose('にほ');
    expect(await key()).toMatchObject({ code: 'ArrowDown', isComposing: true });
    expect(await held('arrow-down', 'jump')).toEqual([]);
    await devtools.send('Input.insertText', { text: '日本' });
    expect(await field.inputValue()).toBe('日本');
    // What is composed where nothing can be edited, as some keyboards do, is no key of the game's either.
    await page.evaluate(() =>
      game.stage.canvas.dispatchEvent(
        new KeyboardEvent('keydown', { code: 'KeyA', isComposing: true, bubbles: true }),
      ),
    );
    expect(await held('key-a')).toEqual([]);
  });

  test('that goes elsewhere lets go of keys, and not of the mouse', async () => {
    await focusStage();
    const [x, y] = await corner();
    await page.mouse.move(x + 50, y + 50);
    await page.mouse.down();
    await page.keyboard.down('KeyW');
    expect(await held('key-w', 'mouse-left')).toEqual(['key-w', 'mouse-left']);
    await page.evaluate(() => (document.querySelector('#field') as HTMLElement).focus());
    expect(await held('key-w', 'mouse-left')).toEqual(['mouse-left']);
    await page.mouse.up();
    await page.keyboard.up('KeyW');
  });

  test.each(['blur', 'hidden'])('and the mouse let go when the page is lost: %s', async (how) => {
    await focusStage();
    const [x, y] = await corner();
    await page.mouse.move(x + 50, y + 50);
    await page.mouse.down();
    await page.keyboard.down('KeyW');
    await frames();
    await page.evaluate((way) => {
      if (way === 'blur') dispatchEvent(new Event('blur'));
      else {
        Object.defineProperty(document, 'hidden', { value: true, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
        Reflect.deleteProperty(document, 'hidden');
      }
    }, how);
    expect(await held('key-w', 'mouse-left')).toEqual([]);
    await page.mouse.up();
    await page.keyboard.up('KeyW');
  });
});

describe('the pointer', { timeout: PATIENCE }, () => {
  test('holds each button until it is let go', async () => {
    const [x, y] = await corner();
    await page.mouse.move(x + 50, y + 50);
    await page.mouse.down({ button: 'left' });
    await page.mouse.down({ button: 'right' });
    expect(await held('mouse-left', 'mouse-right')).toEqual(['mouse-left', 'mouse-right']);
    await page.mouse.up({ button: 'left' });
    expect(await held('mouse-left', 'mouse-right')).toEqual(['mouse-right']);
    // Outside of the stage: the release is seen wherever it happens.
    await page.mouse.move(5, 5);
    await page.mouse.up({ button: 'right' });
    expect(await held('mouse-left', 'mouse-right')).toEqual([]);
  });

  test.each([
    ['nothing', {}, [100, 50], [200, 100]],
    // What is left inside of it has other proportions: the picture lies in its middle.
    ['a border', { border: '20px solid red', boxSizing: 'border-box' }, [40, 20], [0, 0]],
    ['padding', { padding: '10px 30px', boxSizing: 'border-box' }, [30, 15], [0, 0]],
    ['a transform', { transform: 'scale(0.5)', transformOrigin: '0 0' }, [100, 50], [400, 200]],
    [
      'a border and a transform',
      { border: '20px solid red', boxSizing: 'content-box', transform: 'scale(0.5)', transformOrigin: '0 0' },
      [10, 10],
      [0, 0],
    ],
  ])('is not shifted by %s', async (_, style, [dx, dy], place) => {
    await page.evaluate((rules) => Object.assign(game.stage.canvas.style, rules), style);
    await frames();
    const [x, y] = await corner();
    await page.mouse.move(x + (dx as number), y + (dy as number));
    const [px, py] = await pointer();
    await page.evaluate((names) => {
      for (const name of names)
        game.stage.canvas.style.setProperty(
          name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
          '',
        );
    }, Object.keys(style));
    expect([px, py].map((n) => Math.round(n as number))).toEqual(place);
  });

  test('has no menu over what the game claims', async () => {
    await page.evaluate(() => {
      const note = (event: Event) => {
        document.body.title = event.defaultPrevented ? 'no menu' : 'a menu';
      };
      addEventListener('contextmenu', note, { once: true });
    });
    const [x, y] = await corner();
    await page.mouse.click(x + 50, y + 50, { button: 'right' });
    await page.waitForFunction(() => document.body.title === 'no menu');
  });

  test('turns the wheel for the game, and not the page', async () => {
    const [x, y] = await corner();
    await page.mouse.move(x + 50, y + 50);
    // Looks before it turns: what was turned is seen in one frame only.
    await page.evaluate(() => {
      const look = () => {
        if (game.input.wheel === 0) requestAnimationFrame(look);
        else document.body.title = String(game.input.wheel);
      };
      look();
    });
    await page.mouse.wheel(0, 120);
    await page.waitForFunction(() => document.body.title === '120');
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test('is one finger; another is a touch of its own, and a cancelled one lets go of no key', async () => {
    const [x, y] = await corner();
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel',
      ...points: readonly (readonly [id: number, x: number, y: number])[]
    ) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([id, px, py]) => ({ x: x + px, y: y + py, id })),
      });
    const touches = async () => {
      await frames();
      return page.evaluate(() => game.input.touches.map((t) => [Math.round(t.x), Math.round(t.y)]));
    };
    await focusStage();
    await page.keyboard.down('KeyA');
    await touch('touchStart', [1, 50, 50]);
    await touch('touchStart', [1, 50, 50], [2, 100, 100]);
    expect(await touches()).toEqual([
      [100, 100],
      [200, 200],
    ]);
    await touch('touchMove', [1, 50, 50], [2, 120, 100]);
    expect(await touches()).toEqual([
      [100, 100],
      [240, 200],
    ]);
    expect((await pointer()).map(Math.round)).toEqual([100, 100]);
    await touch('touchEnd', [2, 120, 100]);
    expect(await touches()).toEqual([[100, 100]]);
    expect(await held('mouse-left', 'key-a')).toEqual(['mouse-left', 'key-a']);
    await touch('touchCancel');
    expect(await touches()).toEqual([]);
    expect(await held('mouse-left', 'key-a')).toEqual(['key-a']);
    await page.keyboard.up('KeyA');
  });
});

test('a gamepad is seen from when it is there until it is gone', { timeout: PATIENCE }, async () => {
  await page.evaluate(() => {
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
  await page.waitForFunction(() => game.input.held('pad-south'));
  expect(await held('pad-south', 'pad-1-south', 'pad-left-stick-right', 'pad-left-stick-left')).toEqual([
    'pad-south',
    'pad-1-south',
    'pad-left-stick-right',
  ]);
  await page.evaluate(() => Object.assign(navigator, { getGamepads: () => [null, null, null, null] }));
  expect(await held('pad-south', 'pad-left-stick-right')).toEqual([]);
});

describe('a game', { timeout: PATIENCE }, () => {
  test('asks for a text in a field with a name, whose keys are not the game’s', async () => {
    await focusStage();
    const ask = () => page.evaluate(() => game.input.askText({ label: 'Your name', value: 'Ada' }));
    let answer = ask();
    const field = page.getByRole('textbox', { name: 'Your name' });
    await field.waitFor();
    await page.keyboard.press('End');
    await page.keyboard.type(' a');
    expect(await held('key-a', 'space')).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await answer).toBe('Ada a');
    expect(await page.evaluate(() => document.activeElement === game.stage.canvas)).toBe(true);
    answer = ask();
    await field.waitFor();
    await page.keyboard.press('Escape');
    expect(await answer).toBeUndefined();
    expect(await field.count()).toBe(0);
    expect(await held('escape', 'enter')).toEqual([]);
  });

  test('takes a text that is composed: Enter and Escape are the composition’s until it is over', async () => {
    const answer = page.evaluate(() => game.input.askText({ label: 'Your name' }));
    const field = page.getByRole('textbox', { name: 'Your name' });
    await field.waitFor();
    await devtools.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press('Enter');
    expect(await field.count()).toBe(1);
    await devtools.send('Input.imeSetComposition', { text: '日本', selectionStart: 2, selectionEnd: 2 });
    await page.keyboard.press('Escape');
    expect(await field.count()).toBe(1);
    await devtools.send('Input.insertText', { text: '日本' });
    // Safari tells of the Enter that ends a composition when it has ended it, by this number alone.
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
    expect(await field.count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await answer).toBe('日本');
    expect(await held('enter', 'escape')).toEqual([]);
  });

  test('announces what its script says', async () => {
    await page.evaluate(() => game.machine.call('say'));
    expect((await page.getByRole('status').first().textContent())?.trim()).toBe('Level 2');
    expect(await page.getByRole('status').first().getAttribute('aria-live')).toBe('polite');
  });

  test('is bound to other keys by the page', async () => {
    await focusStage();
    await page.evaluate(() => game.input.bind('jump', ['key-j']));
    await page.keyboard.down('KeyJ');
    expect(await held('jump')).toEqual(['jump']);
    await page.keyboard.up('KeyJ');
    expect(await page.evaluate(() => game.input.saveBindings())).toEqual({ jump: ['key-j'] });
    await page.evaluate(() => game.input.resetBindings());
  });

  test('has the keys while it is the focused one of two', async () => {
    await page.evaluate(async () => {
      Object.assign(globalThis, { other: await startAnother() });
    });
    await page.keyboard.down('KeyA');
    expect(await held('key-a')).toEqual([]);
    await page.keyboard.up('KeyA');
    await focusStage();
    await page.keyboard.down('KeyA');
    expect(await held('key-a')).toEqual(['key-a']);
    await page.getByRole('application', { name: 'Another' }).focus();
    expect(await held('key-a')).toEqual([]);
    await page.keyboard.up('KeyA');
    await page.evaluate(() => (globalThis as never as { other: Game }).other.end());
    await page.keyboard.down('KeyA');
    expect(await held('key-a')).toEqual(['key-a']);
    await page.keyboard.up('KeyA');
  });

  test('made no errors in all this', () => {
    expect(errors).toEqual([]);
  });
});
