/** The command line for tests: scripts in a folder of their own, and `sluice` run in this process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { main } from '../../../scripting/tools/index.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** A folder that is there until the tests of the file are over. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-'));

  constructor() {
    // Modules are looked for up to the project's folder.
    this.write('package.json', '{}');
    afterAll(() => rmSync(this.folder, { recursive: true }));
  }

  /** Writes a file into the folder; returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Where a file of the folder lies. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a command line; paths in what it writes are shortened. */
  async sluice(...args: string[]): Promise<Outcome> {
    let out = '';
    let error = '';
    const code = await main(args, {
      out: (text) => {
        out += text;
      },
      error: (text) => {
        error += text;
      },
    });
    const short = (text: string): string => text.replaceAll(`${this.folder}/`, '');
    return { code, out: short(out), error: short(error) };
  }
}
