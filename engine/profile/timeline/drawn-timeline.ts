/**
 * The timeline as long as it is shown. While it goes on it takes the recorder's frames a few times a second; frozen, it keeps those that it
 * has, and any of them can be chosen. Choosing, scrolling and zooming in the past freeze it, since what is looked at would run away.
 */
import type { HeapSnapshot } from '../../../scripting/machine/snapshot/index.ts';
import { clockStep } from '../clock-step.ts';
import type { Outside } from '../outside.ts';
import { Measure, type NamedMark } from '../recorder.ts';
import { type RecordedGame, tableOf } from '../recording.ts';
import { Chart, type Scene } from './chart.ts';
import { Distribution } from './distribution.ts';
import type { HeapPanel } from './heap-panel.ts';
import { type Action, Layout } from './layout.ts';
import { Snapshot } from './snapshot.ts';
import { FIRST_COUNT, follow, lastOf, reveal, scroll, type View, zoom } from './view.ts';
import { detailsOf, type Surroundings, sentence } from './words.ts';

export interface DrawnOptions {
  readonly game: RecordedGame;
  readonly parent?: HTMLElement;
  /** What is known of the time outside our work. */
  readonly outside: () => Outside;
  /** What is to be saved, as JSON. */
  readonly save: () => string;
  /** Whether frames are tracks in the browser's profiler. */
  readonly tracks: { get(): boolean; set(wanted: boolean): void };
  /** Takes a snapshot of the heap, where there is one. */
  readonly snapshot?: () => Promise<HeapSnapshot>;
  readonly hide: () => void;
}

/** Milliseconds between two drawings. */
const PERIOD = 250;
const ZOOM = 1.5;
/** Pixels that a pointer may move while it is down, and chooses the frame nevertheless. */
const STILL = 4;
const HINT = 'Choose a frame by a click, or by the arrow keys, to see where its time went.';

