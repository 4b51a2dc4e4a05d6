/** A simulation of circles in a box beside its twin in TypeScript: 2,000 bodies, the same start, frame by frame. */
import type { Machine } from '../../scripting/machine/index.ts';
import type { Benchmark, Contender, Sample } from './harness/benchmark.ts';
import { percentile } from './harness/statistics.ts';
import { programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';
import { Physics } from './physics.ts';

const BODIES = 2000;
const FRAMES = 600;
const DT = 1 / 60;
/** Work units of a gap's slices: enough that a gap finishes what is due. */
const SLICE = 100_000;
const WIDTH = 960;
const HEIGHT = 600;

export const demo: Benchmark = {
  name: 'demo',
  work: `script time of ${FRAMES} frames of programs/circles.slu with ${BODIES} bodies`,
  per: { count: FRAMES, unit: 'ns/frame' },
  aims: [{ peer: 'V8', ratio: 1 }],
  contenders: async () => {
    const circular = await loadSluice(programFile('circular.slu'));
    const twin = new Physics(BODIES, {
      sine: (x) => Number(circular.call('sine', x)),
      cosine: (x) => Number(circular.call('cosine', x)),
    });
    const ends: End[] = [];
    return [sluice(await loadSluice(programFile('circles.slu')), ends), v8(twin, ends)];
  },
};

/** Where a round of the script came to: its twin must come to the same. */
interface End {
  readonly contacts: number;
  readonly circles: Float32Array;
}

function sluice(machine: Machine, ends: End[]): Contender {
  machine.call('start');
  machine.call('set-body-count', BODIES);
  const circles = machine.column('*circles*');
  return {
    name: 'Sluice',
    round: () => {
      let met = 0;
      const sample = frames(() => {
        const begin = performance.now();
        const failed = machine.step(DT);
        const ms = performance.now() - begin;
        if (failed > 0) throw new Error(machine.failures.map((f) => f.error.report()).join('\n'));
        machine.resetFrame();
        while (machine.gapSlice(SLICE));
        met += Number(machine.call('contact-count'));
        return ms;
      });
      circles.locate();
      const drawn = new Float32Array(machine.memory.buffer, circles.address, circles.length * 4).slice();
      checkInside(drawn);
      ends.push({ contacts: met, circles: drawn });
      return sample;
    },
  };
}

function v8(physics: Physics, ends: End[]): Contender {
  return {
    name: 'V8',
    round: () => {
      let met = 0;
      const sample = frames(() => {
        const begin = performance.now();
        physics.frame(DT);
        const ms = performance.now() - begin;
        met += physics.contacts;
        return ms;
      });
      checkAlike(ends.pop(), { contacts: met, circles: physics.circles.subarray(0, BODIES * 4) });
      return sample;
    },
  };
}

function frames(frame: () => number): Sample {
  const times: number[] = [];
  for (let i = 0; i < FRAMES; i++) times.push(frame());
  return {
    ms: times.reduce((a, b) => a + b, 0),
    further: {
      'p50 (ms)': percentile(times, 50),
      'p99 (ms)': percentile(times, 99),
      'max (ms)': Math.max(...times),
    },
  };
}

function checkInside(circles: Float32Array): void {
  if (circles.length !== BODIES * 4) throw new Error(`there are ${circles.length / 4} bodies`);
  for (let at = 0; at < circles.length; at += 4) {
    const [x = Number.NaN, y = Number.NaN, radius = Number.NaN] = circles.subarray(at, at + 3);
    const slack = radius - 0.01;
    if (!(x >= slack && x <= WIDTH - slack && y >= slack && y <= HEIGHT - slack))
      throw new Error(`body ${at / 4} is outside of the box, at ${x}, ${y}`);
  }
}

/** Both do the same arithmetic on the same bodies in the same order, so not a bit may differ. */
function checkAlike(script: End | undefined, twin: End): void {
  if (script?.contacts !== twin.contacts)
    throw new Error(`the script met ${script?.contacts} contacts, its twin ${twin.contacts}`);
  const differing = twin.circles.findIndex((value, i) => value !== script.circles[i]);
  if (differing >= 0) throw new Error(`circle ${differing >> 2} of the twin is not the script's`);
}
