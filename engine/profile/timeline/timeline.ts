/**
 * A timeline of a game's frames in its page: a key or a button shows and hides it. What draws it, uPlot with it, is fetched when it is
 * shown first; hidden, nothing of it is left in the page but the key and the button.
 */
import { keyNumber } from '../../../scripting/image/index.ts';
import type { HeapSnapshot, Snapshottable } from '../../../scripting/machine/snapshot/index.ts';
import type { Outside } from '../outside.ts';
import { type RecordedGame, saveRecording } from '../recording.ts';
import type { DevtoolsTracks } from './devtools-tracks.ts';
import type { DrawnTimeline } from './drawn-timeline.ts';
import type { OutsideWatch } from './outside-watch.ts';

/** What a timeline asks of a game, or of a recording of one. */
export interface TimelineGame extends RecordedGame {
  /** Calls `action` when the game ends. */
  atEnd(action: () => void): void;
  /** The running program, whose heap snapshots are taken of. A recording has none. */
  readonly machine?: Snapshottable;
}

export interface TimelineOptions {
  /**
   * The key that shows and hides it, by `KeyboardEvent.code`; `null` for none. The game does not see it while it is pressed alone. Fields
   * for text keep it. Default: `Backquote`, the key below Escape on most keyboards.
   */
  readonly key?: string | null;
  /** Where in the page it is shown. Default: along the window's lower edge, over the page. */
  readonly parent?: HTMLElement;
  /** Whether frames are tracks in recordings of the browser's own profiler, from the beginning. Default false. */
  readonly tracks?: boolean;
}

const TEXT_FIELDS = 'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select';

export class Timeline {
  /** Shows and hides it; put it where it should be seen. */
  readonly button: HTMLButtonElement = document.createElement('button');
  readonly #game: TimelineGame;
  readonly #parent: HTMLElement | undefined;
  readonly #ended = new AbortController();
  /** Of a game that runs, as long as there is a timeline: what is asked about a frame has to be noticed then. */
  readonly #watched: Promise<void>;
  #watch: OutsideWatch | undefined;
  #wantsTracks = false;
  #tracks: DevtoolsTracks | undefined;
  #drawn: DrawnTimeline | undefined;
  #shown = false;

