/** Who hears of what goes wrong in a game: the console always, the page where it is to, and whoever started the game. */
import { ScriptError } from '../scripting/machine/index.ts';
import type { Failure } from './failures.ts';
import { Overlay } from './reload/index.ts';

export interface TroubleOptions {
  readonly script?: { readonly opens?: string };
  readonly overlay?: boolean;
  readonly onFailure?: (failure: Failure) => void;
}

/** Why the last game on this page could not start: it stands there until the next one is started. */
let notStarted: Overlay | undefined;

export class Trouble {
  readonly overlay: Overlay;
  /** Whether the script is compiled as it is saved. */
  developing = true;
  readonly #onFailure: ((failure: Failure) => void) | undefined;

  constructor({ overlay, onFailure, script }: TroubleOptions) {
    this.#onFailure = onFailure;
    this.overlay = new Overlay((what) => overlay ?? (what === 'start' || this.developing), script?.opens);
    stand(undefined);
  }

  /** Something failed in a frame. What fails before it can be located is told as soon as it can. */
  hear(failure: Failure): void {
    const { error } = failure;
    if (error instanceof ScriptError && !error.isLocated)
      void error.located().then(() => this.#hear(failure));
    else this.#hear(failure);
  }

  /** Something failed outside of frames, as the sentence says. */
  failed(sentence: string, error: unknown): void {
    void this.overlay.fail(sentence, error);
    this.#tell({ error, where: 'reload', count: 1 });
  }

  /** Resolves when the page says so. */
  async startFailed(error: unknown): Promise<void> {
    stand(this.overlay);
    if (error instanceof ScriptError) await error.located();
    return this.overlay.fail('The game could not start', error, 'start');
  }

  /** Has the page show what a call into the script throws and nobody catches, until `signal` is aborted. */
  hearUncaught(signal: AbortSignal): void {
    addEventListener('error', ({ error }) => this.overlay.uncaught(error), { signal });
    addEventListener('unhandledrejection', ({ reason }) => this.overlay.uncaught(reason), { signal });
  }

  end(): void {
    this.overlay.remove();
  }

  #hear(failure: Failure): void {
    this.overlay.failure(failure);
    this.#tell(failure);
  }

  #tell(failure: Failure): void {
    try {
      this.#onFailure?.(failure);
    } catch (error) {
      console.error('onFailure failed:', error);
    }
  }
}

function stand(overlay: Overlay | undefined): void {
  notStarted?.remove();
  notStarted = overlay;
}
