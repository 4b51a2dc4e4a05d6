/** The file that `npm run build:tools` writes. */
export const BUNDLE: string;

/** Whether a bundle (default: `BUNDLE`) is there and no source of the tools has changed since it was made. */
export function isFresh(bundle?: string): boolean;

/**
 * Bundles a program of the project into a folder inside of it, which is emptied first. Defaults: the tools (`entry` is a path
 * from the project's root), and where `BUNDLE` lies.
 */
export function bundle(folder?: string, entry?: string): Promise<void>;
