/**
 * The stage: a PixiJS renderer, its canvas, and a scene measured in units of the game's own. However large the canvas is
 * shown and however fine the display, the scene is `width` by `height` units: `fit.ts` says how they lie on the canvas.
 *
 * A page may have a renderer of its own. Then the stage is a guest: it resizes, ticks and destroys nothing. Without a
 * container it draws its scene with that renderer; in a container it leaves the drawing to the page.
 */
import { Container, Point, type WebGLRenderer } from 'pixi.js';
import type { StagePart } from '../loop/index.ts';
import type { Displays, Pictures } from '../pictures/index.ts';
import type { ScriptMachine } from '../script.ts';
import { enlarge, insideOf } from './canvas-box.ts';
import { DrawnDisplays } from './drawn-displays.ts';
import { fitPicture, fitPixels, type Picture, placeInScene, type Size } from './fit.ts';
import { StageObjects } from './objects.ts';
import { checkStageOptions, type StageOptions } from './options.ts';
import { endRenderer, expectWebGL2, startRenderer } from './renderer.ts';
import { SpriteLayers } from './sprite-layers.ts';
import type { Pages } from './sprite-runs.ts';
import type { StageObject } from './stage-object.ts';
import { runSystemTicker } from './system-ticker.ts';

/** What the script's sprites are drawn from. */
export interface Drawn extends Pages {
  readonly pictures: Pictures;
  /** Called when the textures are others. */
  changed: () => void;
  /** The window is on a display with so many pixels a unit: it may need other textures. */
  display(ratio: number): void;
}

export class Stage implements StagePart {
  /** What is drawn, in the scene's units. */
  readonly scene = new Container();
  readonly canvas: HTMLCanvasElement;
  readonly height: number;
  /** Called before drawing, in order: brings what is drawn up to date. */
  readonly updates: (() => void)[] = [];
  /** Hears what an update throws; the others have their turn all the same. */
  failed: (error: unknown) => void = (error) => {
    throw error;
  };
  readonly #width: number;
  readonly #renderer: WebGLRenderer;
  readonly #options: StageOptions;
  readonly #objects: StageObjects;
  readonly #root = new Container();
  readonly #observer: ResizeObserver | undefined;
  #resized = true;
  #ratio = 0;
  #picture: Picture;
  /** The canvas's inside, in CSS pixels. */
  #box: Size;

  readonly #sprites: SpriteLayers;
  readonly #pictures: Pictures;
  readonly #drawn: Drawn;
  #between = 1;
  readonly #draw = () => this.#sprites.update(this.#between);
  readonly #drawDisplays = () => this.#displays.update(this.scene.scale.x * this.#renderer.resolution);
  readonly #displays: DrawnDisplays;

