// Balls that move in a box and count how often they meet a wall.
import { Random } from './core.js';

const LIMIT = 500;

class Ball {
  constructor(random) {
    this.x = random.next() % LIMIT;
    this.y = random.next() % LIMIT;
    this.vx = (random.next() % 300) - 150;
    this.vy = (random.next() % 300) - 150;
  }

  /** Moves, and is true where it met a wall. */
  bounce() {
    let bounced = false;
    this.x += this.vx;
    this.y += this.vy;
    if (this.x > LIMIT) {
      this.x = LIMIT;
      this.vx = -Math.abs(this.vx);
      bounced = true;
    }
    if (this.x < 0) {
      this.x = 0;
      this.vx = Math.abs(this.vx);
      bounced = true;
    }
    if (this.y > LIMIT) {
      this.y = LIMIT;
      this.vy = -Math.abs(this.vy);
      bounced = true;
    }
    if (this.y < 0) {
      this.y = 0;
      this.vy = Math.abs(this.vy);
      bounced = true;
    }
    return bounced;
  }
}

function bounces() {
  const random = new Random();
  const balls = new Array(100);
  for (let i = 0; i < balls.length; i++) balls[i] = new Ball(random);
  let count = 0;
  for (let i = 0; i < 50; i++) {
    for (const ball of balls) if (ball.bounce()) count += 1;
  }
  return count;
}

export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += bounces();
  return sum;
}
