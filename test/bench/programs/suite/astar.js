// Ways through a map of 512 x 512 cells that cost from 1 to 9, or are walls: A* (Hart, Nilsson and Raphael, 1968) with a heap.
import { Random } from './core.js';

const SIZE = 512;
const CELLS = SIZE * SIZE;
const WALL = 0;
const UNREACHED = 0x7fffffff;

/** A binary heap of cells by priority. */
class Heap {
  constructor() {
    this.priorities = new Int32Array(4 * CELLS);
    this.cells = new Int32Array(4 * CELLS);
    this.size = 0;
  }

  push(cell, priority) {
    const { priorities, cells } = this;
    let at = this.size;
    this.size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (priorities[parent] <= priority) break;
      priorities[at] = priorities[parent];
      cells[at] = cells[parent];
      at = parent;
    }
    priorities[at] = priority;
    cells[at] = cell;
  }

  pop() {
    const { priorities, cells } = this;
    const top = cells[0];
    this.size -= 1;
    const { size } = this;
    const priority = priorities[size];
    const cell = cells[size];
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && priorities[child + 1] < priorities[child]) child += 1;
      if (priorities[child] >= priority) break;
      priorities[at] = priorities[child];
      cells[at] = cells[child];
      at = child;
    }
    priorities[at] = priority;
    cells[at] = cell;
    return top;
  }
}

class Terrain {
  constructor() {
    this.costs = new Uint8Array(CELLS);
    this.distances = new Int32Array(CELLS);
    this.closed = new Uint8Array(CELLS);
    this.open = new Heap();
    const random = new Random();
    for (let cell = 0; cell < CELLS; cell++) {
      const drawn = random.next() >> 4;
      // One cell in five is a wall, but not at the map's edge.
      const inside = cell % SIZE > 0 && cell % SIZE < SIZE - 1 && cell >= SIZE && cell < CELLS - SIZE;
      this.costs[cell] = inside && drawn % 5 === 0 ? WALL : 1 + (drawn % 9);
    }
  }

  /** The cost of the cheapest way. */
  find(start, goal) {
    const { distances, closed, open } = this;
    distances.fill(UNREACHED);
    closed.fill(0);
    open.size = 0;
    distances[start] = 0;
    open.push(start, estimate(start, goal));
    while (open.size > 0) {
      const cell = open.pop();
      if (cell === goal) return distances[cell];
      if (closed[cell] === 1) continue;
      closed[cell] = 1;
      const x = cell % SIZE;
      if (x > 0) this.reach(cell, cell - 1, goal);
      if (x < SIZE - 1) this.reach(cell, cell + 1, goal);
      if (cell >= SIZE) this.reach(cell, cell - SIZE, goal);
      if (cell < CELLS - SIZE) this.reach(cell, cell + SIZE, goal);
    }
    throw new Error('there is no way');
  }

  reach(from, to, goal) {
    const cost = this.costs[to];
    if (cost === WALL) return;
    const distance = this.distances[from] + cost;
    if (distance >= this.distances[to]) return;
    this.distances[to] = distance;
    this.open.push(to, distance + estimate(to, goal));
  }
}

/** No way is cheaper than that: each step costs at least 1. */
function estimate(from, to) {
  return Math.abs((from % SIZE) - (to % SIZE)) + Math.abs(((from / SIZE) | 0) - ((to / SIZE) | 0));
}

/** The cost of ways between places at the map's edge, of so many. */
export function run(ways) {
  const terrain = new Terrain();
  let sum = 0;
  for (let i = 0; i < ways; i++) {
    const start = (37 * i) % SIZE;
    const goal = CELLS - 1 - ((91 * i) % SIZE);
    sum += terrain.find(start, goal);
  }
  return sum;
}
