/** When a program is compiled anew as its files are saved, however that is done: a clock and files that are none. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Source } from '../../../scripting/syntax/index.ts';
import { LOOKS, SavedProgram } from '../../../scripting/tools/saved-program.ts';

const GAME = `(defglobal mut *score* : i64 0)
(pub defn start () : Unit (set! *score* 1))
(pub defn frame ((dt : f64)) : Unit (set! *score* (+ *score* 1)))
`;
const changed = GAME.replace('1)))', '2)))');

class Desk {
  readonly files = new Map<string, string>([['game.slu', GAME]]);
  /** What pages were told, and what came of reading it: names of the files that had changed. */
  readonly told: string[] = [];
  readonly changes: (readonly string[])[] = [];
  compilations = 0;
  /** What happens while something is compiled. */
  meanwhile = () => {};
  #time = 0;
  #timers: { readonly at: number; readonly action: () => void }[] = [];
  readonly program = new SavedProgram<string>({
    read: async () => this.text(),
    compile: async ({ sources }) => {
      this.compilations += 1;
      const text = sources.map((source) => source.text).join('');
      this.meanwhile();
      return text;
    },
    tell: (text, names) => {
      this.told.push(text);
      this.changes.push(names);
    },
    failed: (error) => {
      throw error;
    },
    later: (milliseconds, action) => {
      const timer = { at: this.#time + milliseconds, action };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      };
    },
  });

  text() {
    const names = [...this.files.keys()];
    return {
      sources: this.files.has('game.slu')
        ? names.map((name) => new Source(name, this.files.get(name) as string))
        : [],
      files: new Set(names),
      looked: new Set(['game.slu', 'parts.slu']),
    };
  }

  /** Writes a file; the watcher tells unless it throws that away. */
  async write(text: string, { name = 'game.slu', event = true } = {}): Promise<void> {
    this.files.set(name, text);
    if (event) await this.program.saved();
  }

  async pass(milliseconds: number): Promise<void> {
    this.#time += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.#time);
    this.#timers = this.#timers.filter(({ at }) => at > this.#time);
    for (const { action } of due) action();
    // Whatever was begun is done when something that comes after it is.
    for (let i = 0; i < 30; i += 1) await Promise.resolve();
  }
}

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
  desk.program.given(desk.text());
});

describe('a save', () => {
  it('that keeps what a game holds is compiled at once', async () => {
    await desk.write(changed);
    expect(desk.told).toEqual([changed]);
    expect(desk.changes).toEqual([['game.slu']]);
    await desk.pass(300);
    expect(desk.compilations).toBe(1);
  });

  it.each([10, 40, 90])('in two halves, %i ms apart: only the whole is compiled', async (pause) => {
    // The watcher throws away what comes within 50 ms.
    for (const half of ['', GAME.slice(0, 50), GAME.split('\n').slice(0, 2).join('\n')]) {
      desk.told.length = 0;
      await desk.write(half);
      await desk.pass(pause);
      await desk.write(`${changed}; ${half.length}`, { event: pause >= 50 });
      await desk.pass(60);
      await desk.pass(200);
      expect(desk.told).toEqual([`${changed}; ${half.length}`]);
      await desk.write(GAME);
    }
  });

  it('whose second half comes so soon that nobody tells of it, after a whole text', async () => {
    await desk.write(changed);
    await desk.write(changed.replace('2)))', '3)))'), { event: false });
    await desk.pass(LOOKS[0]);
    expect(desk.told).toEqual([changed, changed.replace('2)))', '3)))')]);
  });

  it.each([
    ['nothing', ''],
    ['nothing but a comment', '; nothing yet\n'],
    ['half a form', GAME.slice(0, -10)],
    ['a text that ends between two forms', GAME.split('\n').slice(0, 2).join('\n')],
    ['a text without `start`', changed.replace('start', 'begin')],
    ['a text without `frame`', changed.replace('pub defn frame', 'pub defn step')],
    ['a text with another global', changed.replaceAll('*score*', '*points*')],
  ])('of %s is waited for, and then believed', async (_what, text) => {
    await desk.write(text);
    await desk.pass(LOOKS[0]);
    expect(desk.told).toEqual([]);
    await desk.pass(LOOKS[1]);
    expect(desk.told).toEqual([text]);
  });

  it.each([
    ['other line ends', GAME.replaceAll('\n', '\r\n')],
    ['a comment', GAME.replace('\n', ' ; "points"\n')],
    ["white space at a line's end", GAME.replace('\n', '  \t\n')],
    ['the same', GAME],
  ])('of %s compiles nothing', async (_what, text) => {
    await desk.write(text);
    await desk.pass(300);
    expect(desk.compilations).toBe(0);
  });

  it('of a comment inside a text, or of a line more, is one', async () => {
    await desk.write(GAME.replace('\n', '\n\n'));
    expect(desk.compilations).toBe(1);
    const text = `${GAME}(pub defn name () : String "; a")\n`;
    await desk.write(text);
    await desk.write(text.replace('; a', '; b'));
    expect(desk.compilations).toBe(3);
  });

  it('that is undone while the page shows something else brings the page back', async () => {
    await desk.write(changed);
    await desk.write(GAME);
    expect(desk.told).toEqual([changed, GAME]);
  });
});

describe('several files', () => {
  beforeEach(() => {
    desk.files.set('parts.slu', '(pub defn part () : i64 1)');
    desk.program.given(desk.text());
  });

  it('that are saved together are one patch', async () => {
    desk.meanwhile = () => desk.files.set('parts.slu', '(pub defn part () : i64 2)');
    await desk.write(changed);
    await desk.write('(pub defn part () : i64 2)', { name: 'parts.slu' });
    expect(desk.told).toEqual([`${changed}(pub defn part () : i64 2)`]);
    expect(desk.changes).toEqual([['game.slu', 'parts.slu']]);
  });

  it.each(['parts.slu', 'game.slu'])('one that is away for a moment is waited for: %s', async (name) => {
    const text = desk.files.get(name) as string;
    desk.files.delete(name);
    await desk.program.saved();
    await desk.pass(LOOKS[0]);
    expect(desk.told).toEqual([]);
    await desk.write(`${text} (defn more () : i64 3)`, { name });
    expect(desk.told).toHaveLength(1);
  });

  it('one that stays away is told of', async () => {
    desk.files.delete('game.slu');
    await desk.program.saved();
    await desk.pass(LOOKS[1]);
    expect(desk.told).toEqual(['']);
    await desk.write(GAME);
    expect(desk.told).toHaveLength(2);
  });
});

describe('pages', () => {
  it('that were opened in the middle of a save come to know the same as others', async () => {
    desk.files.set('game.slu', changed);
    desk.program.given(desk.text());
    desk.files.set('game.slu', GAME);
    await desk.program.saved();
    expect(desk.told).toEqual([GAME]);
  });

  it('hear of nothing when the server has ended', async () => {
    desk.meanwhile = () => desk.program.end();
    await desk.write(changed);
    await desk.pass(300);
    expect(desk.told).toEqual([]);
  });
});
