/** A scenario's run as a picture: memory and its limits above, the gap and who had it below, over the same seconds. */
import { type FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { PHASE_MARK, PHASE_SWEEP } from '../../../scripting/heap/index.ts';
import type { Outcome } from './scenarios.ts';
import { area, axes, bands, legend, level, line, type Panel, page } from './svg.ts';

const MEGABYTE = 1 << 20;
const WIDTH = 960;
const HEIGHT = 500;
const COLOURS = {
  objects: '#9db8d9',
  mark: '#fdf0c4',
  sweep: '#dcf0d8',
  goal: '#3b6ea5',
  soft: '#c77700',
  hard: '#b00020',
  gap: '#e4e4e4',
  young: '#e8a33d',
  cycle: '#3b6ea5',
  guaranteed: '#b00020',
};

export function draw({ scenario, recorder }: Outcome): string {
  const step = 1 / scenario.rate;
  const seconds = recorder.length * step;
  const megabytes = (measure: Measure) => recorder.series(measure).map((bytes) => bytes / MEGABYTE);
  const young = megabytes(Measure.YOUNG);
  const objects = megabytes(Measure.LIVE).map((live, i) => live + (young[i] ?? 0));
  const soft = (scenario.limits.softLimit ?? scenario.hardLimit / 2) / MEGABYTE;
  const hard = scenario.hardLimit / MEGABYTE;
  const most = Math.max(soft, ...objects);
  const memory: Panel = {
    x: 56,
    y: 64,
    width: 800,
    height: 200,
    xMost: seconds,
    yMost: hard < most * 1.3 ? hard * 1.05 : most * 1.1,
  };
  const interval = 1000 / scenario.rate;
  const gap: Panel = { ...memory, y: 330, height: 120, yMost: interval };
  const times = (measure: Measure) => recorder.series(measure);
  const guaranteed = times(Measure.GUARANTEED);
  const youngTime = times(Measure.YOUNG_TIME);
  const spent = times(Measure.GAP);
  return page(WIDTH, HEIGHT, scenario.title, [
    bands(memory, phases(recorder, PHASE_MARK, step), COLOURS.mark),
    bands(memory, phases(recorder, PHASE_SWEEP, step), COLOURS.sweep),
    area(memory, objects, step, COLOURS.objects),
    line(memory, megabytes(Measure.GOAL), step, COLOURS.goal, '4 3'),
    level(memory, soft, 'soft limit', COLOURS.soft),
    ...(hard <= memory.yMost ? [level(memory, hard, 'hard limit', COLOURS.hard)] : []),
    axes(memory, '', 'MB of objects'),
    legend(856, 56, [
      ['objects', COLOURS.objects],
      ['cycle to finish before', COLOURS.goal],
      ['marking', COLOURS.mark],
      ['sweeping', COLOURS.sweep],
    ]),
    area(gap, times(Measure.GAP_LENGTH), step, COLOURS.gap),
    area(gap, spent, step, COLOURS.cycle),
    area(gap, guaranteed, step, COLOURS.guaranteed),
    area(gap, youngTime, step, COLOURS.young),
    axes(gap, 'seconds', 'ms of a frame'),
    legend(856, 322, [
      ['gap', COLOURS.gap],
      ['young collection', COLOURS.young],
      ['cycle', COLOURS.cycle],
      ['guaranteed share', COLOURS.guaranteed],
    ]),
  ]);
}

/** The stretches of time, in seconds, in which the collector was at a phase when the gap ended. */
function phases(recorder: FrameRecorder, phase: number, step: number): [number, number][] {
  const ranges: [number, number][] = [];
  recorder.series(Measure.PHASE).forEach((found, frame) => {
    if (found !== phase) return;
    const last = ranges.at(-1);
    if (last !== undefined && Math.abs(last[1] - frame * step) < step / 2) last[1] = (frame + 1) * step;
    else ranges.push([frame * step, (frame + 1) * step]);
  });
  return ranges;
}
