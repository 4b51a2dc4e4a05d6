// The sun and the four large planets, drawn by one another.

const SOLAR_MASS = 4 * Math.PI * Math.PI;
const DAYS = 365.24;

class Body {
  constructor(x, y, z, vx, vy, vz, mass) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.vx = vx * DAYS;
    this.vy = vy * DAYS;
    this.vz = vz * DAYS;
    this.mass = mass * SOLAR_MASS;
  }
}

function sun() {
  return new Body(0, 0, 0, 0, 0, 0, 1);
}

function jupiter() {
  return new Body(
    4.841431442464721,
    -1.1603200440274284,
    -0.10362204447112311,
    0.001660076642744037,
    0.007699011184197404,
    -0.0000690460016972063,
    0.0009547919384243266,
  );
}

function saturn() {
  return new Body(
    8.34336671824458,
    4.124798564124305,
    -0.4035234171143214,
    -0.002767425107268624,
    0.004998528012349172,
    0.000023041729757376393,
    0.0002858859806661308,
  );
}

function uranus() {
  return new Body(
    12.894369562139131,
    -15.111151401698631,
    -0.22330757889265573,
    0.002964601375647616,
    0.0023784717395948095,
    -0.000029658956854023756,
    0.00004366244043351563,
  );
}

function neptune() {
  return new Body(
    15.379697114850917,
    -25.919314609987964,
    0.17925877295037118,
    0.0026806777249038932,
    0.001628241700382423,
    -0.00009515922545197159,
    0.000051513890204661145,
  );
}

class System {
  constructor() {
    this.bodies = [sun(), jupiter(), saturn(), uranus(), neptune()];
    let px = 0;
    let py = 0;
    let pz = 0;
    for (const b of this.bodies) {
      px += b.vx * b.mass;
      py += b.vy * b.mass;
      pz += b.vz * b.mass;
    }
    // The sun moves so that the whole stays where it is.
    const [center] = this.bodies;
    center.vx = 0 - px / SOLAR_MASS;
    center.vy = 0 - py / SOLAR_MASS;
    center.vz = 0 - pz / SOLAR_MASS;
  }

  advance(dt) {
    const { bodies } = this;
    for (let i = 0; i < bodies.length; i++) {
      const a = bodies[i];
      for (let j = i + 1; j < bodies.length; j++) {
        const b = bodies[j];
        const dx = a.x - b.x;
        const dy = a.y - b.y;
        const dz = a.z - b.z;
        const square = dx * dx + dy * dy + dz * dz;
        const pull = dt / (square * Math.sqrt(square));
        a.vx -= dx * b.mass * pull;
        a.vy -= dy * b.mass * pull;
        a.vz -= dz * b.mass * pull;
        b.vx += dx * a.mass * pull;
        b.vy += dy * a.mass * pull;
        b.vz += dz * a.mass * pull;
      }
    }
    for (const b of bodies) {
      b.x += dt * b.vx;
      b.y += dt * b.vy;
      b.z += dt * b.vz;
    }
  }

  energy() {
    const { bodies } = this;
    let e = 0;
    for (let i = 0; i < bodies.length; i++) {
      const a = bodies[i];
      e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
      for (let j = i + 1; j < bodies.length; j++) {
        const b = bodies[j];
        const dx = a.x - b.x;
        const dy = a.y - b.y;
        const dz = a.z - b.z;
        e -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
      }
    }
    return e;
  }
}

/** The energy after so many steps. */
export function run(steps) {
  const system = new System();
  for (let i = 0; i < steps; i++) system.advance(0.01);
  return system.energy();
}
