/**
 * The circles of `programs/circles.slu` as a TypeScript programmer would write it: classes with numbers in them, flat typed arrays
 * for the grid and for what is drawn, everything else plain objects that V8 collects. It keeps to the script's
 * structure, order and constants, so that both do the same work on the same bodies.
 */
import { SeededRandom } from './seeded-random.ts';

const WIDTH = 960;
const HEIGHT = 600;
const MOST_BODIES = 10_000;
const GRAVITY = 160;
const TURN = 0.19;
const BOUNCE = 0.35;
const BOUNCE_FROM = 40;
const CORRECTION = 0.8;

class Body {
  x: number;
  y: number;
  vx: number;
  vy: number;
  radius: number;
  readonly size: number;
  readonly inverseMass: number;

  constructor(x: number, y: number, vx: number, vy: number, radius: number, size: number) {
    this.x = x;
    this.y = y;
    this.vx = vx;
    this.vy = vy;
    this.radius = radius;
    this.size = size;
    this.inverseMass = 1 / (size * size);
  }
}

/** Two bodies that overlap. The normal points from a to b. */
class Contact {
  readonly a: Body;
  readonly b: Body;
  readonly nx: number;
  readonly ny: number;
  readonly depth: number;

  constructor(a: Body, b: Body, nx: number, ny: number, depth: number) {
    this.a = a;
    this.b = b;
    this.nx = nx;
    this.ny = ny;
    this.depth = depth;
  }
}

class Impulse {
  readonly contact: Contact;
  readonly push: number;
  readonly shift: number;

  constructor(contact: Contact, push: number, shift: number) {
    this.contact = contact;
    this.push = push;
    this.shift = shift;
  }
}

class Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;

  constructor(red: number, green: number, blue: number) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }
}

const SLOW = new Color(46, 88, 148);
const BRISK = new Color(73, 190, 183);
const FAST = new Color(255, 196, 107);

/** Sine and cosine that are the same bits as the script's, so that both simulations stay the same for ever. */
export interface Circular {
  sine(x: number): number;
  cosine(x: number): number;
}

/** Numbers of a drawn circle: x, y, radius, tint. */
const CIRCLE = 4;

export class Physics {
  readonly bodies: Body[] = [];
  readonly circles = new Float32Array(MOST_BODIES * CIRCLE);
  /** Contacts found in the last frame. */
  contacts = 0;
  readonly #random = new SeededRandom(7n);
  readonly #circular: Circular;
  #unit = 1;
  #time = 0;
  #cell = 1;
  #columns = 0;
  #rows = 0;
  #firstIn = new Int32Array(0);
  #nextIn = new Int32Array(0);

  constructor(count: number, circular: Circular) {
    this.#circular = circular;
    this.setBodyCount(count);
  }

  /** One frame of `dt` seconds. */
  frame(dt: number): void {
    const step = Math.min(dt, 0.034);
    this.#time += step;
    this.#moveBodies(step);
    const contacts = this.#findContacts();
    this.contacts = contacts.length;
    applyImpulses(this.#solveContacts(contacts));
    this.#keepInside();
    this.#drawBodies();
  }

  setBodyCount(wanted: number): void {
    const count = Math.max(1, Math.min(MOST_BODIES, wanted));
    this.#unit = Math.sqrt((0.42 * WIDTH * HEIGHT) / (3.3 * count));
    while (this.bodies.length < count) this.bodies.push(this.#newBody());
    this.bodies.length = count;
    for (const body of this.bodies) body.radius = this.#unit * body.size;
    this.#cell = 2.8 * this.#unit;
    this.#columns = Math.trunc(1 + WIDTH / this.#cell);
    this.#rows = Math.trunc(1 + HEIGHT / this.#cell);
    this.#firstIn = new Int32Array(this.#columns * this.#rows);
    this.#nextIn = new Int32Array(count);
    this.#keepInside();
    this.#drawBodies();
  }

  #newBody(): Body {
    const between = (low: number, high: number) => low + (high - low) * this.#random.next();
    const size = between(0.6, 1.4);
    const x = between(0, WIDTH);
    const y = between(0, HEIGHT);
    return new Body(x, y, between(-100, 100), between(-100, 100), this.#unit, size);
  }

  #moveBodies(dt: number): void {
    const angle = TURN * this.#time;
    const gx = GRAVITY * this.#circular.sine(angle) * dt;
    const gy = GRAVITY * this.#circular.cosine(angle) * dt;
    for (const body of this.bodies) {
      body.vx = 0.999 * (body.vx + gx);
      body.vy = 0.999 * (body.vy + gy);
      body.x += dt * body.vx;
      body.y += dt * body.vy;
    }
  }

  #keepInside(): void {
    for (const body of this.bodies) {
      const { radius } = body;
      const right = WIDTH - radius;
      const bottom = HEIGHT - radius;
      if (body.x < radius) {
        body.x = radius;
        body.vx = Math.abs(0.5 * body.vx);
      }
      if (body.x > right) {
        body.x = right;
        body.vx = -Math.abs(0.5 * body.vx);
      }
      if (body.y < radius) {
        body.y = radius;
        body.vy = Math.abs(0.5 * body.vy);
      }
      if (body.y > bottom) {
        body.y = bottom;
        body.vy = -Math.abs(0.5 * body.vy);
      }
    }
  }

