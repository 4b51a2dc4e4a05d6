/** `read-file` and `write-file`, which scripts have on the command line only: the module `sluice.files` of the host. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Paths are those of the process. What cannot be read or written becomes an `Err` in the script. */
export const FILES = {
  'sluice.files': {
    'read-file': (path: string): string => readFileSync(path, 'utf8'),
    'write-file': (path: string, text: string): void => writeFileSync(path, text),
  },
} as const;
