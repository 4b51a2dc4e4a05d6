/**
 * What a profiled run came to, as `--json` writes it and `--compare` reads it: plain JSON, by which two runs are compared and from
 * which all that is printed is made. Times are milliseconds, sizes bytes. Moments in a frame are milliseconds after its timestamp:
 *
 *      timestamp                deadline
 *          |<------- interval ------>|
 *     slice|   input    script    |slice slice|
 *          |<>| start             |
 *             |<----- work ------>|
 *          |<-------- end ------->|        end > interval: late
 */
import { readFile } from 'node:fs/promises';
import type { SliceKind } from '../../../engine/profile/index.ts';
import type { Growth, TypeTotal } from '../../machine/snapshot/index.ts';
import { UsageError } from '../options.ts';

/** Recordings of another format mean something else. */
const RECORDING_FORMAT = 3;

export interface Recording {
  readonly format: number;
  /** The main script, as it was named. */
  readonly script: string;
  readonly mode: 'development' | 'release';
  /** Milliseconds from timestamp to timestamp. */
  readonly interval: number;
  /** Functions of the script that samples were found in; frames know them by their places here. */
  readonly functions: readonly ProfiledFunction[];
  /** Places that loops and recursive calls were found at; frames know them likewise. */
  readonly lines: readonly ProfiledLine[];
  /** What makes objects; frames know them likewise. Undefined where the run did not count them. */
  readonly sites?: readonly ProfiledSite[];
  /** What could be done about them; undefined likewise. */
  readonly hints?: readonly Hint[];
  /** What the heap has; undefined where that was not asked for. */
  readonly heap?: HeapSummary;
  readonly frames: readonly ProfiledFrame[];
}

export interface ProfiledFunction {
  /** As the script calls it; of a function without a name, '' . */
  readonly name: string;
  readonly file: string;
  /** Where its code begins, from 1. */
  readonly line: number;
}

/** A line of a loop, or of a function that calls itself. */
export interface ProfiledLine {
  /** Index of the function whose code it is in, and the name of the one that it was written in: a release puts code where it is called. */
  readonly function: number;
  readonly inner: string;
  readonly file: string;
  readonly line: number;
}

/** A change of a script's text: at a place, counted from 1, so much is taken out and so much put in. */
export interface TextEdit {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly removed: string;
  readonly inserted: string;
}

/**
 * What could be done about a site: an arena around what makes it, a vector that is kept and emptied, a value in place of a struct, or
 * less that is kept.
 * An edit was tried: the compiler takes it, and the same frames were played again with it.
 */
export type Hint =
  | {
      readonly kind: 'arena';
      /** Index into the recording's sites. */
      readonly site: number;
      /** The function that opens it, and the arena: what is made never leaves that function, or, for `frame`, the frame. */
      readonly name: string;
      readonly arena: 'work' | 'frame';
      readonly edits: readonly TextEdit[];
      /** Bytes of the site that the heap is given a frame, without the edit and with it. */
      readonly before: number;
      readonly after: number;
    }
  | {
      readonly kind: 'buffer';
      readonly site: number;
      /** The function, and what it calls the vector. */
      readonly name: string;
      readonly vector: string;
      readonly edits: readonly TextEdit[];
      /** Bytes that the heap is given a frame in all, likewise. */
      readonly before: number;
      readonly after: number;
    }
  | {
      readonly kind: 'value';
      readonly site: number;
      /** Of the struct. */
      readonly name: string;
      readonly edits: readonly TextEdit[];
      readonly before: number;
      readonly after: number;
    }
  | {
      readonly kind: 'kept';
      /** The one that most of it is of. */
      readonly site: number;
      /** The global that it is put into, and that one's type; '' where no line says so. */
      readonly global: string;
      readonly type: string;
      /** Of what was made in the first half of the frames and kept so, bytes that are alive in the end. */
      readonly bytes: number;
    };

/** What snapshots of the heap have shown. Sizes are bytes. */
export interface HeapSummary {
  /** After which frames they were taken. */
  readonly frames: readonly number[];
  /** In the last: objects that can be reached, and their bytes. */
  readonly count: number;
  readonly bytes: number;
  readonly types: readonly TypeTotal[];
  /** Objects that keep most alive, by the way to them. */
  readonly largest: readonly {
    readonly path: string;
    readonly type: string;
    readonly bytes: number;
    readonly keeps: number;
  }[];
  /** What became more from each to the next. */
  readonly grown: readonly Growth[];
}

/** A place of the script that makes objects of a type, itself or by what it calls of the library. */
export interface ProfiledSite {
  /** Of the function that it is in; '' and line 0 for what no line of the script asked for. */
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What it makes, as a script writes the type. */
  readonly type: string;
  /** How it was called, the most frequent first; of samples. */
  readonly paths: readonly SitePath[];
  /** The part of its objects in the heap, 0 to 1, that were alive after the first collection since; undefined where none looked at them. */
  readonly survived?: number;
  /** Frames until half of them were found dead; undefined where more than half are alive in the end. */
  readonly lifetime?: number;
  /** Estimates, of samples: what is alive in the end, and what of that was made in the first half of the frames. */
  readonly kept: number;
  readonly keptLong: number;
}

