/**
 * The stage: a PixiJS renderer, its canvas, and a scene measured in units of the game's own. However large the canvas is
 * shown and however fine the display, the scene is `width` by `height` units and fills the canvas.
 */
import 'pixi.js/unsafe-eval';
import { Assets, Container, WebGLRenderer } from 'pixi.js';
import type { InputPage } from '../input/index.ts';
import type { FramePart } from '../loop/index.ts';

export interface StageOptions {
  /** The canvas is put in here and takes its width; its height follows from the scene's proportions. */
  readonly parent: HTMLElement;
  /** Size of the scene in its own units. */
  readonly width: number;
  readonly height: number;
  /** Colour after everything, 0xRRGGBB. */
  readonly background?: number;
}

export class Stage implements FramePart {
  /** What is drawn, in the scene's units. */
  readonly scene = new Container();
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  /** Called before drawing, in order: brings what is drawn up to date. */
  readonly updates: (() => void)[] = [];
  readonly #renderer: WebGLRenderer;
  readonly #root = new Container();
  readonly #observer: ResizeObserver;
  #resized = true;

  private constructor(renderer: WebGLRenderer, options: StageOptions) {
    this.#renderer = renderer;
    this.canvas = renderer.canvas;
    this.width = options.width;
    this.height = options.height;
    this.#root.addChild(this.scene);
    options.parent.append(this.canvas);
    this.canvas.style.display = 'block';
    this.canvas.style.width = '100%';
    this.canvas.style.aspectRatio = `${options.width} / ${options.height}`;
    this.canvas.style.touchAction = 'none';
    this.#observer = new ResizeObserver(() => {
      this.#resized = true;
    });
    this.#observer.observe(this.canvas);
  }

  static async create(options: StageOptions): Promise<Stage> {
    // A Worker made of text is what a strict content policy forbids.
    Assets.setPreferences({ preferWorkers: false });
    const renderer = new WebGLRenderer<HTMLCanvasElement>();
    await renderer.init({
      width: options.width,
      height: options.height,
      antialias: false,
      backgroundColor: options.background ?? 0x000000,
      preferWebGLVersion: 2,
    });
    return new Stage(renderer, options);
  }

  /** Draws the scene. */
  run(): void {
    // In the frame itself, since resizing clears the canvas.
    if (this.#resized) this.#fit();
    for (const update of this.updates) update();
    this.#renderer.render(this.#root);
  }

  /** Brings a place in the viewport, in CSS pixels, to the input page in the scene's units. */
  readonly placePointer = (page: InputPage, clientX: number, clientY: number): void => {
    const bounds = this.canvas.getBoundingClientRect();
    page.movePointer(
      ((clientX - bounds.left) / bounds.width) * this.width,
      ((clientY - bounds.top) / bounds.height) * this.height,
    );
  };

  destroy(): void {
    this.#observer.disconnect();
    this.#root.destroy({ children: true });
    this.#renderer.destroy({ removeView: true });
  }

  #fit(): void {
    this.#resized = false;
    const width = Math.max(1, this.canvas.clientWidth);
    const height = Math.max(1, (width * this.height) / this.width);
    this.#renderer.resize(width, height, devicePixelRatio);
    this.scene.scale.set(width / this.width, height / this.height);
  }
}
