/**
 * A run-time error of a script: what stopped the call, where, and how the script got there. The native stack is kept as
 * it is and read only when somebody asks, because an error that strikes every frame must not cost one.
 */
import { isDerivedName, isLibraryFile, printPosition, type SourcePosition } from '../image/index.ts';
import { type CodeModule, positionOf, type Site } from './code.ts';
import type { FailureKind } from './failure.ts';
import { tracing } from './fetch-tracing.ts';
import type { ScriptFrame } from './tracing.ts';

/** How many native frames are kept of a failing call. */
export const TRACE_LIMIT = 100;

/** And of one that is in too deep: more than its depth allows, so that the trace shows who began it. */
export const DEEP_TRACE_LIMIT = 100_000;

interface FailureOrigin {
  /** Modules whose code may be on the stack, oldest first. */
  readonly modules: readonly CodeModule[];
  /** The place the compiler gave to what failed; where absent, the innermost script frame is it. */
  readonly site?: Site | undefined;
  /** How many native frames were kept; `TRACE_LIMIT` where absent. */
  readonly traceLimit?: number;
  /** Whose native stack tells the trace; the script error's own where absent. */
  readonly native?: Error;
  readonly cause?: unknown;
}

interface Trace {
  readonly frames: readonly ScriptFrame[];
  readonly cut: boolean;
}

const NOT_READ: Trace = { frames: [], cut: false };

export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly kind: FailureKind;
  readonly #origin: FailureOrigin;
  #trace: Trace | undefined;

  constructor(kind: FailureKind, message: string, origin: FailureOrigin) {
    super(message, 'cause' in origin ? { cause: origin.cause } : undefined);
    this.kind = kind;
    this.#origin = origin;
  }

  /**
   * Whether position and trace can be read. False only in a game of a built page, and there only until soon after its first frame: it is
   * drawn before what they are read by is fetched.
   */
  get isLocated(): boolean {
    return tracing() !== undefined && this.#origin.modules.every(({ places }) => places !== undefined);
  }

  /** Resolves when position and trace can be read; where what they are read by does not come, they stay empty. */
  async located(): Promise<void> {
    await Promise.all(this.#origin.modules.map((module) => module.describe())).catch(() => undefined);
  }

  /**
   * Where the script failed; undefined where neither the compiler nor the browser tells. Where a library function, or one
   * that a type has without being told, stopped the call, the place in the script that called it.
   */
  get position(): SourcePosition | undefined {
    const innermost = this.#site ?? this.trace[0]?.position;
    if (innermost === undefined) return undefined;
    const isOwn = (frame: ScriptFrame): boolean =>
      frame.position !== undefined && !isLibraryFile(frame.position.file) && !isDerivedName(frame.function);
    const first = this.trace[0] ?? { function: '', position: innermost };
    return isOwn(first) ? innermost : (this.trace.find(isOwn)?.position ?? innermost);
  }

  /** The functions that were running, innermost first, those of the library too. */
  get trace(): readonly ScriptFrame[] {
    return this.#read().frames;
  }

  /** The same for errors that differ in nothing but their numbers: to count repeats without reading the trace. */
  get identity(): string {
    const { site } = this.#origin;
    if (site !== undefined) return `${this.kind}@${site.code.name}:${site.number}`;
    const innermost = /[^\n]*wasm-function[^\n]*/.exec(nativeStack(this.#origin.native ?? this));
    return `${this.kind}@${innermost?.[0] ?? this.message}`;
  }

  /**
   * Position, message and trace for a terminal:
   *
   *     game.slu:3:8: index 99 is out of range for length 3
   *       at pick (game.slu:3:8)
   *       at main (game.slu:7:3)
   */
  report(): string {
    const place = this.position === undefined ? '' : `${printPosition(this.position)}: `;
    const trace = this.printedTrace;
    return `${place}${this.message}${trace === '' ? '' : `\n${trace}`}`;
  }

  /** The trace for a terminal, one line a frame, recursions folded; '' where there is none. */
  get printedTrace(): string {
    const { frames, cut } = this.#read();
    return tracing()?.printTrace(frames, cut) ?? '';
  }

  get #site(): SourcePosition | undefined {
    const { site } = this.#origin;
    return site === undefined ? undefined : positionOf(site);
  }

  #read(): Trace {
    const tools = tracing();
    if (tools === undefined || !this.isLocated) return NOT_READ;
    if (this.#trace === undefined) {
      const stack = nativeStack(this.#origin.native ?? this);
      const frames = tools.readTrace(stack, this.#origin.modules);
      const { traceLimit = TRACE_LIMIT } = this.#origin;
      const position = this.#site;
      const innermost = frames[0];
      if (position !== undefined && innermost !== undefined) frames[0] = { ...innermost, position };
      const cut = (stack.match(/^\s*at /gm)?.length ?? 0) >= traceLimit;
      this.#trace = { frames, cut };
    }
    return this.#trace;
  }
}

/** V8 formats a stack when it is first read, through a hook that tools replace; we want its own format. */
function nativeStack(error: Error): string {
  const hooks = Error as { prepareStackTrace?: unknown };
  const hook = hooks.prepareStackTrace;
  hooks.prepareStackTrace = undefined;
  try {
    return error.stack ?? '';
  } finally {
    hooks.prepareStackTrace = hook;
  }
}