  /**
   * Leaves the page with the game. Throws a `TypeError` where `key` is no string, and a `RangeError` where it names no key, and an `Error`
   * where the game has ended.
   */
  constructor(game: TimelineGame, { key = 'Backquote', parent, tracks = false }: TimelineOptions = {}) {
    if (key !== null) checkKey(key);
    this.#game = game;
    this.#parent = parent;
    game.atEnd(() => this.remove());
    const { signal } = this.#ended;
    this.button.type = 'button';
    this.button.textContent = 'Timeline';
    this.button.addEventListener('click', () => this.toggle(), { signal });
    if (key !== null) {
      this.button.setAttribute('aria-keyshortcuts', key === 'Backquote' ? '`' : key);
      this.button.title = `Which frame took how long, and why (key: ${key})`;
      // Before the game's own listener, which leaves what has been taken.
      addEventListener('keydown', (event) => this.#press(event, key), { signal, capture: true });
    }
    this.#tell();
    this.tracks = tracks;
    this.#watched = game.outside === undefined ? this.#watchOutside() : Promise.resolve();
  }

  get shown(): boolean {
    return this.#shown;
  }

  /** Whether frames are tracks in recordings of the browser's own profiler: Chromium's, in the Performance panel of its DevTools. */
  get tracks(): boolean {
    return this.#wantsTracks;
  }

  set tracks(wanted: boolean) {
    if (wanted === this.#wantsTracks || this.#ended.signal.aborted) return;
    this.#wantsTracks = wanted;
    if (wanted) void this.#beginTracks();
    else this.#endTracks();
  }

  /** Shows it. Resolves when it is drawn first; where it cannot be fetched, the console says why, and it is hidden. */
  async show(): Promise<void> {
    if (this.#shown || this.#ended.signal.aborted) return;
    this.#shown = true;
    this.#tell();
    try {
      const { DrawnTimeline } = await import('./drawn-timeline.ts');
      await this.#watched;
      if (!this.#shown || this.#drawn !== undefined) return;
      this.#drawn = new DrawnTimeline({
        game: this.#game,
        outside: () => this.#outside(),
        save: () => this.recording(),
        ...(this.#game.machine !== undefined && { snapshot: () => this.snapshot() }),
        tracks: {
          get: () => this.tracks,
          set: (wanted) => {
            this.tracks = wanted;
          },
        },
        hide: () => this.hide(),
        ...(this.#parent !== undefined && { parent: this.#parent }),
      });
    } catch (error) {
      console.error('the timeline cannot be shown:', error);
      this.hide();
    }
  }

  /** Hides it. The focus, where it was inside, goes to the button. */
  hide(): void {
    this.#shown = false;
    const focused = this.#drawn?.remove() ?? false;
    this.#drawn = undefined;
    if (focused) this.button.focus();
    this.#tell();
  }

  toggle(): void {
    if (this.#shown) this.hide();
    else void this.show();
  }

  /** Gives the frame in progress a name, or else the newest, as `(mark name)` of `sluice.profile` does in a script. */
  mark(name: string): void {
    this.#game.recorder.mark(name);
  }

  /** What the recorder holds now, and what is known of the time outside our work, as text for `readRecording`: what _Save_ writes. */
  recording(): string {
    const { recorder, loop, clockStep } = this.#game;
    const outside = this.#outside();
    return saveRecording({ recorder, loop, outside, ...(clockStep !== undefined && { clockStep }) });
  }

  /**
   * Takes a snapshot of the heap while the game goes on, in what its gaps leave: what it means then says `scripting/machine/snapshot`. Rejects
   * for a recording, where new code or a new scene comes before it is done, where the game allocates more than 64 MiB until then, and with
   * `AbortError` where the timeline or the game goes.
   */
  async snapshot(): Promise<HeapSnapshot> {
    const { machine, loop } = this.#game;
    if (machine === undefined) throw new TypeError('a recording has no heap');
    const [{ takeSnapshot }, { inGaps }] = await Promise.all([
      import('../../../scripting/machine/snapshot/index.ts'),
      import('./in-gaps.ts'),
      machine.describe(),
    ]);
    const snapshot = await inGaps(takeSnapshot(machine), loop, this.#ended.signal);
    if (this.#game.machine !== machine)
      throw new Error('the scene was started anew while the heap was read: take the snapshot again');
    return snapshot;
  }

  /** Takes it out of the page for good, the key and the button as well. */
  remove(): void {
    this.hide();
    this.tracks = false;
    this.#ended.abort();
    this.#watch?.end();
    this.button.remove();
  }

  async #beginTracks(): Promise<void> {
    try {
      const { DevtoolsTracks } = await import('./devtools-tracks.ts');
      if (this.#wantsTracks) this.#tracks ??= new DevtoolsTracks(this.#game.recorder);
    } catch (error) {
      console.error('frames cannot be told to the profiler:', error);
      this.#wantsTracks = false;
    }
  }

  #endTracks(): void {
    this.#tracks?.end();
    this.#tracks = undefined;
  }

  async #watchOutside(): Promise<void> {
    try {
      const { OutsideWatch } = await import('./outside-watch.ts');
      if (!this.#ended.signal.aborted) this.#watch = new OutsideWatch();
    } catch (error) {
      console.error('nothing will be known of the time outside the game:', error);
    }
  }

  #outside(): Outside {
    return this.#game.outside ?? this.#watch?.take() ?? { scripts: [], collections: [] };
  }

  #press(event: KeyboardEvent, key: string): void {
    const { code, ctrlKey, altKey, metaKey, shiftKey, isComposing, repeat } = event;
    if (code !== key || ctrlKey || altKey || metaKey || shiftKey || isComposing) return;
    const [inner] = event.composedPath();
    if (inner instanceof HTMLElement && (inner.isContentEditable || inner.matches(TEXT_FIELDS))) return;
    event.preventDefault();
    if (!repeat) this.toggle();
  }

  #tell(): void {
    this.button.setAttribute('aria-expanded', String(this.#shown));
  }
}

function checkKey(key: unknown): void {
  if (typeof key !== 'string') throw new TypeError(`key is a KeyboardEvent.code or null, not ${String(key)}`);
  if (keyNumber(key) === undefined)
    throw new RangeError(`there is no key \`${key}\`: key is a KeyboardEvent.code, as Backquote`);
}
