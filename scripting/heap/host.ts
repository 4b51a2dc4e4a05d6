/**
 * What the heap needs of the machine. AssemblyScript names an import's module after its file: these are `host.fail`,
 * `host.print` and `host.time`, and nothing else but the memory is imported.
 */

/**
 * Stops the running call: the host throws, so this never returns. Whatever calls it must have left the heap whole.
 * `kind` is a FAIL_ number of `layout.ts`; site -1 means that the position is found from the stack trace.
 */
export declare function fail(kind: i32, site: i32, a: f64, b: f64): void;

/** Prints UTF-8 bytes; the host copies them before it returns. */
export declare function print(pointer: usize, bytes: u32): void;

/** Milliseconds of the host's clock. */
export declare function time(): f64;
