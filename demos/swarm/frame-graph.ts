/**
 * The last 300 frames as bars: what script, stage and collector took of each, stacked, under the line of the deadline. A mark at the top
 * is a frame that was late, whoever was to blame: its work ended after the deadline. What it shows stands below in words.
 */

/** What of a frame is measured, in ms. `end` is from its timestamp until its work has ended. */
export type Span = 'script' | 'stage' | 'gap' | 'end';

export interface FrameTimes {
  /** Frames that can be read. */
  readonly length: number;
  /** Whether `gap` is known: nobody tells of JavaScript's collector. */
  readonly tellsGap: boolean;
  /** A span of the frame `ago` frames before the newest. */
  read(span: Span, ago: number): number;
}

const FRAMES = 300;
const DEADLINE = 1000 / 60;
/** Milliseconds that the graph is high. */
const HIGHEST = 20;

const BARS = [
  ['script', '#ffb454'],
  ['stage', '#5b8def'],
  ['gap', '#4fd1a5'],
] as const;

/** Where each part of the legend stands: it says the number too. */
export interface FrameWords {
  readonly script: HTMLElement;
  readonly stage: HTMLElement;
  readonly gap: HTMLElement;
  readonly late: HTMLElement;
}

export class FrameGraph {
  readonly #canvas: HTMLCanvasElement;
  readonly #words: FrameWords;
  readonly #context: CanvasRenderingContext2D;

  constructor(canvas: HTMLCanvasElement, words: FrameWords) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('the frame graph has no canvas to draw on');
    this.#canvas = canvas;
    this.#words = words;
    this.#context = context;
  }

  draw(times: FrameTimes): void {
    const canvas = this.#canvas;
    const context = this.#context;
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    const height = Math.round(canvas.clientHeight * devicePixelRatio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.clearRect(0, 0, width, height);
    const bar = width / FRAMES;
    const shown = Math.min(times.length, FRAMES);
    for (let ago = 0; ago < shown; ago += 1) {
      const x = width - (ago + 1) * bar;
      let bottom = height;
      for (const [span, color] of BARS) {
        const tall = (times.read(span, ago) / HIGHEST) * height;
        context.fillStyle = color;
        context.fillRect(x, bottom - tall, Math.max(1, bar), tall);
        bottom -= tall;
      }
      if (times.read('end', ago) <= DEADLINE) continue;
      context.fillStyle = '#ff6b81';
      context.fillRect(x, 0, Math.max(2, bar), 0.06 * height);
    }
    context.fillStyle = '#ff6b81';
    context.fillRect(
      0,
      Math.round(height * (1 - DEADLINE / HIGHEST)),
      width,
      Math.max(1, devicePixelRatio / 2),
    );
  }

  /** Says in words what the graph shows. */
  tell(times: FrameTimes): void {
    const shown = Math.min(times.length, FRAMES);
    if (shown === 0) return;
    let late = 0;
    for (let ago = 0; ago < shown; ago += 1) if (times.read('end', ago) > DEADLINE) late += 1;
    const { script, stage, gap, late: lateWords } = this.#words;
    script.textContent = `script ${typical(times, 'script', shown)}`;
    stage.textContent = `stage ${typical(times, 'stage', shown)}`;
    gap.textContent = times.tellsGap
      ? `collector ${typical(times, 'gap', shown)}`
      : 'collector: JavaScript’s own';
    lateWords.textContent = `late: ${late} of ${shown} frames`;
  }
}

/** The median and the most: a mean would hide what matters. */
function typical(times: FrameTimes, span: Span, shown: number): string {
  const values = Array.from({ length: shown }, (_, ago) => times.read(span, ago)).sort((a, b) => a - b);
  const median = values[Math.floor(shown / 2)] ?? 0;
  return `${median.toFixed(1)} ms, most ${(values.at(-1) ?? 0).toFixed(1)}`;
}
