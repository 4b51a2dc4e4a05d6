// A cell of the matrix: so many sparks are made in each frame, beside a level of so many tiles that stay. One spark in eight
// lives for ten frames, one in a thousand goes into the level, and the rest is gone when the frame is.

class Spark {
  constructor(x, y, heat, kind) {
    this.x = x;
    this.y = y;
    this.heat = heat;
    this.kind = kind;
  }
}

class Tile {
  constructor(spark, x, y, kind) {
    this.spark = spark;
    this.x = x;
    this.y = y;
    this.light = 0.5;
    this.kind = kind;
  }
}

export class World {
  /** Sparks of which the newest frame shows some. */
  shown = [];
  #level = [];
  #kept = [];
  #sparks;
  #sum = 0;

  constructor(sparks, tiles) {
    this.#sparks = sparks;
    for (let i = 0; i < tiles; i++) {
      const x = i % 1000;
      const y = Math.floor(i / 1000);
      this.#level.push(new Tile(new Spark(x, y, 0, 0), x, y, i % 7));
    }
    for (let i = 0; i < 10; i++) this.#kept.push([]);
  }

  frame(time) {
    const slot = this.#nextSlot(time);
    const level = this.#level;
    const sparks = this.#throwSparks(time);
    for (let i = 0; i < sparks.length; i++) {
      const spark = sparks[i];
      if ((i & 7) === 0) slot.push(spark);
      if (i % 1000 === 0) level[(i * 17 + time) % level.length].spark = spark;
    }
    this.shown = slot;
  }

  checksum() {
    return this.#sum;
  }

  #throwSparks(time) {
    const sparks = [];
    const level = this.#level;
    for (let i = 0; i < this.#sparks; i++) {
      const tile = level[(i * 31 + time) % level.length];
      const old = tile.spark;
      sparks.push(new Spark(0.5 * old.x + 0.5 * tile.x, tile.y, old.heat + 0.125, tile.kind));
    }
    return sparks;
  }

  // What the next ten frames remember.
  #nextSlot(time) {
    const slot = this.#kept[time % 10];
    for (const { x, heat } of slot) this.#sum = this.#sum + x + heat;
    slot.length = 0;
    return slot;
  }
}
