/** What is written over the stage, and the readings under it. */
import type { Contender } from './contender.ts';

/** Milliseconds that a message is shown, unless the game is over. */
const SHOWN = 2200;

export class Hud {
  readonly #score: HTMLElement;
  readonly #wave: HTMLElement;
  readonly #lives: HTMLElement;
  readonly #message: HTMLElement;
  readonly #readings: readonly { readonly cell: HTMLElement; readonly show: (game: Contender) => string }[];
  #messages = -1;
  #told = 0;

  constructor(element: (id: string) => HTMLElement) {
    this.#score = element('score');
    this.#wave = element('wave');
    this.#lives = element('lives');
    this.#message = element('message');
    const list = element('readings');
    this.#readings = [
      reading(list, 'Bullets', ({ bullets }) => bullets.toLocaleString('en')),
      reading(list, 'Memory', ({ memory }) =>
        memory === undefined ? 'JavaScript’s own' : `${(memory / (1024 * 1024)).toFixed(1)} MB`,
      ),
      reading(list, 'Collections', ({ collections }) => collections?.toLocaleString('en') ?? 'not told'),
    ];
  }

  /** Another game begins: its messages are counted from the start. */
  forget(): void {
    this.#messages = -1;
  }

  /** In each frame. */
  update(game: Contender, time: number): void {
    write(this.#score, game.score.toLocaleString('en'));
    write(this.#wave, `${game.wave} of ${game.waves}`);
    write(this.#lives, String(game.lives));
    const { messages } = game;
    if (messages !== this.#messages) {
      this.#messages = messages;
      this.#told = time;
      write(this.#message, game.message);
    }
    this.#message.classList.toggle('shown', game.over || time - this.#told < SHOWN);
  }

  /** A few times a second. */
  read(game: Contender): void {
    for (const { cell, show } of this.#readings) write(cell, show(game));
  }
}

function reading(list: HTMLElement, name: string, show: (game: Contender) => string) {
  const row = document.createElement('div');
  const term = document.createElement('dt');
  const cell = document.createElement('dd');
  term.textContent = name;
  row.append(term, cell);
  list.append(row);
  return { cell, show };
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
