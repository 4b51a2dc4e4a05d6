/**
 * Trouble in a script, and what became of saved code, on the page. What draws it (`shown/`) is fetched when there is something to be
 * shown first: a game in which all is well has none of it. The console gets everything at once.
 */
import type { ReloadReport, ScriptProblem } from '../../scripting/image/index.ts';
import { ScriptError } from '../../scripting/machine/index.ts';
import type { Failure } from '../failures.ts';
import type { Choice } from './choice.ts';
import type { ShownOverlay } from './shown/index.ts';

/** Why a game could not start, which players are told too; or trouble of one that has been made by its script or its page. */
export type Shown = 'start' | 'problems';

export class Overlay {
  /** What may be shown. */
  readonly #allows: (what: Shown) => boolean;
  readonly #opens: string | undefined;
  #shown: Promise<ShownOverlay | undefined> | undefined;
  #removed = false;

  /**
   * `allows` says what may be shown, each time that there is something: a released game keeps its troubles to itself. `opens` is the
   * address that opens a source in the editor, where there is one.
   */
  constructor(allows: (what: Shown) => boolean = () => true, opens?: string) {
    this.#allows = allows;
    this.#opens = opens;
  }

  /** Shows the errors among what the compiler said; `running` tells whether older code goes on meanwhile. */
  show(problems: readonly ScriptProblem[], running: boolean): void {
    void this.#do('problems', (shown) => shown.problems(problems, running));
  }

  /** Shows, in the errors' place, what did not work and why; the console gets the whole error. Resolves when it is shown. */
  fail(sentence: string, error: unknown, what: Shown = 'problems'): Promise<void> {
    console.error(sentence, error);
    return this.#do(what, (shown) => shown.reason(sentence, error));
  }

  /** Shows a failure of the running game as long as it is made again and again; the console gets its stack trace. */
  failure(failure: Failure): void {
    const { error, where } = failure;
    if (error instanceof ScriptError) console.error(`${where} failed: ${error.report()}`);
    else console.error(`${where} failed:`, error);
    void this.#do('problems', (shown) => shown.failure(failure));
  }

  /** Something that nobody caught: shown where it comes of a call into the script. The browser has told the console. */
  uncaught(error: unknown): void {
    void this.#do('problems', (shown) => shown.uncaught(error));
  }

  /** Shows for a few seconds what became of new code, and what can be done about it. */
  report(report: ReloadReport, choices: readonly Choice[] = []): void {
    void this.#do('problems', (shown) => shown.report(report, choices));
  }

  /** Shows what is to be decided, in the errors' place. */
  ask(sentence: string, reason: string, choice: Choice): void {
    void this.#do('problems', (shown) => shown.ask(sentence, reason, choice));
  }

  /** The script compiles. */
  clear(): void {
    void this.#shown?.then((shown) => shown?.clear());
  }

  /** New code runs: what failed before is no news of it. */
  mended(): void {
    void this.#shown?.then((shown) => shown?.mended());
  }

  remove(): void {
    this.#removed = true;
    void this.#shown?.then((shown) => shown?.remove());
  }

  async #do(what: Shown, action: (shown: ShownOverlay) => void): Promise<void> {
    if (!this.#allows(what)) return;
    this.#shown ??= import('./shown/index.ts').then(
      ({ ShownOverlay }) => new ShownOverlay(this.#opens),
      // The server is gone, and with it what would be fetched.
      (error: unknown) => void console.error('the page cannot show it:', error),
    );
    const shown = await this.#shown;
    if (shown !== undefined && !this.#removed) action(shown);
  }
}
