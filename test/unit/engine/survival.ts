/**
 * Games of every shape of survival, by chance: large and small things, that live for one frame or a hundred, of which one in so many
 * lives on, and of which there are now more and now less. A model knows what is reachable.
 */
import {
  BLOCK_SIZE,
  STATS_BLOCKS,
  STATS_BLOCKS_FREE,
  STATS_LARGE_BYTES,
  STATS_LIVE_BYTES,
} from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';
import { runSluice } from '../../bench/peers/sluice.ts';
import { simulatedDriver } from '../../bench/plots/simulation.ts';
import { Random } from '../../generated/random.ts';

export interface Lane {
  readonly kind: number;
  readonly size: number;
  /** Frames. */
  readonly lifetime: number;
  /** One in so many lives on until so many others have; none where this is 0. */
  readonly every: number;
  readonly keep: number;
  /** How many a frame makes at most, and how many frames it takes for that to fall to nothing and rise again; it stays where this is 0. */
  readonly count: number;
  readonly wave: number;
}

export interface Shape {
  readonly lanes: readonly Lane[];
  /** Milliseconds of a frame that the script takes. */
  readonly script: number;
}

export interface Outcome {
  /** The frame in which memory was furthest beyond what it may be, what it was then, and what it may be; in bytes. */
  readonly frame: number;
  readonly memory: number;
  readonly bound: number;
  readonly reachable: number;
  readonly allocated: number;
}

/** The kinds of `survival.slu`: the largest size of each, and about the bytes of a unit of size; the model measures them. */
const KINDS = [
  { largest: 12_000, unit: 8 },
  { largest: 12_000, unit: 16 },
  { largest: 400, unit: 24 },
  { largest: 16_000, unit: 1 },
  { largest: 400, unit: 40 },
  { largest: 1, unit: 96 },
] as const;
/** Bytes that a lane makes in a frame, and has alive, at most. */
const FRAME_BYTES = 1 << 20;
const ALIVE_BYTES = 24 << 20;
/** Frames whose memory is judged together. */
const WINDOW = 60;
/** What memory may be: a cycle's goal is twice what is alive, and the rest is for holes, where there is much. */
const OF_REACHABLE = 2.25;
const OF_FRAME = 3;
const SPARE = 16 << 20;

const bytesOf = (kind: number, size: number): number => KINDS[kind]!.unit * size + 64;

export function shapeOf(seed: number): Shape {
  const random = new Random(seed);
  const lanes = Array.from({ length: 1 + random.below(4) }, (): Lane => {
    const kind = random.below(KINDS.length);
    const size = Math.ceil(KINDS[kind]!.largest ** random.next());
    const lifetime = Math.ceil(100 ** random.next());
    const every = random.below(2) * Math.ceil(300 ** random.next());
    const bytes = bytesOf(kind, size);
    const most = Math.min(FRAME_BYTES, ALIVE_BYTES / lifetime) / bytes;
    const keep = Math.max(1, Math.floor(Math.min(3000, (8 << 20) / bytes) ** random.next()));
    const wave = random.below(2) * (20 + random.below(1000));
    return { kind, size, lifetime, every, keep, count: Math.ceil(most ** random.next()), wave };
  });
  return { lanes, script: 2 + random.below(9) };
}

const countIn = ({ count, wave }: Lane, frame: number): number =>
  wave === 0 ? count : Math.round((count * (1 + Math.sin((2 * Math.PI * frame) / wave))) / 2);

/**
 * Plays so many frames, and says where memory came nearest to what it may be, by the most that was reachable in the last second and the
 * most that a frame of it has allocated. While it is `suppressed` nothing is collected.
 */
