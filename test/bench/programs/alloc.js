// Objects with four numbers, or with seven small integers, of which one in a thousand is kept until the end.

class Particle {
  constructor(id, x, y, z) {
    this.id = id;
    this.x = x;
    this.y = y;
    this.z = z;
  }
}

class Record {
  constructor(a, b, c, d, e, f, g) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    this.e = e;
    this.f = f;
    this.g = g;
  }
}

export function particles(count) {
  const kept = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const x = i + 0.5;
    const particle = new Particle(i, x, x - 1, x - 2);
    if (i === next) {
      kept.push(particle);
      next += 1000;
    }
  }
  let sum = 0;
  for (const particle of kept) sum += particle.x + particle.y + particle.z + particle.id;
  return sum;
}

export function records(count) {
  const kept = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const record = new Record(i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6);
    if (i === next) {
      kept.push(record);
      next += 1000;
    }
  }
  let sum = 0;
  for (const record of kept) sum += record.a + record.g;
  return sum;
}
