/** A page with a game that takes input, and fields, buttons and links around it that take some too. */
import type { CDPSession, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Game } from '../../engine/index.ts';
import { PATIENCE } from './browser.ts';
import { type ServedDemos, servedDemos } from './demo-server.ts';

declare global {
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

/** The page as a test file uses it: each test begins with nothing held and nothing in focus, and makes no errors. */
export class InputPage {
  readonly demos: ServedDemos;
  #opened: { readonly page: Page; readonly errors: string[]; readonly devtools: CDPSession } | undefined;

  constructor(demos: ServedDemos) {
    this.demos = demos;
  }

  get #there() {
    if (this.#opened === undefined) throw new Error('the page is opened by a hook');
    return this.#opened;
  }

  get page(): Page {
    return this.#there.page;
  }

  get errors(): readonly string[] {
    return this.#there.errors;
  }

  get devtools(): CDPSession {
    return this.#there.devtools;
  }

  /** @internal */
  async open(): Promise<void> {
    const { page, errors } = await this.demos.open('input/');
    await page.waitForFunction(() => globalThis.startAnother !== undefined);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
    this.#opened = { page, errors, devtools };
  }

  /** @internal */
  async letGo(): Promise<void> {
    await this.page.evaluate(() => {
      (document.activeElement as HTMLElement).blur();
      game.input.releaseAll();
      scrollTo(0, 0);
    });
    await this.frames();
  }

  /** What came has been shown to the game by then. */
  frames(): Promise<void> {
    return this.page.evaluate(async () => {
      const { frames } = game.recorder;
      while (game.recorder.frames < frames + 2) await new Promise(requestAnimationFrame);
    });
  }

  /** Which of these the game holds. */
  async held(...names: string[]): Promise<string[]> {
    await this.frames();
    return this.page.evaluate((all) => all.filter((name) => game.input.held(name)), names);
  }

  /** Where the game has its pointer. */
  async pointer(): Promise<readonly [x: number, y: number]> {
    await this.frames();
    return this.page.evaluate(() => [game.input.pointerX, game.input.pointerY] as const);
  }

  /** Listens for a key; what is returned waits for it, and says what had become of it when the game had seen it. */
  async nextKey() {
    const seen = await this.page.evaluateHandle(() => {
      const found: { code: string; isComposing: boolean; prevented: boolean }[] = [];
      const note = ({ code, isComposing, defaultPrevented: prevented }: KeyboardEvent) =>
        found.push({ code, isComposing, prevented });
      addEventListener('keydown', note, { once: true });
      return found;
    });
    return async () => {
      await this.page.waitForFunction((found) => found.length > 0, seen);
      return (await seen.jsonValue())[0];
    };
  }

  focusStage(): Promise<void> {
    return this.page.evaluate(() => game.stage.canvas.focus());
  }

  /** The left top corner of the stage. */
  corner(): Promise<readonly [x: number, y: number]> {
    return this.page.evaluate(() => {
      const { x, y } = game.stage.canvas.getBoundingClientRect();
      return [x, y] as const;
    });
  }
}

/** Opens the page for the file that calls it. */
export function inputPage(): InputPage {
  const demos = servedDemos((server) => {
    server.write('input/input.slu', SCRIPT);
    server.write('input/main.ts', MAIN);
    server.write('input/index.html', PAGE);
  });
  const input = new InputPage(demos);
  beforeAll(() => input.open(), PATIENCE);
  beforeEach(() => input.letGo());
  afterEach(() => expect(input.errors).toEqual([]));
  return input;
}
