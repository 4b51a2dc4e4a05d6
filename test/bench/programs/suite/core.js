// The set's own collections and its random numbers, as its rules want them: classes over plain arrays, the same in each language.

const INITIAL_SIZE = 10;

/** 16 bits of a linear congruence. */
export class Random {
  constructor() {
    this.seed = 74755;
  }

  next() {
    this.seed = (this.seed * 1309 + 13849) & 65535;
    return this.seed;
  }
}

/** Grows at its end, shrinks at both. */
export class Vector {
  static with(element) {
    const vector = new Vector(1);
    vector.append(element);
    return vector;
  }

  constructor(size = 0) {
    this.storage = size === 0 ? null : new Array(size);
    this.firstIndex = 0;
    this.lastIndex = 0;
  }

  at(index) {
    if (this.storage === null || index >= this.storage.length) return null;
    return this.storage[index];
  }

  append(element) {
    if (this.storage === null) {
      this.storage = new Array(INITIAL_SIZE);
    } else if (this.lastIndex >= this.storage.length) {
      const grown = new Array(2 * this.storage.length);
      for (let i = 0; i < this.lastIndex; i++) grown[i] = this.storage[i];
      this.storage = grown;
    }
    this.storage[this.lastIndex] = element;
    this.lastIndex += 1;
  }

  isEmpty() {
    return this.lastIndex === this.firstIndex;
  }

  size() {
    return this.lastIndex - this.firstIndex;
  }

  forEach(visit) {
    for (let i = this.firstIndex; i < this.lastIndex; i++) visit(this.storage[i]);
  }

  hasSome(holds) {
    for (let i = this.firstIndex; i < this.lastIndex; i++) if (holds(this.storage[i])) return true;
    return false;
  }

  removeFirst() {
    if (this.isEmpty()) return null;
    this.firstIndex += 1;
    return this.storage[this.firstIndex - 1];
  }

  /** False where the element is not there. */
  remove(element) {
    if (this.isEmpty()) return false;
    const kept = new Array(this.storage.length);
    let last = 0;
    let found = false;
    this.forEach((it) => {
      if (it === element) {
        found = true;
      } else {
        kept[last] = it;
        last += 1;
      }
    });
    this.storage = kept;
    this.firstIndex = 0;
    this.lastIndex = last;
    return found;
  }

  removeAll() {
    this.firstIndex = 0;
    this.lastIndex = 0;
    if (this.storage !== null) this.storage = new Array(this.storage.length);
  }

  /** Equal elements keep their order. */
  sort(compare) {
    if (this.isEmpty()) return;
    this.storage = this.storage.slice(this.firstIndex, this.lastIndex).sort(compare);
    this.lastIndex = this.storage.length;
    this.firstIndex = 0;
  }
}

/** Elements, each once, by identity. */
export class IdentitySet {
  constructor() {
    this.items = new Vector(INITIAL_SIZE);
  }

  add(item) {
    if (!this.contains(item)) this.items.append(item);
  }

  contains(item) {
    return this.items.hasSome((it) => it === item);
  }

  size() {
    return this.items.size();
  }

  forEach(visit) {
    this.items.forEach(visit);
  }
}

class Entry {
  constructor(hash, key, value, next) {
    this.hash = hash;
    this.key = key;
    this.value = value;
    this.next = next;
  }
}

/** A hash table with chains, whose keys say their hash themselves and are told apart by identity. */
export class IdentityDictionary {
  constructor() {
    this.buckets = new Array(16).fill(null);
    this.count = 0;
  }

  at(key) {
    const hash = spread(key.hashCode());
    let entry = this.buckets[hash & (this.buckets.length - 1)];
    while (entry !== null) {
      if (entry.hash === hash && entry.key === key) return entry.value;
      entry = entry.next;
    }
    return null;
  }

  atPut(key, value) {
    const hash = spread(key.hashCode());
    const index = hash & (this.buckets.length - 1);
    let entry = this.buckets[index];
    while (entry !== null) {
      if (entry.hash === hash && entry.key === key) {
        entry.value = value;
        return;
      }
      entry = entry.next;
    }
    this.buckets[index] = new Entry(hash, key, value, this.buckets[index]);
    this.count += 1;
    if (this.count > this.buckets.length) this.grow();
  }

  removeAll() {
    this.buckets = new Array(this.buckets.length).fill(null);
    this.count = 0;
  }

  grow() {
    const old = this.buckets;
    this.buckets = new Array(2 * old.length).fill(null);
    for (let first of old) {
      while (first !== null) {
        const entry = first;
        first = entry.next;
        const index = entry.hash & (this.buckets.length - 1);
        entry.next = this.buckets[index];
        this.buckets[index] = entry;
      }
    }
  }
}

function spread(hash) {
  return hash ^ (hash >>> 16);
}