export async function play(
  image: Image,
  { lanes, script }: Shape,
  frames: number,
  suppressed = false,
): Promise<Outcome> {
  const machine = await runSluice(image);
  const sizes = lanes.map(({ kind, size }) => measure(machine, kind, size));
  for (const { kind, size, lifetime, every, keep } of lanes)
    machine.call('add-lane', kind, size, lifetime, every, keep);
  const empty = reachableNow(machine);
  const models = lanes.map((lane) => new LaneModel(lane));
  const alive = (what: keyof Size) =>
    models.reduce((sum, model, i) => sum + model.alive * sizes[i]![what], empty);
  const inUse = () => (machine.statistic(STATS_BLOCKS) - machine.statistic(STATS_BLOCKS_FREE)) * BLOCK_SIZE;
  const reachables: number[] = [];
  const allocations: number[] = [];
  let worst: Outcome = { frame: 0, memory: 0, bound: 1, reachable: 0, allocated: 0 };
  let before = machine.allocatedBytes;
  const judge = (frame: number): void => {
    const allocated = machine.allocatedBytes;
    allocations.push(allocated - before);
    before = allocated;
    reachables.push(alive('room'));
    if (reachables.length > WINDOW) {
      reachables.shift();
      allocations.shift();
    }
    const [reachable, most] = [Math.max(...reachables), Math.max(...allocations)];
    const bound = OF_REACHABLE * reachable + OF_FRAME * most + SPARE;
    const memory = inUse();
    if (memory / bound > worst.memory / worst.bound)
      worst = { frame, memory, bound, reachable, allocated: most };
  };
  if (suppressed) machine.suppress();
  const driver = simulatedDriver(
    machine,
    (frame) => {
      if (frame > 0) judge(frame - 1);
      models.forEach((model, i) => {
        machine.call('set-count', i, model.next(frame));
      });
      return script;
    },
    { capacity: 1 },
  );
  driver.run(frames);
  if (suppressed) machine.resume();
  const broken = machine.verify();
  if (broken !== undefined) throw new Error(String(broken));
  // The model must be right, or nothing here means anything; the vectors of a frame are what it leaves out.
  const [found, said] = [reachableNow(machine), alive('bytes')];
  if (Math.abs(found - said) > said / 6 + 65_536)
    throw new Error(`${found} bytes are reachable, and the model says ${said}`);
  return worst;
}

interface Size {
  /** Bytes of a thing, with its place in a vector. */
  readonly bytes: number;
  /** The same, in whole blocks where it has blocks of its own. */
  readonly room: number;
}

function measure(machine: Machine, kind: number, size: number): Size {
  const count = Math.max(4, Math.ceil(100_000 / bytesOf(kind, size)));
  const before = reachableNow(machine);
  const largeBefore = machine.statistic(STATS_LARGE_BYTES);
  machine.call('make-forever', kind, size, count);
  const large = machine.statistic(STATS_LARGE_BYTES) - largeBefore;
  const bytes = (reachableNow(machine) - before) / count;
  machine.call('forget');
  return { bytes, room: Math.max(bytes, large / count) };
}

function reachableNow(machine: Machine): number {
  machine.collect();
  return machine.statistic(STATS_LIVE_BYTES);
}

/** What of a lane is reachable: what its ring holds, and what it has kept that the ring does not hold any more. */
class LaneModel {
  readonly #lane: Lane;
  /** Numbers, from the first on, of what was made in the frames that the ring holds. */
  readonly #ring: number[] = [];
  readonly #kept: number[] = [];
  #made = 0;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** How many a frame is to make. */
  next(frame: number): number {
    const { lifetime, every, keep } = this.#lane;
    const count = countIn(this.#lane, frame);
    this.#ring.push(this.#made);
    if (this.#ring.length > lifetime) this.#ring.shift();
    for (let i = 0; i < count; i += 1) {
      this.#made += 1;
      if (every > 0 && this.#made % every === 0) this.#kept.push(this.#made);
    }
    while (this.#kept.length > keep) this.#kept.shift();
    return count;
  }

  get alive(): number {
    const first = this.#ring[0] ?? 0;
    return this.#made - first + this.#kept.filter((number) => number <= first).length;
  }
}
