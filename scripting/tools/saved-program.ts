/**
 * A program that is compiled anew as its files are saved. What a watcher tells is no more than a reason to look: it throws events
 * away that follow one another closely, and an event may come in the middle of a save. So after each one the files are read at once,
 * and again when the file has had time to become what it is to be. Nothing is compiled that pages know already.
 *
 *     event -> read: whole? -> compile -> read: still the same? -> tell
 *              60 ms, read again
 *              200 ms, read again; what is not whole by then is meant so
 */
import { changedSources, essence, isWhole, type ProgramText } from './program-text.ts';

/** Milliseconds after an event at which files are read again. */
export const LOOKS = [60, 200] as const;

/** Compilations in a row that are thrown away because files have changed meanwhile. */
const MOST_OVERTAKEN = 5;

export interface SavedProgramOptions<Compiled> {
  read(): Promise<ProgramText>;
  compile(text: ProgramText): Promise<Compiled>;
  /** Pages are to know this; `changed` are the names of the sources that are others now. */
  tell(compiled: Compiled, changed: readonly string[]): void;
  /** Where a later look fails. */
  failed(error: unknown): void;
  /** Runs `action` after so many milliseconds, unless what it returns is called before. */
  later(milliseconds: number, action: () => void): () => void;
}

export class SavedProgram<Compiled> {
  readonly #options: SavedProgramOptions<Compiled>;
  /** What pages may have: what was told last, and what pages were opened with since. */
  readonly #known = new Map<string, ProgramText>();
  #last: ProgramText | undefined;
  #cancel: readonly (() => void)[] = [];
  #ended = false;
  /** The look in progress: one comes after the other. */
  #looking: Promise<void> = Promise.resolve();

  constructor(options: SavedProgramOptions<Compiled>) {
    this.#options = options;
  }

  /** A page has been given this. */
  given(text: ProgramText): void {
    this.#known.set(essence(text), text);
    this.#last ??= text;
  }

  /** Whether the coming, going or saving of a file may make it another program. */
  concerns(file: string): boolean {
    return this.#given().some(({ looked }) => looked.has(file));
  }

  /** Something has happened to one of its files. Resolves when they were looked at for the first time. */
  saved(): Promise<void> {
    for (const cancel of this.#cancel) cancel();
    this.#cancel = LOOKS.map((milliseconds) =>
      this.#options.later(milliseconds, () => {
        this.#look(milliseconds === LOOKS.at(-1)).catch(this.#options.failed);
      }),
    );
    return this.#look(false);
  }

  /** It is compiled though its text is the same: what it is compiled with has changed. */
  renew(): Promise<void> {
    this.#known.clear();
    return this.#look(true);
  }

  /** Looks no more, and tells nothing of what it is about to compile. */
  end(): void {
    this.#ended = true;
    for (const cancel of this.#cancel) cancel();
  }

  #look(settled: boolean): Promise<void> {
    const mine = this.#looking.then(() => this.#lookNow(settled));
    this.#looking = mine.catch(() => undefined);
    return mine;
  }

  async #lookNow(settled: boolean): Promise<void> {
    let text = await this.#options.read();
    for (let overtaken = 0; ; overtaken += 1) {
      const found = essence(text);
      if (this.#known.size === 1 && this.#known.has(found)) return this.#take(found, text);
      if (!settled && !this.#given().every((before) => isWhole(text, before))) return;
      const compiled = await this.#options.compile(text);
      const now = await this.#options.read();
      if (this.#ended) return;
      if (essence(now) !== found && overtaken < MOST_OVERTAKEN) {
        text = now;
        continue;
      }
      const changed = this.#last === undefined ? [] : changedSources(this.#last, text);
      this.#known.clear();
      this.#take(found, text);
      this.#options.tell(compiled, changed);
      return;
    }
  }

  /** What pages may have, and have had last where what they are to have is not compiled yet. */
  #given(): readonly ProgramText[] {
    return [...(this.#last === undefined ? [] : [this.#last]), ...this.#known.values()];
  }

  #take(found: string, text: ProgramText): void {
    this.#known.set(found, text);
    this.#last = text;
  }
}
