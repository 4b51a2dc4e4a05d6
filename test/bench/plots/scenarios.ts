/** The situations that the collector's pacing is shown in. */
import type { LimitOptions } from '../../../engine/gap/index.ts';
import type { FrameRecorder } from '../../../engine/profile/index.ts';
import { programFile } from '../peers/program.ts';
import { loadSluice } from '../peers/sluice.ts';
import { type FrameLoad, simulate } from './simulation.ts';

const MEGABYTE = 1 << 20;
/** Chains of 3 KiB. */
const PER_MEGABYTE = MEGABYTE / 3072;

export interface Scenario {
  /** Also the plot's file name. */
  readonly name: string;
  readonly title: string;
  /** Megabytes that are alive when it begins. */
  readonly level: number;
  readonly rate: number;
  readonly frames: number;
  /** Bytes. */
  readonly hardLimit: number;
  readonly limits: LimitOptions;
  load(frame: number): FrameLoad;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly recorder: FrameRecorder;
  /** What failed in the script, each kind once. */
  readonly failures: readonly string[];
}

function chains(megabytes: number): number {
  return Math.round(megabytes * PER_MEGABYTE);
}

/** A frame of ordinary play: 0.75 MB of new objects, a third of which replaces others. */
function ordinaryPlay(script: number): FrameLoad {
  return { script, temporary: chains(0.5), replaced: chains(0.25) };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'steady-play',
    title: 'Steady play: 32 MB alive, 0.75 MB of new objects a frame, 60 Hz',
    level: 32,
    rate: 60,
    frames: 900,
    hardLimit: 512 * MEGABYTE,
    limits: { softLimit: 96 * MEGABYTE },
    load: () => ordinaryPlay(5),
  },
  {
    name: 'allocation-burst',
    title: 'A burst: eight times as much is allocated for a second',
    level: 32,
    rate: 60,
    frames: 900,
    hardLimit: 512 * MEGABYTE,
    limits: { softLimit: 96 * MEGABYTE },
    load: (frame) =>
      frame >= 300 && frame < 360
        ? { script: 8, temporary: chains(5), replaced: chains(1) }
        : ordinaryPlay(5),
  },
  {
    name: 'level-load',
    title: 'A level of 64 MB is built in one frame, in the middle of play',
    level: 8,
    rate: 60,
    frames: 900,
    hardLimit: 512 * MEGABYTE,
    limits: { softLimit: 192 * MEGABYTE },
    load: (frame) => (frame === 150 ? { script: 400, added: chains(64) } : ordinaryPlay(5)),
  },
  {
    name: 'leak',
    title: 'A leak of 0.25 MB a frame that leaves hardly a gap, until memory is full',
    level: 16,
    rate: 60,
    frames: 415,
    hardLimit: 128 * MEGABYTE,
    limits: { softLimit: 64 * MEGABYTE },
    load: () => ({ script: 16.2, temporary: chains(0.25), leaked: chains(0.25) }),
  },
  {
    name: 'display-144-hz',
    title: 'The same steady play on a display of 144 Hz',
    level: 32,
    rate: 144,
    frames: 900,
    hardLimit: 512 * MEGABYTE,
    limits: { softLimit: 96 * MEGABYTE },
    load: () => ordinaryPlay(3),
  },
  {
    name: 'no-gap',
    title: 'Frames that take 20 ms for five seconds: no gap at all',
    level: 24,
    rate: 60,
    frames: 600,
    hardLimit: 256 * MEGABYTE,
    limits: { softLimit: 96 * MEGABYTE },
    load: (frame) => ({
      script: frame >= 150 && frame < 450 ? 20 : 5,
      temporary: chains(0.25),
      replaced: chains(0.125),
    }),
  },
];

/** Plays a scenario. */
export async function play(scenario: Scenario): Promise<Outcome> {
  const failures: string[] = [];
  const machine = await loadSluice(programFile('pacing.slu'), {
    hardLimit: scenario.hardLimit,
    onFailure: ({ error }) => failures.push(error.message),
  });
  machine.call('build', chains(scenario.level));
  machine.collect();
  const { frames, rate, limits } = scenario;
  const recorder = simulate(machine, frames, (frame) => scenario.load(frame), { rate, gap: limits });
  return { scenario, recorder, failures };
}