  #findContacts(): Contact[] {
    const contacts: Contact[] = [];
    const { bodies } = this;
    const firstIn = this.#firstIn;
    const nextIn = this.#nextIn;
    const columns = this.#columns;
    const rows = this.#rows;
    const cell = this.#cell;
    firstIn.fill(-1);
    for (let i = 0; i < bodies.length; i++) {
      const b = bodies[i] as Body;
      const column = Math.max(0, Math.min(columns - 1, Math.trunc(b.x / cell)));
      const row = Math.max(0, Math.min(rows - 1, Math.trunc(b.y / cell)));
      const lastRow = Math.min(row + 1, rows - 1);
      const lastColumn = Math.min(column + 1, columns - 1);
      for (let r = Math.max(row - 1, 0); r <= lastRow; r++) {
        for (let c = Math.max(column - 1, 0); c <= lastColumn; c++) {
          for (let j = firstIn[c + r * columns] as number; j >= 0; j = nextIn[j] as number) {
            const a = bodies[j] as Body;
            const dx = b.x - a.x;
            const dy = b.y - a.y;
            const reach = a.radius + b.radius;
            const square = dx * dx + dy * dy;
            if (square < reach * reach && square > 0.000001) {
              const distance = Math.sqrt(square);
              contacts.push(new Contact(a, b, dx / distance, dy / distance, reach - distance));
            }
          }
        }
      }
      const own = column + row * columns;
      nextIn[i] = firstIn[own] as number;
      firstIn[own] = i;
    }
    return contacts;
  }

  #solveContacts(contacts: readonly Contact[]): Impulse[] {
    const impulses: Impulse[] = [];
    const slack = 0.02 * this.#unit;
    for (const contact of contacts) {
      const { a, b } = contact;
      const closing = (a.vx - b.vx) * contact.nx + (a.vy - b.vy) * contact.ny;
      const mass = 1 / (a.inverseMass + b.inverseMass);
      const bounce = closing > BOUNCE_FROM ? BOUNCE : 0;
      const push = (1 + bounce) * mass * Math.max(0, closing);
      const shift = CORRECTION * mass * Math.max(0, contact.depth - slack);
      impulses.push(new Impulse(contact, push, shift));
    }
    return impulses;
  }

  #drawBodies(): void {
    const { bodies, circles } = this;
    for (let i = 0; i < bodies.length; i++) {
      const body = bodies[i] as Body;
      const at = i * CIRCLE;
      circles[at] = body.x;
      circles[at + 1] = body.y;
      circles[at + 2] = body.radius;
      circles[at + 3] = tint(colorOf(body));
    }
  }
}

function applyImpulses(impulses: readonly Impulse[]): void {
  for (const { contact, push, shift } of impulses) {
    strike(contact.a, -push, -shift, contact.nx, contact.ny);
    strike(contact.b, push, shift, contact.nx, contact.ny);
  }
}

function strike(body: Body, push: number, shift: number, nx: number, ny: number): void {
  const v = push * body.inverseMass;
  const d = shift * body.inverseMass;
  body.vx += v * nx;
  body.vy += v * ny;
  body.x += d * nx;
  body.y += d * ny;
}

function colorOf(body: Body): Color {
  const heat = Math.min(2, Math.sqrt(body.vx * body.vx + body.vy * body.vy) / 210);
  return heat < 1 ? blend(SLOW, BRISK, heat) : blend(BRISK, FAST, heat - 1);
}

function blend(a: Color, b: Color, t: number): Color {
  return new Color(
    a.red + t * (b.red - a.red),
    a.green + t * (b.green - a.green),
    a.blue + t * (b.blue - a.blue),
  );
}

function tint({ red, green, blue }: Color): number {
  return 65536 * Math.floor(red) + 256 * Math.floor(green) + Math.floor(blue);
}
