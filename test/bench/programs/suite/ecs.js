// 100,000 entities of components: position, velocity, sprite. Moved, kept in the world and animated in each frame.
import { Random } from './core.js';

const WIDTH = 1920;
const HEIGHT = 1080;
const DT = 1 / 60;
const FRAMES_OF_SPRITE = 8;

/** Components in columns. */
class World {
  constructor(count) {
    this.count = count;
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.vx = new Float64Array(count);
    this.vy = new Float64Array(count);
    this.frame = new Int32Array(count);
    this.elapsed = new Float64Array(count);
    this.interval = new Float64Array(count);
    const random = new Random();
    for (let i = 0; i < count; i++) {
      this.x[i] = random.next() % WIDTH;
      this.y[i] = random.next() % HEIGHT;
      this.vx[i] = (random.next() % 400) - 200;
      this.vy[i] = (random.next() % 400) - 200;
      this.frame[i] = random.next() % FRAMES_OF_SPRITE;
      this.interval[i] = 0.05 + (random.next() % 100) / 1000;
    }
  }

  update(dt) {
    this.move(dt);
    this.bounce();
    this.animate(dt);
  }

  move(dt) {
    const { x, y, vx, vy, count } = this;
    for (let i = 0; i < count; i++) {
      x[i] += vx[i] * dt;
      y[i] += vy[i] * dt;
    }
  }

  bounce() {
    const { x, y, vx, vy, count } = this;
    for (let i = 0; i < count; i++) {
      if (x[i] < 0) {
        x[i] = 0;
        vx[i] = Math.abs(vx[i]);
      } else if (x[i] > WIDTH) {
        x[i] = WIDTH;
        vx[i] = -Math.abs(vx[i]);
      }
      if (y[i] < 0) {
        y[i] = 0;
        vy[i] = Math.abs(vy[i]);
      } else if (y[i] > HEIGHT) {
        y[i] = HEIGHT;
        vy[i] = -Math.abs(vy[i]);
      }
    }
  }

  animate(dt) {
    const { frame, elapsed, interval, count } = this;
    for (let i = 0; i < count; i++) {
      elapsed[i] += dt;
      if (elapsed[i] >= interval[i]) {
        elapsed[i] -= interval[i];
        frame[i] = frame[i] === FRAMES_OF_SPRITE - 1 ? 0 : frame[i] + 1;
      }
    }
  }

  checksum() {
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.x[i] + this.y[i] + this.frame[i];
    return sum;
  }
}

/** Depends on where all entities are after so many frames, and on what they show. */
export function run(frames) {
  const world = new World(100_000);
  for (let i = 0; i < frames; i++) world.update(DT);
  return world.checksum();
}
