// Aircraft that fly and are checked for collisions in each frame, through a map of the space that they cross.
import { Vector } from './core.js';
import { RedBlackTree } from './red-black-tree.js';

const MIN_X = 0;
const MIN_Y = 0;
const MAX_X = 1000;
const MAX_Y = 1000;
const MIN_Z = 0;
const MAX_Z = 10;
const PROXIMITY_RADIUS = 1;
const VOXEL_SIZE = 2 * PROXIMITY_RADIUS;

function compareNumbers(a, b) {
  if (a === b) return 0;
  if (a < b) return -1;
  if (a > b) return 1;
  // What is not a number comes first.
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
}

class Vector2D {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  plus(other) {
    return new Vector2D(this.x + other.x, this.y + other.y);
  }

  minus(other) {
    return new Vector2D(this.x - other.x, this.y - other.y);
  }

  compareTo(other) {
    const byX = compareNumbers(this.x, other.x);
    return byX !== 0 ? byX : compareNumbers(this.y, other.y);
  }
}

class Vector3D {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }

  plus(other) {
    return new Vector3D(this.x + other.x, this.y + other.y, this.z + other.z);
  }

  minus(other) {
    return new Vector3D(this.x - other.x, this.y - other.y, this.z - other.z);
  }

  times(amount) {
    return new Vector3D(this.x * amount, this.y * amount, this.z * amount);
  }

  dot(other) {
    return this.x * other.x + this.y * other.y + this.z * other.z;
  }

  squaredMagnitude() {
    return this.dot(this);
  }

  magnitude() {
    return Math.sqrt(this.squaredMagnitude());
  }
}

// -- Aircraft

class CallSign {
  constructor(value) {
    this.value = value;
  }

  compareTo(other) {
    return this.value === other.value ? 0 : this.value < other.value ? -1 : 1;
  }
}

class Aircraft {
  constructor(callsign, position) {
    this.callsign = callsign;
    this.position = position;
  }
}

class Collision {
  constructor(a, b, position) {
    this.a = a;
    this.b = b;
    this.position = position;
  }
}

class Simulator {
  constructor(count) {
    this.aircraft = new Vector();
    for (let i = 0; i < count; i++) this.aircraft.append(new CallSign(i));
  }

  simulate(time) {
    const frame = new Vector();
    for (let i = 0; i < this.aircraft.size(); i += 2) {
      const y = i * 3;
      frame.append(new Aircraft(this.aircraft.at(i), new Vector3D(time, Math.cos(time) * 2 + y, 10)));
      frame.append(new Aircraft(this.aircraft.at(i + 1), new Vector3D(time, Math.sin(time) * 2 + y, 10)));
    }
    return frame;
  }
}

class Motion {
  constructor(callsign, from, to) {
    this.callsign = callsign;
    this.from = from;
    this.to = to;
  }

  delta() {
    return this.to.minus(this.from);
  }

  /** Where this comes too near to the other, or null. */
  findIntersection(other) {
    const radius = PROXIMITY_RADIUS;
    const from1 = this.from;
    const from2 = other.from;
    const vec1 = this.delta();
    const vec2 = other.delta();

    // The distance is a parabola over the time, which goes from 0 to 1.
    const a = vec2.minus(vec1).squaredMagnitude();
    if (a === 0) {
      // Both move alike.
      const distance = from2.minus(from1).magnitude();
      return distance <= radius ? from1.plus(from2).times(0.5) : null;
    }
    const b = 2 * from1.minus(from2).dot(vec1.minus(vec2));
    const c = -radius * radius + from2.minus(from1).squaredMagnitude();
    const discriminant = b * b - 4 * a * c;
    if (discriminant < 0) return null;
    const v1 = (-b - Math.sqrt(discriminant)) / (2 * a);
    const v2 = (-b + Math.sqrt(discriminant)) / (2 * a);
    if (v1 <= v2 && ((v1 <= 1 && v2 >= 1) || (v1 <= 0 && v2 >= 0) || (v1 >= 0 && v2 <= 1))) {
      const v = Math.max(v1, 0);
      const at1 = from1.plus(vec1.times(v));
      const at2 = from2.plus(vec2.times(v));
      const at = at1.plus(at2).times(0.5);
      if (at.x >= MIN_X && at.x <= MAX_X && at.y >= MIN_Y && at.y <= MAX_Y && at.z >= MIN_Z && at.z <= MAX_Z)
        return at;
    }
    return null;
  }
}

// -- Detection

const horizontal = new Vector2D(VOXEL_SIZE, 0);
const vertical = new Vector2D(0, VOXEL_SIZE);

class CollisionDetector {
  constructor() {
    this.state = new RedBlackTree();
  }

