/** The twin in a page: its renderer, its frames, and how long they take. Nothing of Sluice runs in it. */
import { WebGLRenderer } from 'pixi.js';
import type { Contender } from './contender.ts';
import type { FrameTimes, Span } from './frame-graph.ts';
import { SwarmTwin } from './swarm-twin.ts';
import { TwinInput } from './twin-input.ts';
import { HEIGHT, TwinPicture, WIDTH } from './twin-picture.ts';

/** As a game's: however long the page slept, a step is no longer. */
const LONGEST_STEP = 0.1;

export class Plain implements Contender {
  readonly canvas: HTMLCanvasElement;
  readonly memory = undefined;
  readonly collections = undefined;
  paused = false;
  readonly #renderer: WebGLRenderer<HTMLCanvasElement>;
  readonly #picture: TwinPicture;
  readonly #twin: SwarmTwin;
  readonly #input: TwinInput;
  readonly #ended = new AbortController();
  readonly #resizes: ResizeObserver;
  readonly #spans = new Spans();
  #before = performance.now();
  #request = 0;

  static async start(parent: HTMLElement, say: (text: string) => void): Promise<Plain> {
    const renderer = new WebGLRenderer<HTMLCanvasElement>();
    await renderer.init({
      width: WIDTH,
      height: HEIGHT,
      backgroundColor: 0x060a14,
      preferWebGLVersion: 2,
      autoDensity: false,
    });
    return new Plain(parent, say, renderer, await TwinPicture.load());
  }

  private constructor(
    parent: HTMLElement,
    say: (text: string) => void,
    renderer: WebGLRenderer<HTMLCanvasElement>,
    picture: TwinPicture,
  ) {
    const { canvas } = renderer;
    this.canvas = canvas;
    this.#renderer = renderer;
    this.#picture = picture;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', document.title);
    Object.assign(canvas.style, {
      display: 'block',
      width: '100%',
      aspectRatio: `${WIDTH} / ${HEIGHT}`,
      touchAction: 'none',
    });
    parent.append(canvas);
    const units = (): number => WIDTH / Math.max(1, canvas.clientWidth);
    this.#input = new TwinInput(canvas, this.#ended.signal, units);
    this.#twin = new SwarmTwin(picture, this.#input, say);
    this.#resizes = new ResizeObserver(() => this.#fit());
    this.#resizes.observe(canvas);
    this.#request = requestAnimationFrame(this.#frame);
  }

  get times(): FrameTimes {
    return this.#spans;
  }

  get score(): number {
    return this.#twin.score;
  }

  get lives(): number {
    return this.#twin.lives;
  }

  get wave(): number {
    return this.#twin.wave;
  }

  get waves(): number {
    return this.#twin.waves;
  }

  get bullets(): number {
    return this.#twin.bullets;
  }

  get over(): boolean {
    return this.#twin.over;
  }

  get messages(): number {
    return this.#twin.messages;
  }

  get message(): string {
    return this.#twin.message;
  }

  restart(): void {
    this.#twin.restart();
  }

  setMostBullets(most: number): void {
    this.#twin.setMostBullets(most);
  }

  setCalm(calm: boolean): void {
    this.#twin.calm = calm;
  }

  /** JavaScript's collector asks nobody. */
  setSuppressed(): void {}

  end(): void {
    cancelAnimationFrame(this.#request);
    this.#ended.abort();
    this.#resizes.disconnect();
    this.#picture.view.destroy({ children: true });
    this.#renderer.destroy({ removeView: true });
    void this.#picture.unload();
  }

  readonly #frame = (time: number): void => {
    this.#request = requestAnimationFrame(this.#frame);
    const begin = performance.now();
    const interval = begin - this.#before;
    this.#before = begin;
    if (!this.paused) this.#twin.step(Math.min(LONGEST_STEP, interval / 1000));
    this.#input.forget();
    const stepped = performance.now();
    this.#renderer.render(this.#picture.view);
    const end = performance.now();
    this.#spans.add(stepped - begin, end - stepped, end - time);
  };

  #fit(): void {
    const width = this.canvas.clientWidth;
    const resolution = Math.min(2, devicePixelRatio);
    this.#renderer.resize(width, (width * HEIGHT) / WIDTH, resolution);
    this.#picture.view.scale.set(width / WIDTH);
  }
}

/** What the twin's frames took. When its collector works nobody is told: it is part of the others. */
class Spans implements FrameTimes {
  readonly tellsGap = false;
  readonly #rows = {
    script: new Float64Array(300),
    stage: new Float64Array(300),
    end: new Float64Array(300),
  };
  #frames = 0;

  get length(): number {
    return Math.min(300, this.#frames);
  }

  read(span: Span, ago: number): number {
    return span === 'gap' ? 0 : (this.#rows[span][(this.#frames - 1 - ago) % 300] ?? 0);
  }

  add(script: number, stage: number, end: number): void {
    const index = this.#frames % 300;
    this.#rows.script[index] = script;
    this.#rows.stage[index] = stage;
    this.#rows.end[index] = end;
    this.#frames += 1;
  }
}
