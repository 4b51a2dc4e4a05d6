/**
 * A development server over a copy of the demos, with the project's own Vite configuration: tests may edit the copy's
 * scripts while it runs. The copy lies in a temporary folder; the engine beside it is the project's. Servers that run one after the
 * other in a process have the same folder, since packages that Vite has bundled are kept by where they lie: to do that again takes
 * longer than most tests.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, mergeConfig, type Plugin, type ViteDevServer } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import config from '../../vite.config.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { inBrowser, type Opening, type SMALL, type WatchedPage } from './in-browser.ts';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders that no server runs in now. */
const free: string[] = [];

/** A folder with what the demos need beside them; it goes when all tests have run. */
function newFolder(): string {
  const folder = mkdtempSync(join(temporaryFolder(), 'demos-'));
  for (const name of ['engine', 'scripting', 'node_modules', 'package.json'])
    symlinkSync(join(PROJECT, name), join(folder, name));
  return folder;
}

/**
 * The engine does not change while tests run: a page that is opened again in the same context has its modules, and need not ask for each
 * of them whether it is still the same.
 */
const KEPT_ENGINE: Plugin = {
  name: 'kept-engine',
  configureServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      if (/^\/@fs\/[^?]*\.ts$/.test(request.url ?? '')) {
        const setHeader = response.setHeader.bind(response);
        response.setHeader = (name, value) =>
          setHeader(name, name === 'Cache-Control' ? 'max-age=3600, immutable' : value);
      }
      next();
    });
  },
};

export class DemoServer {
  readonly #folder: string;
  #server: ViteDevServer | undefined;

  /**
   * `prepare` changes the copy before the server looks at it. A file that is new while it looks at its folders is found when there is
   * something else that is new beside it, and then pages load again.
   */
  static async start(prepare?: (server: DemoServer) => void): Promise<DemoServer> {
    const folder = free.pop() ?? newFolder();
    const root = join(folder, 'demos');
    rmSync(root, { recursive: true, force: true });
    cpSync(join(PROJECT, 'demos'), root, { recursive: true });
    const server = new DemoServer(folder);
    prepare?.(server);
    await server.#listen(root);
    return server;
  }

  private constructor(folder: string) {
    this.#folder = folder;
  }

  async #listen(root: string): Promise<void> {
    const here = {
      // Given as a value: Vite would start the server anew whenever a file changes that the configuration imports.
      configFile: false as const,
      root,
      cacheDir: join(this.#folder, 'cache'),
      logLevel: 'silent' as const,
      plugins: [KEPT_ENGINE],
      server: { port: 0, host: '127.0.0.1', fs: { allow: [this.#folder, PROJECT] } },
    };
    this.#server = await createServer(mergeConfig(config, here));
    await this.#server.listen();
  }

  /** Ends with `/`. */
  get url(): string {
    const address = this.#server?.httpServer?.address();
    if (address === null || address === undefined || typeof address === 'string')
      throw new Error('the development server has no port');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Saves a script, changed: each `from` must be in it. Returns the text it had before. */
  edit(script: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
    const before = this.read(script);
    let after = before;
    for (const [from, to] of changes) {
      if (!after.includes(from)) throw new Error(`${script} does not hold ${from}`);
      after = after.replace(from, to);
    }
    this.write(script, after);
    return before;
  }

  read(script: string): string {
    return readFileSync(join(this.#folder, 'demos', script), 'utf8');
  }

  /** A file that is not there yet is made, with its folder. */
  write(file: string, content: string | Uint8Array): void {
    const path = join(this.#folder, 'demos', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** Saves as editors do that put a new file in the place of the old one. */
  replace(file: string, text: string): void {
    const path = join(this.#folder, 'demos', file);
    writeFileSync(`${path}.saving`, text);
    renameSync(`${path}.saving`, path);
  }

  remove(file: string): void {
    rmSync(join(this.#folder, 'demos', file));
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    free.push(this.#folder);
  }
}

/** The demos as they are served to a test file. */
export interface ServedDemos {
  /** There in hooks and tests. */
  readonly server: DemoServer;
  /** Opens a page by its path, `physics/` for one; another server's by its whole address. */
  open(path: string, opening?: Opening): Promise<WatchedPage>;
}

/** Serves the demos to the file that calls it, with what `prepare` adds to them, and gives it pages. */
export function servedDemos(prepare?: (server: DemoServer) => void, viewport?: typeof SMALL): ServedDemos {
  let server: DemoServer;
  beforeAll(async () => {
    server = await DemoServer.start(prepare);
  });
  afterAll(() => server?.stop());
  // After the server: what ends, ends the other way round.
  const pages = inBrowser(viewport);
  return {
    get server() {
      return server;
    },
    open: (path, opening) => pages.open(new URL(path, server.url).href, opening),
  };
}
