/** What a command of the command line is. */

/** Exit codes. */
export const OK = 0;
export const REFUSED = 1;
export const FAILED = 2;

/** Where a command writes. */
export interface Streams {
  out(text: string): void;
  error(text: string): void;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Returns the exit code. Throws a `UsageError` for arguments that make no sense. */
  run(args: readonly string[], streams: Streams): Promise<number>;
}