export interface SitePath {
  /** Functions of the script, from the outermost to the one that the site is in, each with the place that it was at. */
  readonly steps: readonly SiteStep[];
  /** The part of the site's objects that were made so, 0 to 1. */
  readonly part: number;
}

export interface SiteStep extends ProfiledFunction {
  readonly column: number;
}

/** What a site has made in a frame. */
export interface SiteCount {
  /** Index into the recording's sites. */
  readonly site: number;
  readonly objects: number;
  /** In the heap, and in arenas. */
  readonly bytes: number;
  readonly arenaBytes: number;
}

export interface ProfiledFrame {
  /** From 0. */
  readonly number: number;
  /** When it was to begin, since the first. */
  readonly time: number;
  /** From its timestamp until its work began, and until that ended, less what the watching itself took. */
  readonly start: number;
  readonly end: number;
  /** Parts of its work; what is left of that is the emptying of the `frame` arena. */
  readonly input: number;
  readonly script: number;
  /** In slices after it. */
  readonly gap: number;
  /** Whether it missed its deadline, and by whose doing: a `Culprit`, in words; '' where it did not. */
  readonly late: boolean;
  readonly lateBy: string;
  /** Who had most of `start`, likewise. */
  readonly startBy: string;
  /** What the script's collector had of the time until the frame's end: before its start and inside of it. */
  readonly collectorDelay: number;
  readonly slices: readonly Slice[];
  /** Whole collections of the script's heap that ended in it or in its gap, and those of them inside the frame. */
  readonly collections: number;
  readonly collectionsInFrame: number;
  readonly allocated: number;
  readonly live: number;
  readonly young: number;
  readonly arena: number;
  readonly memory: number;
  /** Bytes beyond the soft limit, and what slices took after the deadline because of that. */
  readonly debt: number;
  readonly guaranteed: number;
  /** Suppressions that were open when it ended, and bytes that waited for their end. */
  readonly suppressed: number;
  readonly suppressedBytes: number;
  /** What the system let the script wait, since other programs ran; 0 where the system does not tell. */
  readonly waited: number;
  /** Script calls that failed. */
  readonly errors: number;
  /** Names that the script gave it, by `(mark name)` of `sluice.profile`. */
  readonly marks: readonly string[];
  readonly hostCalls: readonly HostCalls[];
  /** Collections of V8's, which have nothing to do with the script's heap. */
  readonly v8: readonly EngineCollection[];
  /** What samples say of its script, the longest first. */
  readonly samples: readonly FunctionTime[];
  /** Of what functions took themselves, what their lines had; those without loops have none. */
  readonly lines: readonly LineTime[];
  /** What was made in it, in the order in which it began; empty where the run did not count. */
  readonly sites: readonly SiteCount[];
  /** Functions that called one another where most of its script's time went, from the outermost. */
  readonly path: readonly number[];
}

export interface Slice {
  readonly kind: SliceKind;
  readonly at: number;
  readonly length: number;
}

/** Calls of one of the host's functions from the script. What such a call calls of the host again is part of it. */
export interface HostCalls {
  readonly name: string;
  readonly count: number;
  readonly time: number;
  readonly longest: number;
  /** When the longest began. */
  readonly at: number;
  /** What collections of V8's had of the time. */
  readonly v8: number;
}

export interface EngineCollection {
  /** `minor`, `major`, `incremental` or `weak callbacks`. */
  readonly kind: string;
  readonly at: number;
  readonly length: number;
}

export interface FunctionTime {
  /** Index into the recording's functions. */
  readonly function: number;
  /** In itself and what it calls of the library and the heap; with all that it calls. */
  readonly self: number;
  readonly total: number;
  /** Of `self` what the heap had: allocation, barriers, growth. */
  readonly heap: number;
}

export interface LineTime {
  /** Index into the recording's lines. */
  readonly line: number;
  readonly self: number;
}

/** A frame's own work, from its beginning to its end; the gap is no part of it. */
export const workOf = ({ start, end }: ProfiledFrame): number => end - start;

/** The same less what the thread waited for other programs: what can be compared, and held to a limit, on a machine that is busy. */
export const ownWorkOf = (frame: ProfiledFrame): number => Math.max(0, workOf(frame) - frame.waited);

export function makeRecording(of: Omit<Recording, 'format'>): Recording {
  return { format: RECORDING_FORMAT, ...of };
}

/** Reads what `--json` wrote. Throws a `UsageError` that says what is wrong with the file. */
export async function readRecording(file: string): Promise<Recording> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'ENOENT'
        ? `there is no file ${file} with a recording: \`sluice profile ... --json ${file}\` makes one`
        : `${file} cannot be read: ${error.message}`,
    );
  });
  const found = parsed(text);
  if (typeof found?.format !== 'number' || !Array.isArray(found.frames) || !Array.isArray(found.functions))
    throw new UsageError(`${file} is no recording: \`sluice profile ... --json FILE\` makes one`);
  if (found.format !== RECORDING_FORMAT)
    throw new UsageError(
      `${file} was recorded by another version of Sluice: it has format ${found.format}, and this one reads ${RECORDING_FORMAT}; ` +
        'record it again',
    );
  return found as Recording;
}

function parsed(text: string): Partial<Recording> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}
