/**
 * What the heap needs of the machine. AssemblyScript names an import's module after its file: these are `host.fail`,
 * `host.print`, `host.time` and `host.now`, and nothing else but the memory is imported.
 */

/**
 * Stops the running call: the host throws, so this never returns. Whatever calls it must have left the heap whole.
 * `kind` is a FAIL_ number of `layout.ts`; site -1 means that the position is found from the stack trace.
 */
export declare function fail(kind: i32, site: i32, a: f64, b: f64): void;

/** Prints UTF-8 bytes; the host copies them first, and may call the script before it returns. */
export declare function print(pointer: usize, bytes: u32): void;

/** Milliseconds of the clock that scripts read. It is the user's: it may call the script, and may throw. */
export declare function time(): f64;

/** Milliseconds of the machine's own clock, which does neither: the collector may read it. */
export declare function now(): f64;
