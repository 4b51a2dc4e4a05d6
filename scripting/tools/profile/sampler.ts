/** Node's own sampling profiler, by its inspector: which native functions are on the stack, every 100 microseconds. */
import { type Profiler, Session } from 'node:inspector';

/** Microseconds; the operating system makes more of it where it is busy. */
const INTERVAL = 100;

/** A function as V8 names it. */
export type NativeFunction = Pick<Profiler.ProfileNode['callFrame'], 'functionName' | 'url' | 'columnNumber'>;

/** One native function on the stack, and what had called it. */
export interface NativeFrame {
  readonly native: NativeFunction;
  readonly caller: NativeFrame | undefined;
}

/** `at` is by `performance.now`. */
export interface Sample {
  readonly at: number;
  /** What ran; on it, what had called it. */
  readonly stack: NativeFrame;
}

export class Sampler {
  readonly #session = new Session();

  /** Begins: takes a tenth of a second, in which V8 looks at the code there is. Throws where another profile is in progress. */
  async start(): Promise<void> {
    this.#session.connect();
    await this.#post('Profiler.enable');
    await this.#post('Profiler.setSamplingInterval', { interval: INTERVAL });
    await this.#post('Profiler.start');
  }

  /** The samples, in order; there will be no more. */
  async stop(): Promise<readonly Sample[]> {
    const { profile } = await this.#post<{ profile: Profiler.Profile }>('Profiler.stop');
    return samplesIn(profile);
  }

  /** Ends, whatever was found. */
  close(): void {
    this.#session.disconnect();
  }

  #post<T = unknown>(method: string, params: object = {}): Promise<T> {
    return new Promise((resolve, reject) =>
      this.#session.post(method, params, (error, result) => (error ? reject(error) : resolve(result as T))),
    );
  }
}

function samplesIn({ nodes, startTime, samples = [], timeDeltas = [] }: Profiler.Profile): Sample[] {
  const frames = new Map<number, { native: NativeFunction; caller: NativeFrame | undefined }>();
  for (const { id, callFrame } of nodes) frames.set(id, { native: callFrame, caller: undefined });
  for (const { id, children = [] } of nodes) {
    const caller = frames.get(id);
    for (const child of children) {
      const frame = frames.get(child);
      if (frame !== undefined) frame.caller = caller;
    }
  }
  // The profile counts microseconds of the clock that `hrtime` reads; this process's clock began later.
  const began = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  let time = startTime;
  return samples.flatMap((id, i) => {
    time += timeDeltas[i] ?? 0;
    const stack = frames.get(id);
    return stack === undefined ? [] : [{ at: time / 1000 - began, stack }];
  });
}
