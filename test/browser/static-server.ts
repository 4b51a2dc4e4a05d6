/** Somebody's server: what was built lies under a path of its own, and is sent with a strict content policy. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { CONTENT_POLICY } from '../../scripting/tools/index.ts';

const PATH = '/games/sluice/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
};

export class StaticServer {
  /** Ends with `/`. */
  readonly url: string;
  readonly #server: Server;

  /** `others` are headers that are sent with every file besides. */
  static async start(
    folder: string,
    policy = CONTENT_POLICY,
    others: Readonly<Record<string, string>> = {},
  ): Promise<StaticServer> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      const file = normalize(join(folder, path.slice(PATH.length), path.endsWith('/') ? 'index.html' : ''));
      const type = TYPES[extname(file)];
      if (!path.startsWith(PATH) || !file.startsWith(folder) || type === undefined) {
        response.writeHead(404).end();
        return;
      }
      const headers = { 'Content-Type': type, 'Content-Security-Policy': policy, ...others };
      readFile(file).then(
        (bytes) => response.writeHead(200, headers).end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StaticServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  }

  stop(): void {
    this.#server.close();
  }
}
