// 200,000 particles: gravity and drag move them, and each begins anew when its life is over.
import { Random } from './core.js';

const COUNT = 200_000;
const DT = Math.fround(1 / 60);
const DRAG = Math.fround(0.995);
const FALL = Math.fround(Math.fround(9.81) * DT);

class Particles {
  constructor() {
    this.random = new Random();
    this.x = new Float32Array(COUNT);
    this.y = new Float32Array(COUNT);
    this.vx = new Float32Array(COUNT);
    this.vy = new Float32Array(COUNT);
    this.life = new Float32Array(COUNT);
    this.born = 0;
    for (let i = 0; i < COUNT; i++) this.emit(i);
  }

  /** From 0 up to, not including, 1. */
  draw() {
    return Math.fround(this.random.next() / 65536);
  }

  emit(i) {
    this.x[i] = 0;
    this.y[i] = 0;
    this.vx[i] = this.draw() * 8 - 4;
    this.vy[i] = this.draw() * 8;
    this.life[i] = this.draw() * 2 + 0.5;
    this.born += 1;
  }

  // In float32 throughout, which V8 then computes in.
  update() {
    const { x, y, vx, vy, life } = this;
    for (let i = 0; i < COUNT; i++) {
      const dx = Math.fround(vx[i] * DRAG);
      const dy = Math.fround(Math.fround(vy[i] - FALL) * DRAG);
      vx[i] = dx;
      vy[i] = dy;
      x[i] += Math.fround(dx * DT);
      y[i] += Math.fround(dy * DT);
      life[i] -= DT;
    }
    for (let i = 0; i < COUNT; i++) if (life[i] <= 0) this.emit(i);
  }

  checksum() {
    let sum = 0;
    for (let i = 0; i < COUNT; i++) sum += this.x[i] + this.y[i] + this.life[i];
    return sum + this.born;
  }
}

/** Depends on where all particles are after so many frames, and on how many there have been. */
export function run(frames) {
  const particles = new Particles();
  for (let i = 0; i < frames; i++) particles.update();
  return particles.checksum();
}
