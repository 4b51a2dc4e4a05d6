/** The file that `npm run build:tools` writes. */
export const BUNDLE: string;

/** Whether a bundle (default: `BUNDLE`) is there and no source of the tools has changed since it was made. */
export function isFresh(bundle?: string): boolean;

/** Bundles the tools into a folder inside the project (default: where `BUNDLE` lies), which is emptied first. */
export function bundle(folder?: string): Promise<void>;
