// A world that keeps making garbage: 10,000 entities beside a level that stays. Each frame every entity gets a new
// position, one in four a contact whose normal sets velocities in a second pass, and some are replaced.

const SIZE = 1000;
const TRAIL_LENGTH = 8;

class Position {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}

class Entity {
  constructor(position, vx, vy, trail) {
    this.position = position;
    this.vx = vx;
    this.vy = vy;
    this.hp = 100;
    this.trail = trail;
  }
}

class Contact {
  constructor(entity, nx, ny) {
    this.entity = entity;
    this.nx = nx;
    this.ny = ny;
  }
}

class Tile {
  constructor(x, y, kind, variant, north, west) {
    this.x = x;
    this.y = y;
    this.height = 0;
    this.kind = kind;
    this.cost = 1;
    this.light = 0.5;
    this.variant = variant;
    this.north = north;
    this.west = west;
  }
}

export class World {
  entities = [];
  level = [];
  #seed = 42;

  constructor(entities, tiles, width) {
    for (let i = 0; i < entities; i++) this.entities.push(this.#newEntity());
    for (let i = 0; i < tiles; i++) {
      const column = i % width;
      const north = i < width ? null : this.level[i - width];
      const west = column === 0 ? null : this.level[i - 1];
      this.level.push(new Tile(column, Math.floor(i / width), i % 7, i % 3, north, west));
    }
  }

  frame(time) {
    this.#move(time);
    resolve(this.#findContacts(time));
    this.#replace(Math.floor(this.entities.length / 100));
  }

  checksum() {
    let sum = 0;
    for (const e of this.entities) sum = sum + e.position.x + e.position.y + e.hp + e.trail[3].x;
    return sum;
  }

  // The same sequence in every language: 31 bits of a linear congruence.
  #draw() {
    this.#seed = (Math.imul(this.#seed, 1103515245) + 12345) & 2147483647;
    return this.#seed;
  }

  #drawUnit() {
    return this.#draw() / 2147483648;
  }

  #newEntity() {
    const x = SIZE * this.#drawUnit();
    const y = SIZE * this.#drawUnit();
    const vx = this.#drawUnit() - 0.5;
    const vy = this.#drawUnit() - 0.5;
    const position = new Position(x, y);
    const trail = [];
    for (let i = 0; i < TRAIL_LENGTH; i++) trail.push(position);
    return new Entity(position, vx, vy, trail);
  }

  #move(time) {
    for (const e of this.entities) {
      const here = e.position;
      let x = here.x + e.vx;
      let y = here.y + e.vy;
      if (x < 0 || x > SIZE) {
        e.vx = -e.vx;
        x = here.x;
      }
      if (y < 0 || y > SIZE) {
        e.vy = -e.vy;
        y = here.y;
      }
      e.trail[time % TRAIL_LENGTH] = here;
      e.position = new Position(x, y);
    }
  }

  #findContacts(time) {
    const contacts = [];
    const { entities } = this;
    for (let i = time % 4; i < entities.length; i += 4) {
      const e = entities[i];
      const dx = e.position.x - 0.5 * SIZE;
      const dy = e.position.y - 0.5 * SIZE;
      const distance = 0.001 + Math.sqrt(dx * dx + dy * dy);
      contacts.push(new Contact(e, dx / distance, dy / distance));
    }
    return contacts;
  }

  #replace(count) {
    for (let i = 0; i < count; i++) {
      const index = this.#draw() % this.entities.length;
      this.entities[index] = this.#newEntity();
    }
  }
}

function resolve(contacts) {
  for (const { entity, nx, ny } of contacts) {
    const along = entity.vx * nx + entity.vy * ny;
    if (along < 0) {
      entity.vx -= 0.1 * along * nx;
      entity.vy -= 0.1 * along * ny;
      entity.hp -= 1;
    }
  }
}
