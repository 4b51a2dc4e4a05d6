/**
 * The input of a game in a page: the input page with the page's events, gamepads, text entry and a voice. What reads gamepads, and asks for
 * texts, is fetched when there is one to be read or asked for.
 */
import { Announcer } from './announcer.ts';
import type { TextQuestion } from './ask-text.ts';
import { type InputHost, inputHost } from './host.ts';
import { type ListenOptions, listen, type PlaceOnStage, type Taken } from './listener.ts';
import type { Pads } from './pads.ts';
import { InputPage } from './page.ts';

export interface InputOptions extends ListenOptions {
  /** What the game is called to those who have the page read to them. Default: the page's title. */
  readonly label?: string;
  /** What the canvas is to them. Default: `application`, whose keys are its own. */
  readonly role?: string;
  /** How far a stick is pushed from its middle, of 1, before it is pushed at all. Default: 0.15. */
  readonly deadZone?: number;
  /** What the player has bound, as `saveBindings` gave it. */
  readonly bindings?: unknown;
}

export class GameInput extends InputPage {
  /** What the script's `sluice.input` calls. */
  readonly host: InputHost;
  readonly #options: InputOptions;
  #pads: Pads | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #announcer: Announcer | undefined;
  #ended: AbortSignal | undefined;
  #asked = new AbortController();
  #hasPads = false;

  constructor(options: InputOptions = {}) {
    super();
    this.#options = options;
    this.host = inputHost(this, (text) => this.announce(text));
    if (options.bindings !== undefined) this.restoreBindings(options.bindings);
  }

  /** Listens to the page until `signal` is aborted, with the canvas as what has the focus and the pointer, but for what is `taken`. */
  attach(canvas: HTMLCanvasElement, place: PlaceOnStage, signal: AbortSignal, taken?: Taken): void {
    this.#canvas = canvas;
    this.#ended = signal;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', this.#options.role ?? 'application');
    canvas.setAttribute('aria-label', (this.#options.label ?? document.title) || 'Game');
    const announcer = new Announcer(canvas);
    this.#announcer = announcer;
    signal.addEventListener('abort', () => {
      announcer.remove();
      this.#asked.abort();
    });
    listen(this, canvas, place, signal, this.#options, taken);
    if (readPads().some((pad) => pad !== null)) void this.#connected();
    addEventListener('gamepadconnected', () => void this.#connected(), { signal });
  }

  override publish(memory: WebAssembly.Memory): void {
    if (this.#hasPads && this.#pads !== undefined) {
      const pads = readPads();
      this.#pads.update(pads);
      this.#hasPads = pads.some((pad) => pad !== null);
    }
    super.publish(memory);
  }

  /**
   * Asks the player for a text, in a field over the stage: `undefined` where it is left by Escape, by another question, or by the
   * game's end.
   */
  async askText(question: TextQuestion): Promise<string | undefined> {
    if (this.#canvas === undefined || this.#ended?.aborted) return undefined;
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const { askText } = await import('./ask-text.ts');
    return signal.aborted ? undefined : askText(this.#canvas, question, signal);
  }

  /** Says a text to players who have the page read to them. */
  announce(text: string): void {
    this.#announcer?.say(text);
  }

  async #connected(): Promise<void> {
    this.#hasPads = true;
    const { Pads } = await import('./pads.ts');
    this.#pads ??= new Pads(this, this.#options.deadZone);
  }
}

/** Empty where the page may not know of gamepads. */
function readPads(): readonly (Gamepad | null)[] {
  try {
    return navigator.getGamepads();
  } catch {
    return [];
  }
}
