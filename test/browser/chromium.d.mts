export type Provided =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

/** A Chromium for the tests, or a sentence that says why there is none. With `CI` set, one is installed. */
export function provideChromium(): Promise<Provided>;

/** The first Chromium that is there and runs. */
export function findChromium(): string | undefined;