  handleNewFrame(frame) {
    const motions = new Vector();
    const seen = new RedBlackTree();
    frame.forEach(({ callsign, position }) => {
      const old = this.state.put(callsign, position);
      seen.put(callsign, true);
      motions.append(new Motion(callsign, old === null ? position : old, position));
    });

    // Aircraft that are gone.
    const gone = new Vector();
    this.state.forEach((entry) => {
      if (!seen.get(entry.key)) gone.append(entry.key);
    });
    gone.forEach((callsign) => {
      this.state.remove(callsign);
    });

    const collisions = new Vector();
    reduceCollisionSet(motions).forEach((group) => {
      for (let i = 0; i < group.size(); i++) {
        const a = group.at(i);
        for (let j = i + 1; j < group.size(); j++) {
          const b = group.at(j);
          const at = a.findIntersection(b);
          if (at !== null) collisions.append(new Collision(a.callsign, b.callsign, at));
        }
      }
    });
    return collisions;
  }
}

/** The motions that cross a voxel together. */
function reduceCollisionSet(motions) {
  const voxels = new RedBlackTree();
  motions.forEach((motion) => {
    recurse(voxels, new RedBlackTree(), voxelOf(motion.from), motion);
  });
  const result = new Vector();
  voxels.forEach((entry) => {
    if (entry.value.size() > 1) result.append(entry.value);
  });
  return result;
}

function voxelOf(position) {
  let x = VOXEL_SIZE * Math.trunc(position.x / VOXEL_SIZE);
  let y = VOXEL_SIZE * Math.trunc(position.y / VOXEL_SIZE);
  if (position.x < 0) x -= VOXEL_SIZE;
  if (position.y < 0) y -= VOXEL_SIZE;
  return new Vector2D(x, y);
}

function recurse(voxels, seen, voxel, motion) {
  if (!isInVoxel(voxel, motion)) return;
  if (seen.put(voxel, true) === true) return;
  putIntoMap(voxels, voxel, motion);
  recurse(voxels, seen, voxel.minus(horizontal), motion);
  recurse(voxels, seen, voxel.plus(horizontal), motion);
  recurse(voxels, seen, voxel.minus(vertical), motion);
  recurse(voxels, seen, voxel.plus(vertical), motion);
  recurse(voxels, seen, voxel.minus(horizontal).minus(vertical), motion);
  recurse(voxels, seen, voxel.minus(horizontal).plus(vertical), motion);
  recurse(voxels, seen, voxel.plus(horizontal).minus(vertical), motion);
  recurse(voxels, seen, voxel.plus(horizontal).plus(vertical), motion);
}

function putIntoMap(voxels, voxel, motion) {
  let motions = voxels.get(voxel);
  if (motions === null) {
    motions = new Vector();
    voxels.put(voxel, motions);
  }
  motions.append(motion);
}

function isInVoxel(voxel, motion) {
  if (voxel.x > MAX_X || voxel.x < MIN_X || voxel.y > MAX_Y || voxel.y < MIN_Y) return false;
  const { from, to } = motion;
  const radius = PROXIMITY_RADIUS / 2;

  const vx = voxel.x;
  const x0 = from.x;
  const xv = to.x - from.x;
  let lowX = (vx - radius - x0) / xv;
  let highX = (vx + VOXEL_SIZE + radius - x0) / xv;
  if (xv < 0) {
    const kept = lowX;
    lowX = highX;
    highX = kept;
  }

  const vy = voxel.y;
  const y0 = from.y;
  const yv = to.y - from.y;
  let lowY = (vy - radius - y0) / yv;
  let highY = (vy + VOXEL_SIZE + radius - y0) / yv;
  if (yv < 0) {
    const kept = lowY;
    lowY = highY;
    highY = kept;
  }

  return (
    ((xv === 0 && vx <= x0 + radius && x0 - radius <= vx + VOXEL_SIZE) || meetsTime(lowX, highX)) &&
    ((yv === 0 && vy <= y0 + radius && y0 - radius <= vy + VOXEL_SIZE) || meetsTime(lowY, highY)) &&
    (xv === 0 ||
      yv === 0 ||
      (lowY <= highX && highX <= highY) ||
      (lowY <= lowX && lowX <= highY) ||
      (lowX <= lowY && highY <= highX))
  );
}

/** Whether the times from `low` to `high` have any in common with those from 0 to 1. */
function meetsTime(low, high) {
  return (low <= 1 && high >= 1) || (low <= 0 && high >= 0) || (low >= 0 && high <= 1);
}

/** The collisions in 200 frames. */
export function run(aircraft) {
  const simulator = new Simulator(aircraft);
  const detector = new CollisionDetector();
  let sum = 0;
  for (let i = 0; i < 200; i++) sum += detector.handleNewFrame(simulator.simulate(i / 10)).size();
  return sum;
}
