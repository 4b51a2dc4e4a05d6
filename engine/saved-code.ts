/** What became of saved code in a game: told to the page, to the development server, and to whoever asks the game. */
import {
  type Manifest,
  printPosition,
  type ReloadReport,
  type ScriptModule,
} from '../scripting/image/index.ts';
import { ScriptError } from '../scripting/machine/index.ts';
import type { Failures } from './failures.ts';
import type { Loop } from './loop/index.ts';
import type { Choice, ReloadTimes } from './reload/index.ts';
import type { ReloadableMachine, ReplacedNames } from './script.ts';
import type { Trouble } from './trouble.ts';

type Notes = typeof import('./reload/shown/index.ts');

interface Added {
  readonly notes: readonly string[];
  readonly choices: readonly Choice[];
}

interface SavedCodeOptions {
  readonly script: Pick<ScriptModule, 'report'>;
  readonly loop: Loop;
  readonly failures: Failures;
  readonly trouble: Trouble;
  /** The running machine; undefined where the game has ended. */
  readonly machine: () => ReloadableMachine | undefined;
}

export class SavedCode {
  readonly #options: SavedCodeOptions;
  last: ReloadReport | undefined;

  constructor(options: SavedCodeOptions) {
    this.#options = options;
  }

  /** Other code runs than what has failed. */
  mended(): void {
    const { loop, failures, trouble } = this.#options;
    loop.wake();
    failures.forget();
    trouble.overlay.mended();
  }

  replaced(before: Manifest, now: Manifest, times: ReloadTimes, names: ReplacedNames): void {
    const machine = this.#options.machine();
    this.mended();
    const act = (action: () => void) => this.#betweenFrames(machine, action);
    this.#tell(
      { ...times, outcome: 'replaced', notes: [] },
      ({ changedExports, nameNotes, nameChoices }) => ({
        notes: [...changedExports(before, now), ...nameNotes(names)],
        choices: machine === undefined ? [] : nameChoices(names, machine, act),
      }),
    );
  }

  restarted(before: Manifest, now: Manifest, reason: string, times: ReloadTimes): void {
    this.#tell({ ...times, outcome: 'restarted', reason, notes: [] }, ({ changedExports }) => ({
      notes: changedExports(before, now),
      choices: [],
    }));
  }

  /** The new code cannot be used, and the code of before goes on: the sentence says so. */
  failed(sentence: string, error: unknown, times: ReloadTimes): void {
    this.#tell({ ...times, outcome: 'refused', reason: reasonOf(error), notes: [] });
    this.#options.trouble.failed(sentence, error);
  }

  ask(kind: 'confirm' | 'refused', reason: string, times: ReloadTimes, use: () => void): void {
    this.#tell({ ...times, outcome: 'refused', reason, notes: [] });
    const [question, text] =
      kind === 'confirm'
        ? ['is the new code meant so?', 'use it']
        : ['live objects do not fit the new code.', 'begin anew with it'];
    this.#options.trouble.overlay.ask(`The last good code goes on: ${question}`, reason, {
      text,
      action: use,
    });
  }

  /** `add` says what else there is to be known and done. */
  #tell(found: Omit<ReloadReport, 'frame'>, add?: (tools: Notes) => Added): void {
    const { script, loop, trouble } = this.#options;
    const tell = (report: ReloadReport, choices: readonly Choice[]) => {
      this.last = report;
      trouble.overlay.report(report, choices);
      script.report?.(report);
    };
    const report = { ...found, frame: loop.recorder.frames };
    if (add === undefined) {
      tell(report, []);
      return;
    }
    import('./reload/shown/index.ts').then(
      (tools) => {
        const { notes, choices } = add(tools);
        tell({ ...report, notes }, choices);
      },
      () => tell(report, []),
    );
  }

  /** Does something to the scene that runs, unless it is another by then. */
  #betweenFrames(machine: ReloadableMachine | undefined, action: () => void): void {
    const { loop, trouble } = this.#options;
    loop.afterFrame(() => {
      if (this.#options.machine() !== machine) return;
      try {
        action();
      } catch (error) {
        trouble.failed('That could not be done', error);
      }
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error instanceof ScriptError ? error.position : undefined;
  return place === undefined ? error.message : `${printPosition(place)}: ${error.message}`;
}
