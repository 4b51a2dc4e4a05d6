// As many objects as one likes, all of them alive until the function returns.

class Particle {
  constructor(id, x, y, z) {
    this.id = id;
    this.x = x;
    this.y = y;
    this.z = z;
  }
}

export function fill(count) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const x = i + 0.5;
    all.push(new Particle(i, x, x - 1, x - 2));
  }
  let sum = 0;
  for (const particle of all) sum += particle.x + particle.id;
  return sum;
}
