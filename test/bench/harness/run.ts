/**
 * Runs a benchmark's programs in turn, A B A B ..., so that whatever else the machine does meanwhile meets all of them
 * alike, and relates each round of a peer to the round of Sluice beside it.
 */
import type { Aim, Benchmark, Contender, Sample, Scale } from './benchmark.ts';
import { type Summary, summarise } from './statistics.ts';

export interface RunOptions {
  /** Default: what the benchmark says. */
  readonly rounds?: number;
  /** Default: what the benchmark says. */
  readonly warmUp?: number;
  readonly scale: Scale;
  /** Hears what is being done. */
  progress(text: string): void;
}

export interface Result {
  readonly contender: string;
  readonly share: number;
  readonly samples: readonly Sample[];
  /** Milliseconds. */
  readonly time: Summary;
  /** Sluice's time over this one's, round by round; absent for Sluice itself. */
  readonly ratio: Summary | undefined;
}

export interface Outcome {
  readonly benchmark: string;
  readonly work: string;
  readonly per: Benchmark['per'];
  readonly results: readonly Result[];
  readonly aims: readonly (Aim & { readonly reached: number; readonly met: boolean })[];
}

const DEFAULT_ROUNDS = 7;
const DEFAULT_WARM_UP = 5;

export async function run(benchmark: Benchmark, options: RunOptions): Promise<Outcome> {
  options.progress(`${benchmark.name}: making ready`);
  const contenders = await benchmark.contenders(options.scale);
  const samples = new Map<Contender, Sample[]>(contenders.map((c) => [c, []]));
  const rounds = options.rounds ?? benchmark.rounds ?? DEFAULT_ROUNDS;
  const warmUp = options.warmUp ?? benchmark.warmUp ?? DEFAULT_WARM_UP;
  const total = warmUp + rounds;
  for (let round = 0; round < total; round++) {
    const counted = round - warmUp;
    for (const contender of contenders) {
      const limit = contender.rounds ?? rounds;
      // Who runs only a few rounds does so without warming up: its figures are for orientation.
      if (limit < rounds && (counted < 0 || counted >= limit)) continue;
      const stage = counted < 0 ? 'warming up' : `round ${counted + 1} of ${rounds}`;
      options.progress(`${benchmark.name}: ${stage}, ${contender.name}`);
      const sample = await contender.round();
      if (counted >= 0) samples.get(contender)?.push(sample);
    }
  }
  for (const contender of contenders) contender.close?.();
  return judge(benchmark, contenders, samples);
}

function judge(
  benchmark: Benchmark,
  contenders: readonly Contender[],
  samples: ReadonlyMap<Contender, readonly Sample[]>,
): Outcome {
  const timesOf = (contender: Contender): number[] => (samples.get(contender) ?? []).map((s) => s.ms);
  const [first] = contenders;
  const own = first === undefined ? [] : timesOf(first);
  const results = contenders.map((contender): Result => {
    const times = timesOf(contender);
    const ratios = times.flatMap((time, i) => (own[i] === undefined ? [] : [own[i] / time]));
    return {
      contender: contender.name,
      share: contender.share ?? 1,
      samples: samples.get(contender) ?? [],
      time: summarise(times),
      ratio: contender === first || ratios.length === 0 ? undefined : summarise(ratios),
    };
  });
  const aims = benchmark.aims.map((aim) => {
    const beside = results.find((r) => r.contender === aim.peer);
    const reached =
      (aim.figure === undefined ? beside?.ratio : ratioOf(aim.figure, results[0], beside))?.median ??
      Number.NaN;
    return { ...aim, reached, met: reached <= aim.ratio };
  });
  return { benchmark: benchmark.name, work: benchmark.work, per: benchmark.per, results, aims };
}

/** The time, or one of the further figures, over the peer's, round by round, as far as both have rounds. */
export function ratioOf(
  figure: string | undefined,
  own: Result | undefined,
  peer: Result | undefined,
): Summary {
  const of = (sample: Sample | undefined): number =>
    (figure === undefined ? sample?.ms : sample?.further?.[figure]) ?? Number.NaN;
  const rounds = Math.min(own?.samples.length ?? 0, peer?.samples.length ?? 0);
  return summarise([...Array(rounds).keys()].map((i) => of(own?.samples[i]) / of(peer?.samples[i])));
}
