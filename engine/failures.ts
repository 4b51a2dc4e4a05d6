/**
 * What goes wrong while a game runs, each kind once. A mistake in a frame is made again in the next one, sixty times a
 * second: it is heard of when it is made first, and counted from then on.
 */

/** Something that failed. What a script does wrong comes as the machine's `FrameFailure`, which has all of this. */
export interface Failure {
  readonly error: unknown;
  /** What ran: `scene`, `frame`, `timers` or a behaviour's name of the script, otherwise a part of the engine. */
  readonly where: string;
  /** How often it has failed by now. */
  readonly count: number;
}

/** Kinds that are told apart. A game that finds more ways to fail than this has been told enough. */
const MOST = 100;

export class Failures {
  readonly #listener: (failure: Failure) => void;
  readonly #known = new Map<string, Failure & { count: number }>();

  /** `listener` hears of each kind once. */
  constructor(listener: (failure: Failure) => void) {
    this.#listener = listener;
  }

  /** What has failed so far, each kind once. */
  get all(): readonly Failure[] {
    return [...this.#known.values()];
  }

  /** New code runs: what fails from now on is news again. */
  forget(): void {
    this.#known.clear();
  }

  note(where: string, error: unknown): void {
    const identity = identityOf(where, error);
    const known = this.#known.get(identity);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    if (this.#known.size >= MOST) return;
    const failure = { error, where, count: 1 };
    this.#known.set(identity, failure);
    this.#listener(failure);
  }
}

/**
 * Where an error was thrown tells its kind better than what it says: messages hold numbers that change from frame to
 * frame.
 */
function identityOf(where: string, error: unknown): string {
  if (!(error instanceof Error)) return `${where}: ${String(error)}`;
  const place = error.stack?.split('\n').find((line) => /^\s+at |@/.test(line));
  return `${where}: ${error.name} ${place ?? error.message}`;
}
