/** The command line for tests: scripts in a folder of their own, and `sluice` run in this process or in one of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { main } from '../../../scripting/tools/index.ts';

const BIN = fileURLToPath(new URL('../../../scripting/tools/sluice.mjs', import.meta.url));

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
    return { code, out: this.#short(out), error: this.#short(error) };
  }

  /** The same in a process of its own, as people run it: with a JavaScript heap in which nothing else is. */
  async sluiceApart(...args: string[]): Promise<Outcome> {
    const running = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [[code], out, error] = await Promise.all([
      once(running, 'close'),
      text(running.stdout),
      text(running.stderr),
    ]);
    return { code, out: this.#short(out), error: this.#short(error) };
  }

  #short(text: string): string {
    return text.replaceAll(`${this.folder}/`, '');
  }
}
