/**
 * The page: makes one run after the other, each in a page of its own, since what one leaves would be the next one's to collect. What
 * the runs came to waits in the session's storage; after the last there is a table, which `?post` also sends to `/result`.
 */
import { FrameSource, type Watcher } from './frame-source.ts';
import { FrameTimes } from './frame-times.ts';
import type { PageContender } from './page-contender.ts';
import { Plain } from './plain.ts';
import { CONTENDER_NAMES, planOf, type Run, runsOf, wordsOf } from './plan.ts';
import { frameGraph, resultTable } from './result-view.ts';
import { checkResults, MARK, type RunResult, STORED, summariseRun } from './run-result.ts';
import { Scripted } from './scripted.ts';

const MEMORY_EVERY = 30;

/** What Chromium says of JavaScript's heap; other browsers do not. */
interface MemoryInfo {
  readonly totalJSHeapSize: number;
}

class Measuring implements Watcher {
  readonly times: FrameTimes;
  peak = 0;
  /** When the first frame was measured: a mark of that name stands in a trace. */
  zero = 0;
  readonly #contender: PageContender;
  readonly #done: () => void;
  #warming: number;
  #holding = true;

  constructor(contender: PageContender, { frames, warmUp }: Run, done: () => void) {
    this.#contender = contender;
    this.times = new FrameTimes(frames);
    this.#warming = warmUp;
    this.#done = done;
  }

  go(): void {
    this.#contender.start();
    this.#holding = false;
  }

  before(timestamp: number): void {
    if (this.#warming === 0 && this.zero === 0) this.zero = performance.mark(MARK).startTime;
    this.times.set('timestamp', timestamp);
    this.times.set('begin', performance.now());
  }

  after(): void {
    if (this.#holding) return;
    const { times } = this;
    const contender = this.#contender;
    times.set('end', performance.now());
    times.set('script', contender.script);
    times.set('slices', contender.slices);
    times.set('delay', contender.delay);
    if (this.#warming > 0) this.#warming -= 1;
    else times.length += 1;
    if (times.length % MEMORY_EVERY === 0) this.#seeMemory();
    if (times.isFull) {
      this.#hold();
      this.#done();
    } else if (contender.wantsToSettle) {
      this.#hold();
      void contender.settle().then(() => this.go());
    }
  }

  #hold(): void {
    this.#contender.hold();
    this.#holding = true;
  }

  #seeMemory(): void {
    const { memory } = performance as Performance & { memory?: MemoryInfo };
    this.peak = Math.max(this.peak, (memory?.totalJSHeapSize ?? 0) + this.#contender.memory);
  }
}

async function make(run: Run, parent: HTMLElement): Promise<RunResult> {
  const { world, contender, rate } = run;
  let measuring: Measuring | undefined;
  // Nothing is measured before the game is there, but its frames are this source's from the start.
  new FrameSource(rate, {
    before: (timestamp) => measuring?.before(timestamp),
    after: () => measuring?.after(),
  });
  const game =
    contender === 'javascript'
      ? await Plain.start(world, parent)
      : await Scripted.start(world, contender, parent);
  const { cycles } = game;
  await new Promise<void>((done) => {
    measuring = new Measuring(game, run, done);
    measuring.go();
  });
  if (measuring === undefined) throw new Error('nothing was measured');
  const { times, peak, zero } = measuring;
  return {
    run,
    times: times.rows(),
    zero,
    result: game.result(),
    peak,
    cycles: game.cycles - cycles,
    collectionsInFrames: game.collectionsInFrames,
  };
}

function find<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return element as T;
}

async function step(): Promise<void> {
  const words = new URLSearchParams(location.search);
  const plan = planOf(words);
  const runs = runsOf(plan);
  const index = Number(words.get('run') ?? 0);
  const stored = index === 0 ? [] : (JSON.parse(sessionStorage.getItem(STORED) ?? '[]') as RunResult[]);
  const run = runs[index];
  if (run === undefined) {
    const problems = checkResults(stored);
    find('what').textContent = problems.length === 0 ? 'All runs are done.' : problems.join(' ');
    find('table').append(resultTable(stored.map((result) => summariseRun(result))));
    find('graphs').append(...stored.map(frameGraph));
    if (words.has('post')) await fetch('/result', { method: 'POST', body: JSON.stringify(stored) });
    document.title = 'Delivered: done';
    return;
  }
  find('what').textContent =
    `${index + 1} of ${runs.length}: ${run.world.name}, ${CONTENDER_NAMES[run.contender]}`;
  const result = await make(run, find('game'));
  sessionStorage.setItem(STORED, JSON.stringify([...stored, result]));
  document.title = `Delivered: run ${index} is over`;
  // Whoever looks on takes its result and goes on by itself.
  if (words.has('single')) return;
  const next = wordsOf(plan);
  next.set('run', String(index + 1));
  if (words.has('post')) next.set('post', '');
  location.search = next.toString();
}

step().catch((error: unknown) => {
  find('what').textContent = String(error);
  document.title = 'Delivered: failed';
  throw error;
});
