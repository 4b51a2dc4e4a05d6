/** The drawing of the frames that are seen: stacked phases, the line of the deadline, marks above, and the frame that is chosen. */

import uPlot from 'uplot';
import type { NamedMark } from '../recorder.ts';
import { MARK_KINDS, type MarkKind, marksOf } from './frame-marks.ts';
import { PHASES, scaleEnd, stacks } from './phases.ts';
import type { Snapshot } from './snapshot.ts';
import { lastOf, type View } from './view.ts';

/** What is drawn. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly marks: readonly NamedMark[];
  readonly chosen: number | undefined;
  /** Milliseconds from frame to frame, and whether that has been measured. */
  readonly interval: { readonly estimate: number; readonly known: boolean };
}

/** CSS pixels: height of all, and of the rows of marks above the frames. */
const HEIGHT = 210;
const ROW = 13;
const ROWS: readonly (readonly MarkKind[])[] = [['error', 'named'], ['reload'], ['load', 'collection']];
/** A letter has room where the one before is so far away. */
const LETTER = 11;

export class Chart {
  readonly #element: HTMLElement;
  readonly #plot: uPlot;
  readonly #colours = new Map<string, string>();
  #scene: Scene;

  /** In `element`, which is in the page. */
  constructor(element: HTMLElement, scene: Scene) {
    this.#element = element;
    this.#scene = scene;
    const quiet = () => this.#colour('--quiet');
    const line = { stroke: () => this.#colour('--line'), width: 1 };
    this.#plot = new uPlot(
      {
        width: Math.max(1, element.clientWidth),
        height: HEIGHT,
        padding: [ROWS.length * ROW + 4, 14, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => this.#across() },
          y: { range: () => [0, this.#top()] },
        },
        axes: [
          {
            stroke: quiet,
            grid: { show: false },
            ticks: line,
            size: 30,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500],
          },
          {
            stroke: quiet,
            grid: line,
            ticks: line,
            size: 58,
            values: (_, splits) => splits.map((ms) => `${ms} ms`),
          },
        ],
        series: [
          {},
          ...PHASES.toReversed().map(
            ({ name, colour }): uPlot.Series => ({
              label: name,
              fill: () => this.#colour(colour),
              width: 0,
              points: { show: false },
              paths: steps(),
            }),
          ),
        ],
        hooks: { draw: [(plot) => this.#drawAbove(plot)] },
      },
      this.#data(),
      element,
    );
  }

  draw(scene: Scene): void {
    this.#scene = scene;
    this.#plot.setData(this.#data());
  }

  /** The element's size is another, or the page has gone from day to night. */
  refresh(): void {
    this.#colours.clear();
    const width = Math.max(1, this.#element.clientWidth);
    if (width === this.#plot.width) this.#plot.redraw();
    else this.#plot.setSize({ width, height: HEIGHT });
  }

  /** The frame that is seen at so many pixels from the window's left edge, or next to there. */
  frameAt(x: number): number {
    const { left } = this.#plot.over.getBoundingClientRect();
    const { snapshot, view } = this.#scene;
    const frame = Math.round(this.#plot.posToVal(x - left, 'x'));
    return Math.max(view.first, Math.min(lastOf(snapshot, view), frame));
  }

  /** How many frames so many pixels are. */
  framesIn(pixels: number): number {
    return (pixels / Math.max(1, this.#plot.over.clientWidth)) * this.#scene.view.count;
  }

  remove(): void {
    this.#plot.destroy();
  }

  /** A step for each frame from half a frame before its number to half a frame after it. */
  #data(): uPlot.AlignedData {
    const { snapshot, view } = this.#scene;
    const [frames = [], ...ends] = stacks(snapshot, view.first, lastOf(snapshot, view));
    const last = frames.at(-1);
    if (last === undefined) return [[], ...ends];
    return [
      [...frames.map((frame) => frame - 0.5), last + 0.5],
      ...ends.map((values) => [...values, values.at(-1) ?? 0]),
    ];
  }

  #across(): [number, number] {
    const { first, count } = this.#scene.view;
    return [first - 0.5, first + count - 0.5];
  }

  #top(): number {
    const { snapshot, view, interval } = this.#scene;
    const [, highest = []] = stacks(snapshot, view.first, lastOf(snapshot, view));
    return scaleEnd(
      highest.reduce((a, b) => Math.max(a, b), 0),
      interval.estimate,
    );
  }

  #drawAbove(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { interval, chosen } = this.#scene;
    const ratio = uPlot.pxRatio;
    ctx.save();
    if (interval.known) {
      const y = plot.valToPos(interval.estimate, 'y', true);
      ctx.strokeStyle = this.#colour('--late');
      ctx.lineWidth = 1.5 * ratio;
      ctx.setLineDash([5 * ratio, 4 * ratio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    if (chosen !== undefined) {
      const [left, width] = this.#span(plot, chosen, 3 * ratio);
      ctx.strokeStyle = this.#colour('--text');
      ctx.lineWidth = 1.5 * ratio;
      ctx.strokeRect(left, bbox.top, width, bbox.height);
    }
    this.#drawMarks(plot);
    ctx.restore();
  }

  #drawMarks(plot: uPlot): void {
    const { ctx } = plot;
    const { snapshot, view, marks } = this.#scene;
    const ratio = uPlot.pxRatio;
    const free = ROWS.map(() => Number.NEGATIVE_INFINITY);
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    for (let frame = view.first; frame <= lastOf(snapshot, view); frame += 1) {
      for (const { kind, words } of marksOf(snapshot, marks, frame)) {
        const row = ROWS.findIndex((kinds) => kinds.includes(kind));
        const [left, width] = this.#span(plot, frame, 2 * ratio);
        const top = (2 + row * ROW) * ratio;
        ctx.fillStyle = this.#colour(MARK_KINDS[kind].colour);
        ctx.fillRect(left, top + (ROW - 3) * ratio, width, 3 * ratio);
        // A load is a bar as long as it was.
        if (kind === 'load' || left < (free[row] ?? 0)) continue;
        const text = kind === 'named' ? `${MARK_KINDS.named.letter} ${words}` : MARK_KINDS[kind].letter;
        ctx.fillText(text, left - (kind === 'named' ? 0 : 4 * ratio), top + 4 * ratio);
        free[row] = left + Math.max(LETTER * ratio, ctx.measureText(text).width + 2 * ratio);
      }
    }
  }

  /** Where a frame is, in the canvas's pixels: its left edge and its width, which is at least so much. */
  #span(plot: uPlot, frame: number, least: number): readonly [left: number, width: number] {
    const left = plot.valToPos(frame - 0.5, 'x', true);
    const width = plot.valToPos(frame + 0.5, 'x', true) - left;
    return width >= least ? [left, width] : [left + width / 2 - least / 2, least];
  }

  #colour(name: string): string {
    let colour = this.#colours.get(name);
    if (colour === undefined) {
      colour = getComputedStyle(this.#element).getPropertyValue(name).trim();
      this.#colours.set(name, colour);
    }
    return colour;
  }
}

function steps(): uPlot.Series.PathBuilder {
  const { stepped } = uPlot.paths;
  if (stepped === undefined) throw new Error('uPlot draws no steps');
  return stepped({ align: 1 });
}
