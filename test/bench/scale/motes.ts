/** The world of `../programs/scale.slu`, as one writes it with PixiJS: objects that are drawn, with what moves them beside. */
import { HEIGHT, WIDTH } from './contender.ts';

/** What PixiJS draws, a sprite or a particle. */
export interface Shown {
  x: number;
  y: number;
  rotation: number;
}

export interface Born {
  readonly x: number;
  readonly y: number;
  readonly tint: number;
  readonly layer: number;
  readonly page: number;
}

export class Mote<T extends Shown> {
  readonly shown: T;
  vx: number;
  vy: number;
  readonly spin: number;

  constructor(shown: T, vx: number, vy: number, spin: number) {
    this.shown = shown;
    this.vx = vx;
    this.vy = vy;
    this.spin = spin;
  }

  step(dt: number): void {
    const { shown } = this;
    shown.x += dt * this.vx;
    shown.y += dt * this.vy;
    shown.rotation += dt * this.spin;
    if (shown.x < 0 || shown.x > WIDTH) this.vx = -this.vx;
    if (shown.y < 0 || shown.y > HEIGHT) this.vy = -this.vy;
  }
}

/** As many as `count`, each drawn by what `show` makes. */
export function motesOf<T extends Shown>(count: number, show: (born: Born) => T): Mote<T>[] {
  let seed = 1;
  const part = (): number => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  return Array.from({ length: count }, (_, i) => {
    const [x, y, vx, vy] = [800 * part(), 600 * part(), 120 * part() - 60, 120 * part() - 60];
    const [spin, tint] = [4 * part() - 2, 0x404040 + Math.floor(12500000 * part())];
    return new Mote(show({ x, y, tint, layer: i % 3, page: i % 4 }), vx, vy, spin);
  });
}

export function sumOf(motes: readonly Mote<Shown>[]): number {
  let total = 0;
  for (const { shown } of motes) total += shown.x + shown.rotation;
  return total;
}