export class DrawnTimeline {
  readonly #options: DrawnOptions;
  readonly #layout: Layout;
  readonly #step: number;
  readonly #snapshot: Snapshot;
  readonly #chart: Chart;
  readonly #distribution = new Distribution();
  readonly #ended = new AbortController();
  readonly #resized: ResizeObserver;
  /** When it was asked for. */
  #heap: HeapPanel | undefined;
  /** Those of the frames that are shown: more may be made while it is frozen. */
  #marks: readonly NamedMark[] = [];
  #view: View = { first: 1, count: FIRST_COUNT };
  #frozen = false;
  #chosen: number | undefined;
  #request = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(options: DrawnOptions) {
    this.#options = options;
    this.#step = options.game.clockStep ?? clockStep();
    this.#snapshot = new Snapshot(options.game.recorder.capacity);
    const layout = new Layout(this.#step);
    this.#layout = layout;
    layout.below.append(this.#distribution.element);
    if (options.parent === undefined) layout.host.dataset.over = '';
    (options.parent ?? document.body).append(layout.host);
    this.#take();
    this.#chart = new Chart(layout.chart, this.#scene());
    this.#resized = new ResizeObserver(() => this.#chart.refresh());
    this.#resized.observe(layout.chart);
    this.#listen();
    this.#show();
    const heap = layout.buttons.get('heap');
    if (options.snapshot === undefined) heap?.remove();
    else heap?.setAttribute('aria-expanded', 'false');
    this.#tellTracks();
    this.#tell(HINT);
    this.#request = requestAnimationFrame((time) => this.#tick(time));
  }

  /** Takes it out of the page. Returns whether the focus was inside. */
  remove(): boolean {
    const { host } = this.#layout;
    const focused = host.shadowRoot?.activeElement != null;
    cancelAnimationFrame(this.#request);
    this.#ended.abort();
    this.#resized.disconnect();
    this.#chart.remove();
    host.remove();
    return focused;
  }

  #listen(): void {
    const { signal } = this.#ended;
    const { buttons, chart, host } = this.#layout;
    for (const [action, button] of buttons)
      button.addEventListener('click', () => this.#do(action), { signal });
    chart.addEventListener('keydown', (event) => this.#key(event), { signal });
    host.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') this.#options.hide();
      },
      { signal },
    );
    chart.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    chart.addEventListener('pointerdown', (event) => this.#press(event), { signal });
    const day = matchMedia('(prefers-color-scheme: light)');
    day.addEventListener('change', () => this.#chart.refresh(), { signal });
  }

  #tick(time: number): void {
    this.#request = requestAnimationFrame((next) => this.#tick(next));
    if (this.#frozen || time - this.#drawnAt < PERIOD) return;
    this.#drawnAt = time;
    this.#take();
    this.#show();
  }

  #take(): void {
    this.#snapshot.take(this.#options.game.recorder);
    this.#view = follow(this.#snapshot, this.#view.count);
    this.#marks = this.#options.game.recorder.marks.filter(({ frame }) => frame >= this.#snapshot.oldest);
  }

  #scene(): Scene {
    return {
      snapshot: this.#snapshot,
      view: this.#view,
      marks: this.#marks,
      chosen: this.#chosen,
      interval: this.#options.game.loop.interval,
    };
  }

  #show(): void {
    const { chart } = this.#layout;
    const snapshot = this.#snapshot;
    this.#chart.draw(this.#scene());
    const seen = (measure: Measure): number[] =>
      snapshot.series(measure, this.#view.first, lastOf(snapshot, this.#view));
    this.#distribution.show(seen(Measure.END), seen(Measure.TIME), this.#step);
    chart.setAttribute('aria-valuemin', String(snapshot.oldest));
    chart.setAttribute('aria-valuemax', String(Math.max(snapshot.oldest, snapshot.newest)));
    chart.setAttribute('aria-valuenow', String(this.#chosen ?? Math.max(snapshot.oldest, snapshot.newest)));
    chart.setAttribute('aria-valuetext', this.#chosen === undefined ? 'none chosen' : String(this.#chosen));
  }

  #do(action: Action): void {
    const page = Math.round(this.#view.count / 2);
    switch (action) {
      case 'freeze':
        if (this.#frozen) this.#goOn();
        else this.#freeze('Frozen. ');
        break;
      case 'worst':
        this.#worst();
        break;
      case 'earlier':
        this.#scroll(-page);
        break;
      case 'later':
        this.#scroll(page);
        break;
      case 'closer':
        this.#zoom(1 / ZOOM);
        break;
      case 'wider':
        this.#zoom(ZOOM);
        break;
      case 'save':
        this.#save(this.#options.save(), 'frames.json', 'application/json');
        break;
      case 'table':
        this.#save(tableOf(this.#options.game.recorder), 'frames.csv', 'text/csv');
        break;
      case 'heap':
        void this.#toggleHeap();
        break;
      case 'tracks':
        this.#options.tracks.set(!this.#options.tracks.get());
        this.#tellTracks();
        break;
      case 'hide':
        this.#options.hide();
        break;
    }
  }

  async #toggleHeap(): Promise<void> {
    const { snapshot } = this.#options;
    const { heap, buttons } = this.#layout;
    if (snapshot === undefined) return;
    const { HeapPanel } = await import('./heap-panel.ts');
    this.#heap ??= new HeapPanel({ take: snapshot, tell: (words) => this.#tell(words) });
    if (heap.firstChild === null) heap.append(this.#heap.element);
    else heap.replaceChildren();
    buttons.get('heap')?.setAttribute('aria-expanded', String(heap.firstChild !== null));
  }

  #tellTracks(): void {
    this.#layout.buttons.get('tracks')?.setAttribute('aria-pressed', String(this.#options.tracks.get()));
  }

  /** Frozen or not, what is saved is what the recorder holds now. */
  #save(text: string, name: string, type: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
    this.#tell(`${this.#options.game.recorder.length.toLocaleString('en')} frames are saved as ${name}.`);
  }

  #freeze(said = ''): void {
    if (this.#frozen) return;
    this.#take();
    this.#frozen = true;
    this.#nameFreeze('Go on');
    this.#tell(`${said}${HINT}`);
    this.#show();
  }

  #goOn(): void {
    this.#frozen = false;
    this.#chosen = undefined;
    this.#nameFreeze('Freeze');
    this.#layout.details.replaceChildren();
    this.#tell(`The newest frames are shown. ${HINT}`);
  }

  #nameFreeze(words: string): void {
    const button = this.#layout.buttons.get('freeze');
    if (button !== undefined) button.textContent = words;
  }

  #worst(): void {
    if (!this.#frozen) this.#freeze();
    const worst = this.#snapshot.worst();
    if (worst !== undefined) this.#choose(worst);
  }

  #choose(frame: number): void {
    this.#freeze();
    const snapshot = this.#snapshot;
    if (snapshot.isEmpty) return;
    const chosen = Math.max(snapshot.oldest, Math.min(snapshot.newest, frame));
    this.#chosen = chosen;
    this.#view = reveal(snapshot, this.#view, chosen);
    const { estimate, known } = this.#options.game.loop.interval;
    const around: Surroundings = {
      marks: this.#marks,
      interval: known ? estimate : undefined,
      step: this.#step,
      outside: this.#options.outside(),
    };
    this.#tell(sentence(snapshot, chosen, around));
    this.#layout.details.replaceChildren(
      ...detailsOf(snapshot, chosen, around).flatMap(({ term, words, blamed = false }) => {
        const [name, value] = [document.createElement('dt'), document.createElement('dd')];
        name.textContent = term;
        value.textContent = words;
        if (blamed) value.className = 'blamed';
        return [name, value];
      }),
    );
    this.#show();
  }

  #scroll(by: number): void {
    this.#freeze();
    this.#view = scroll(this.#snapshot, this.#view, by);
    this.#show();
  }

  /** Around the frame that is chosen, or else the newest. Going on, it goes on: the newest frames are seen then. */
  #zoom(factor: number, at = this.#chosen ?? lastOf(this.#snapshot, this.#view)): void {
    this.#view = zoom(this.#snapshot, this.#view, factor, at, this.#options.game.recorder.capacity);
    if (!this.#frozen) this.#take();
    this.#show();
  }

  #tell(words: string): void {
    this.#layout.said.textContent = words;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = this.#keyAction(event.key);
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  #keyAction(key: string): (() => void) | undefined {
    // Where nothing is chosen, the first key chooses the newest.
    const by = (frames: number) => () =>
      this.#choose(this.#chosen === undefined ? Number.POSITIVE_INFINITY : this.#chosen + frames);
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowDown':
        return by(-1);
      case 'ArrowRight':
      case 'ArrowUp':
        return by(1);
      case 'PageDown':
        return by(-10);
      case 'PageUp':
        return by(10);
      case 'Home':
        return () => this.#choose(0);
      case 'End':
        return () => this.#choose(Number.POSITIVE_INFINITY);
      case '+':
      case '=':
        return () => this.#zoom(1 / ZOOM);
      case '-':
        return () => this.#zoom(ZOOM);
      default:
        return undefined;
    }
  }

  #wheel(event: WheelEvent): void {
    const { chart, host } = this.#layout;
    // The page scrolls under a pointer that is here by chance; with Ctrl the browser makes the page larger.
    if (host.shadowRoot?.activeElement !== chart || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      this.#scroll(Math.round(this.#chart.framesIn(sideways)));
    else this.#zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, this.#chart.frameAt(event.clientX));
  }

  /** Dragged, the frames move along; let go where it was pressed, the frame there is chosen. */
  #press(down: PointerEvent): void {
    if (down.button !== 0) return;
    const { chart } = this.#layout;
    const dragging = new AbortController();
    const signal = AbortSignal.any([dragging.signal, this.#ended.signal]);
    let begun = this.#view.first;
    let dragged = false;
    chart.setPointerCapture(down.pointerId);
    chart.addEventListener(
      'pointermove',
      ({ clientX }) => {
        if (!dragged) {
          dragged = Math.abs(clientX - down.clientX) > STILL;
          if (!dragged) return;
          this.#freeze();
          begun = this.#view.first;
        }
        const by = Math.round(this.#chart.framesIn(down.clientX - clientX));
        this.#scroll(begun + by - this.#view.first);
      },
      { signal },
    );
    chart.addEventListener(
      'pointerup',
      ({ clientX }) => {
        dragging.abort();
        if (!dragged) this.#choose(this.#chart.frameAt(clientX));
      },
      { signal },
    );
    chart.addEventListener('pointercancel', () => dragging.abort(), { signal });
  }
}
