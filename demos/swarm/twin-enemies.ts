/** The enemies of the twin: what they look like, how they sway, and when they fire. */
import type { Container, Sprite } from 'pixi.js';
import { easeOut, type TwinPicture } from './twin-picture.ts';

const KINDS = {
  drone: {
    body: 0xffc6d8,
    tint: 0xff5c9a,
    orbit: 0.5,
    aura: 1.3,
    radius: 26,
    arms: 3,
    sweep: 0.9,
    loose: 0.34,
    speed: 105,
    worth: 100,
    life: 14,
  },
  spinner: {
    body: 0xd8ccff,
    tint: 0x8a6bff,
    orbit: 0.8,
    aura: 2,
    radius: 40,
    arms: 5,
    sweep: 1.5,
    loose: 0.24,
    speed: 95,
    worth: 400,
    life: 42,
  },
  queen: {
    body: 0xffe2b8,
    tint: 0xff9d3c,
    orbit: 1.6,
    aura: 3.6,
    radius: 78,
    arms: 9,
    sweep: 2.2,
    loose: 0.18,
    speed: 110,
    worth: 5000,
    life: 320,
  },
} as const;

export type Kind = keyof typeof KINDS;

export class Enemy {
  readonly radius: number;
  readonly arms: number;
  readonly loose: number;
  readonly speed: number;
  readonly worth: number;
  readonly tint: number;
  life: number;
  heat = 0;
  /** Bullets of each arm that are to be fired. */
  due = 0;
  readonly #home: { readonly x: number; readonly y: number };
  readonly #phase: number;
  readonly #sweep: number;
  readonly #places: readonly Container[];
  readonly #orbit: Sprite;
  readonly #aura: Sprite;
  #age = 0;

  constructor(kind: Kind, home: { x: number; y: number }, phase: number, picture: TwinPicture) {
    const { body, tint, orbit, aura, radius, arms, sweep, loose, speed, worth, life } = KINDS[kind];
    this.radius = radius;
    this.arms = arms;
    this.loose = loose;
    this.speed = speed;
    this.worth = worth;
    this.tint = tint;
    this.life = life;
    this.#home = home;
    this.#phase = phase;
    this.#sweep = sweep;
    this.#orbit = picture.sprite('ring', { tint, scale: orbit, alpha: 0.5 });
    this.#aura = picture.sprite('halo', { tint, scale: aura, alpha: 0.4 });
    this.#places = [
      picture.place('actors', [picture.sprite(kind, { tint: body })]),
      picture.place('glow', [this.#orbit, this.#aura]),
    ];
    this.move(0, false);
  }

  get x(): number {
    return this.#places[0]?.x ?? 0;
  }

  get y(): number {
    return this.#places[0]?.y ?? 0;
  }

  /** It pauses now and then, which leaves gaps to slip through. */
  get firing(): boolean {
    return this.#age > 1.4 && Math.sin(2.3 * this.#age + this.#phase) > -0.45;
  }

  /** Where its first arm points to. */
  get turn(): number {
    return Math.PI / 2 + this.#phase + this.#sweep * Math.sin(0.5 * this.#age);
  }

  move(dt: number, calm: boolean): void {
    this.#age += dt;
    const age = this.#age;
    const arriving = 1 - easeOut(Math.min(1, age / 1.6));
    const { x, y } = this.#home;
    for (const place of this.#places) {
      place.x = x + 46 * Math.sin(this.#phase + 0.7 * age);
      place.y = y + 12 * Math.sin(1.3 * age) - arriving * (120 + y);
      place.rotation = 0.5 * Math.sin(this.#phase + 0.8 * age);
    }
    this.#orbit.rotation = 1.4 * age;
    this.heat *= Math.exp(-9 * dt);
    this.#aura.alpha = 0.4 + (calm ? 0.15 : 0.45) * this.heat;
  }

  remove(): void {
    for (const place of this.#places) place.destroy({ children: true });
  }
}
