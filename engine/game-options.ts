import type { ScriptModule } from '../scripting/image/index.ts';
import type { Failure } from './failures.ts';
import type { LimitOptions } from './gap/index.ts';
import type { InputOptions } from './input/index.ts';
import { inRange, type PageOptions, type StepOptions, Steps } from './loop/index.ts';
import { expectBoolean, type StageOptions } from './stage/index.ts';

/** Options of a game but for those that are called with it. */
export interface GameSettings<Exports extends object = object, Host extends object = object>
  extends StageOptions,
    StepOptions,
    Omit<PageOptions, 'driven'> {
  readonly script: ScriptModule<Exports, Host>;
  /** Functions that the script declares as externs, by module and name. */
  readonly host?: Host;
  /** Bytes that the script's memory may grow to, and of its nursery: see `MachineOptions`. */
  readonly hardLimit?: number;
  readonly nursery?: number;
  /** Milliseconds that one call of the script may take: see `MachineOptions`. */
  readonly timeLimit?: number;
  /** What the game is called, which keys it claims, what the player has bound. */
  readonly input?: InputOptions;
  /** How the collector is paced: soft limit, budget, guaranteed share. */
  readonly gap?: LimitOptions;
  /** Hears of each kind of failure once, of the script and of everything else that runs in frames. */
  readonly onFailure?: (failure: Failure) => void;
  /** Gives the start up when it is aborted, or ends the game where it has started. */
  readonly signal?: AbortSignal;
  /** Whether the page shows what goes wrong. Default: in development only, except for why a game cannot start. */
  readonly overlay?: boolean;
}

const FUNCTIONS = ['beforeScript', 'onRestart', 'onFailure'] as const;

/** Throws a `TypeError` or `RangeError` for options that do not fit. The machine, the gap and the stage check their own. */
export function checkGameOptions(
  options: GameSettings & { readonly [name in (typeof FUNCTIONS)[number]]?: unknown },
): void {
  if (typeof options?.script?.load !== 'function')
    throw new TypeError('the game needs a `script`, what is imported from a .slu file');
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal))
    throw new TypeError('signal is an AbortSignal, as an AbortController has one');
  new Steps(options);
  if (options.timeLimit !== undefined) inRange('timeLimit', options.timeLimit, 1, Number.POSITIVE_INFINITY);
  if (options.frameCap !== undefined) inRange('frameCap', options.frameCap, 1, 1000);
  for (const name of ['overlay', 'pauseOnBlur'] as const) expectBoolean(name, options[name]);
  for (const name of FUNCTIONS) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'function')
      throw new TypeError(`${name} is a function, not ${String(value)}`);
  }
}
