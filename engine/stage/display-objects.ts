/** What is seen of a script's display objects: PixiJS's texts and graphics. Fetched when a script makes the first. */
import { type Container, Graphics, Text } from 'pixi.js';
import {
  CIRCLE,
  type Display,
  type DisplayLook,
  type Displays,
  RECT,
  type Shape,
} from '../pictures/index.ts';

export class DisplayObjects {
  readonly #layerOf: (layer: number) => Container;
  readonly #shown = new Map<Display, Text | Graphics>();
  #sharpness = 0;

  /** `layerOf` returns the container of a layer, by its number. */
  constructor(layerOf: (layer: number) => Container) {
    this.#layerOf = layerOf;
  }

  /** Brings what is seen up to date, all of it or what has changed. Texts have so many pixels for a unit: `sharpness`. */
  update(displays: Displays, sharpness: number, all: boolean): void {
    const isSharper = sharpness !== this.#sharpness;
    this.#sharpness = sharpness;
    for (const [display, object] of this.#shown)
      if (!displays.all.has(display)) this.#remove(display, object);
    for (const display of displays.all)
      if (display.look !== undefined && (display.changed || all || isSharper))
        this.#show(display, display.look);
  }

  destroy(): void {
    for (const [display, object] of this.#shown) this.#remove(display, object);
  }

  #show(display: Display, look: DisplayLook): void {
    let object = this.#shown.get(display);
    // What was in a layer that new code has no more went with it.
    if (object === undefined || object.destroyed) {
      object = display.text === undefined ? new Graphics() : new Text();
      this.#shown.set(display, object);
    }
    if (object instanceof Text) write(object, display, look, this.#sharpness);
    else if (display.changed) draw(object, display.shapes);
    place(object, look);
    const layer = this.#layerOf(look.layer);
    if (object.parent !== layer) layer.addChild(object);
    display.changed = false;
  }

  #remove(display: Display, object: Text | Graphics): void {
    this.#shown.delete(display);
    if (!object.destroyed) object.destroy();
  }
}

function place(object: Text | Graphics, look: DisplayLook): void {
  const [x = 0, y = 0, rotation = 0, scaleX = 1, scaleY = 1, anchorX = 0, anchorY = 0, alpha = 1] =
    look.placement;
  object.position.set(x, y);
  object.rotation = rotation;
  object.scale.set(scaleX, scaleY);
  object.tint = look.tint;
  object.alpha = alpha;
  object.visible = look.visible;
  if (object instanceof Text) object.anchor.set(anchorX, anchorY);
}

function write(object: Text, display: Display, look: DisplayLook, sharpness: number): void {
  const { style } = object;
  object.text = display.text ?? '';
  object.resolution = sharpness;
  style.fill = 0xffffff;
  style.fontSize = look.size;
  style.fontFamily = look.font;
  style.wordWrap = look.wrap > 0;
  style.wordWrapWidth = look.wrap;
}

function draw(object: Graphics, shapes: readonly Shape[]): void {
  object.clear();
  for (const { kind, numbers, colour } of shapes) {
    const [a = 0, b = 0, c = 0, d = 0, width = 1] = numbers;
    if (kind === CIRCLE) object.circle(a, b, c).fill(colour);
    else if (kind === RECT) object.rect(a, b, c, d).fill(colour);
    else object.moveTo(a, b).lineTo(c, d).stroke({ width, color: colour });
  }
}