  private constructor(
    renderer: WebGLRenderer,
    options: StageOptions,
    machine: ScriptMachine,
    drawn: Drawn,
    displays: Displays,
  ) {
    this.#renderer = renderer;
    this.#options = options;
    this.#objects = new StageObjects(machine);
    this.#pictures = drawn.pictures;
    this.#drawn = drawn;
    this.#sprites = new SpriteLayers(machine, drawn);
    drawn.changed = () => this.#sprites.release();
    this.#displays = new DrawnDisplays(
      displays,
      (layer) => this.#sprites.layer(layer) ?? this.scene,
      (error) => this.failed(error),
    );
    this.#sprites.changed = () => this.#displays.relayer();
    this.scene.addChild(this.#sprites.view);
    this.canvas = renderer.canvas;
    this.#width = options.width;
    this.height = options.height;
    this.#root.addChild(this.scene);
    this.#picture = fitPixels('contain', options, options, 1);
    this.#box = { width: options.width, height: options.height };
    if (options.renderer !== undefined) {
      options.container?.addChild(this.#root);
      return;
    }
    options.parent?.append(this.canvas);
    style(this.canvas, options);
    this.#observer = new ResizeObserver(() => {
      this.#resized = true;
    });
    this.#observer.observe(this.canvas);
  }

  /**
   * Throws a `TypeError` or `RangeError` for options that do not fit. What is added to the stage draws from `machine`, its sprites from
   * the textures of `drawn`; `displays` are those that the script has made so far.
   */
  static async create(
    options: StageOptions,
    machine: ScriptMachine,
    drawn: Drawn,
    displays: Displays,
  ): Promise<Stage> {
    checkStageOptions(options);
    if (options.renderer !== undefined)
      return new Stage(expectWebGL2(options.renderer), options, machine, drawn, displays);
    const { width, height, background = 0x000000, antialias = false, pixelArt = false } = options;
    const renderer = await startRenderer({ width, height, background, antialias, pixelArt });
    return new Stage(renderer, options, machine, drawn, displays);
  }

  /** Units of the scene that are seen sideways: those of the options, but where its height is fixed. */
  get width(): number {
    const { fit } = this.#options;
    if (fit !== 'height') return this.#width;
    if (this.#resized) this.#fit();
    return this.#picture.width / this.#picture.resolution / this.#picture.scaleX;
  }

  /** Adds something to what is drawn, above what is there already. Throws where it lacks something in the script. */
  add(object: StageObject): void {
    this.#objects.add(object);
    this.scene.addChild(object.view);
  }

  /** Takes something out and has it free what it holds. False where it is not there. */
  remove(object: StageObject): boolean {
    return this.#objects.remove(object);
  }

  /** The scene has been started anew: all draws from another machine, or this throws and nothing has changed. */
  attach(machine: ScriptMachine, displays: Displays): void {
    this.#objects.attach(machine);
    this.#sprites.attach(machine);
    this.#displays.attach(displays);
  }

  /**
   * A layer of the script's, to add display objects to: they are drawn after its sprites. Throws a `RangeError` where the script declares none
   * of this name.
   */
  layer(name: string): Container {
    const found = this.#sprites.find(name);
    if (found !== undefined) return found;
    const names = this.#sprites.names.map((known) => `"${known}"`).join(', ');
    throw new RangeError(
      `the script has no layer "${name}"; ${names === '' ? 'it draws no sprites' : `there are ${names}`}`,
    );
  }

  /** Draws the scene; below 1, sprites are on their way from where they were before the last step. */
  run(time: number, between = 1): void {
    this.#between = between;
    const { renderer, container } = this.#options;
    if (renderer === undefined) {
      // In the frame itself, since resizing clears the canvas. A display's pixels may change where its size does not.
      if (this.#resized || this.#ratio !== devicePixelRatio) this.#fit();
      runSystemTicker(time);
    }
    for (const update of this.updates) this.#attempt(update);
    this.#pictures.width = this.width;
    this.#pictures.height = this.height;
    this.#attempt(this.#draw);
    this.#attempt(this.#drawDisplays);
    this.#objects.update(this.failed);
    // Nothing can be made on the graphics card while the context is lost; when it is back, all is made anew.
    if (container === undefined && !this.#renderer.context.isLost) this.#renderer.render(this.#root);
  }

  /** From fractions of the canvas, 0 at its left and top, 1 at its right and bottom, to the scene's units. */
  readonly place = (x: number, y: number): { readonly x: number; readonly y: number } => {
    if (this.#options.renderer !== undefined) {
      const { screen } = this.#renderer;
      return this.scene.toLocal({ x: x * screen.width, y: y * screen.height });
    }
    const box = this.#box;
    const [sceneX, sceneY] = placeInScene(this.#picture, box, x * box.width, y * box.height);
    return { x: sceneX, y: sceneY };
  };

  /** Whether a display object that listens, of PixiJS's `eventMode`, is under what was pressed or turned. */
  readonly takes = ({ clientX, clientY }: MouseEvent): boolean => {
    const { events, lastObjectRendered } = this.#renderer;
    // A renderer of the page's own may do without events.
    if (events === undefined || !lastObjectRendered) return false;
    const point = new Point();
    events.mapPositionToPoint(point, clientX, clientY);
    events.rootBoundary.rootTarget = lastObjectRendered;
    return Boolean(events.rootBoundary.hitTest(point.x, point.y)?.isInteractive());
  };

  /** Frees everything but what is the page's own. */
  destroy(): void {
    this.#observer?.disconnect();
    this.#objects.destroy(this.failed);
    this.#displays.destroy();
    this.#sprites.destroy();
    this.#root.destroy({ children: true });
    if (this.#options.renderer === undefined) endRenderer(this.#renderer);
  }

  #attempt(update: () => void): void {
    try {
      update();
    } catch (error) {
      this.failed(error);
    }
  }

  #fit(): void {
    this.#resized = false;
    if (this.#ratio !== devicePixelRatio) this.#drawn.display(devicePixelRatio);
    this.#ratio = devicePixelRatio;
    const { fit = 'width', resolutionCap = 8, pixelArt = false } = this.#options;
    const { canvas, scene } = this;
    const size = { width: this.#width, height: this.height };
    this.#picture = pixelArt
      ? enlarge(canvas, this.#ratio, (room) => fitPixels(fit, size, room, this.#ratio))
      : fitPicture(fit, size, insideOf(canvas), Math.min(this.#ratio, resolutionCap));
    this.#box = insideOf(canvas);
    const picture = this.#picture;
    const { width, height, resolution } = picture;
    this.#renderer.resize(width / resolution, height / resolution, resolution);
    scene.scale.set(picture.scaleX, picture.scaleY);
    scene.position.set(picture.x, picture.y);
  }
}

/** The canvas is as large as its place; the picture in it keeps its proportions. */
function style(canvas: HTMLCanvasElement, { fit = 'width', width, height, pixelArt }: StageOptions): void {
  const { style } = canvas;
  style.display = 'block';
  style.boxSizing = 'border-box';
  style.touchAction = 'none';
  style.width = '100%';
  style.objectFit = 'contain';
  if (fit === 'width') style.aspectRatio = `${width} / ${height}`;
  else style.height = '100%';
  if (fit === 'screen') {
    style.position = 'fixed';
    style.inset = '0';
  }
  if (pixelArt === true) style.imageRendering = 'pixelated';
}
