/** The images of a game as its page has them: while serving, after an image has changed, and in a build. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decode } from 'fast-png';
import { build, createLogger, createServer, type ViteDevServer } from 'vite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Atlas } from '../../../scripting/atlas/index.ts';
import {
  DeliveredScript,
  encodeImage,
  IMAGES_EVENT,
  type ImagesMessage,
  SCRIPT_EVENT,
  type ScriptEvent,
  type ScriptModule,
} from '../../../scripting/image/index.ts';
import { type SluiceOptions, sluice } from '../../../scripting/tools/index.ts';
import { ImageFolder } from './atlas/image-folder.ts';
import { imageOf } from './script.ts';

const SCRIPT = '(pub defn answer () : i64 42)\n';

/** What a page hears of, in order: of scripts only that there was something. */
type Heard = ImagesMessage | typeof SCRIPT_EVENT;

let images: ImageFolder;
/** The project: the folder with the script, and the images beside it. */
let root: string;

beforeEach(() => {
  images = new ImageFolder();
  root = dirname(images.folder);
  images.write('../game.slu', SCRIPT);
});

function atlasIn(code: string): Atlas | undefined {
  const found = /const atlas = JSON\.parse\(("(?:[^"\\]|\\.)*")\)/.exec(code)?.[1];
  return found === undefined ? undefined : (JSON.parse(JSON.parse(found) as string) as Atlas);
}

describe('while serving', () => {
  let server: ViteDevServer;
  let heard: Heard[];
  let logged: string[];
  let address: string;

  async function serve(options?: SluiceOptions): Promise<void> {
    heard = [];
    logged = [];
    const customLogger = createLogger('silent');
    customLogger.error = customLogger.warn = (message) => void logged.push(message);
    server = await createServer({
      root,
      configFile: false,
      customLogger,
      server: { middlewareMode: true, ws: false },
      plugins: [sluice({ declarations: false, ...options })],
    });
    server.environments.client.hot.send = (message: unknown) => {
      const { event, data } = message as { event?: string; data?: ImagesMessage };
      if (event === SCRIPT_EVENT) heard.push(SCRIPT_EVENT);
      if (event === IMAGES_EVENT && data !== undefined) heard.push(data);
    };
    const http = createHttpServer(server.middlewares);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    onTestFinished(async () => {
      http.close();
      await server.close();
    });
  }

  const load = async () => atlasIn((await server.transformRequest('/game.slu'))?.code ?? '');

  /** The pixels of a region, fetched as a page does it. */
  async function pixelsOf(atlas: Atlas | undefined, name: string): Promise<Uint8Array> {
    const region = atlas?.regions.find((each) => each.name === name);
    const page = atlas?.pages[region?.page ?? 0];
    if (region === undefined || page === undefined) throw new Error(`there is no ${name}`);
    const response = await fetch(`${address}${page.url}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    const { data, width } = decode(new Uint8Array(await response.arrayBuffer()));
    const rows = Array.from({ length: region.height }, (_none, y) => {
      const from = ((region.y + y) * width + region.x) * 4;
      return [...data.subarray(from, from + region.width * 4)];
    });
    return Uint8Array.from(rows.flat());
  }

  /** Changes a file as an editor would, and waits until the page has heard of so much. */
  async function change(kind: 'add' | 'change' | 'unlink', name: string, count: number): Promise<void> {
    server.watcher.emit(kind, images.path(name));
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  }

  const messages = () => heard.filter((message) => message !== SCRIPT_EVENT);

  it('the module of a script carries the atlas, and its pages are fetched', async () => {
    const pixels = images.draw('hero/run.png', 6, 4);
    await serve();
    const atlas = await load();
    expect(atlas?.regions).toMatchObject([{ name: 'hero/run.png', width: 6, height: 4, scale: 1 }]);
    expect(await pixelsOf(atlas, 'hero/run.png')).toEqual(pixels);
    const other = await fetch(`${address}/@sluice-images/0123456789abcdef.png`);
    expect(other.headers.get('content-type')).not.toBe('image/png');
  });

  it('a script without images has no atlas, until the first one is there', async () => {
    await serve();
    expect(await load()).toBeUndefined();
    images.draw('ball.png', 3, 3);
    await change('add', 'ball.png', 2);
    expect(heard).toEqual([expect.objectContaining({ script: 'game.slu' }), SCRIPT_EVENT]);
    expect(messages()[0]?.atlas.regions).toMatchObject([{ name: 'ball.png' }]);
    expect(await load()).toEqual(messages()[0]?.atlas);
  });

  it('an edited image is told of without a compilation, and pages that have not changed keep their address', async () => {
    // What has two texels a unit lies on a page of its own.
    images.draw('ball.png', 60, 60);
    images.draw('sharp@2x.png', 60, 60);
    await serve();
    const before = await load();
    const pixels = images.draw('ball.png', 60, 60, 7);
    await change('change', 'ball.png', 1);
    const [message, ...more] = messages();
    expect([more, heard.includes(SCRIPT_EVENT)]).toEqual([[], false]);
    const atlas = message?.atlas;
    expect(atlas?.pages[0]?.url).not.toBe(before?.pages[0]?.url);
    expect(atlas?.pages[1]).toEqual(before?.pages[1]);
    expect(await pixelsOf(atlas, 'ball.png')).toEqual(pixels);
    // A page may be about to fetch what it was told before.
    expect((await fetch(`${address}${before?.pages[0]?.url}`)).headers.get('content-type')).toBe('image/png');
    expect(await load()).toEqual(atlas);
  });

  it('a deleted image is gone, and the script is compiled again, which may name it', async () => {
    images.draw('ball.png', 6, 6);
    images.draw('hero.png', 6, 6);
    await serve();
    await load();
    images.remove('ball.png');
    await change('unlink', 'ball.png', 2);
    expect(messages()[0]?.atlas.regions).toMatchObject([{ name: 'hero.png' }]);
    expect(heard[1]).toBe(SCRIPT_EVENT);
  });

  it('many images that come at once are told of together', async () => {
    await serve();
    await load();
    const names = Array.from({ length: 20 }, (_none, i) => `run-${i}.png`);
    for (const name of names) images.draw(name, 5, 5);
    for (const name of names) server.watcher.emit('add', images.path(name));
    await expect.poll(() => messages().at(-1)?.atlas.regions.length, { timeout: 20_000 }).toBe(20);
    expect(messages().length).toBeLessThanOrEqual(2);
  });

  it('a broken image is said to be, in the terminal once and in the page, and stays as it was', async () => {
    images.draw('ball.png', 6, 6);
    await serve();
    const before = await load();
    images.write('ball.png', 'half a file');
    await change('change', 'ball.png', 1);
    expect(messages()).toEqual([
      { script: 'game.slu', atlas: before, problems: ['images/ball.png: error: it is no PNG image'] },
    ]);
    // There are no packages here for Vite to find.
    const ours = logged.filter((message) => !message.includes('Failed to resolve dependency'));
    expect(ours).toEqual(['images/ball.png: error: it is no PNG image']);
    images.draw('ball.png', 6, 6);
    await change('change', 'ball.png', 2);
    // While it is written, it may be seen half done.
    const mended = { script: 'game.slu', atlas: before, problems: [] };
    await expect.poll(() => messages().at(-1), { timeout: 20_000 }).toEqual(mended);
  });

  it('an option names another folder', async () => {
    images.draw('../art/ball.png', 3, 3);
    await serve({ images: 'art' });
    expect((await load())?.regions).toMatchObject([{ name: 'ball.png' }]);
  });

  it('the folder may lie outside of the project: what changes there is seen all the same', async () => {
    images.draw('ball.png', 3, 3);
    images.write('../page/game.slu', SCRIPT);
    root = join(root, 'page');
    await serve({ images: '../images' });
    await load();
    // What changes before the watcher has looked through the folder is no change to it, so it changes until it is seen.
    let shade = 5;
    const change = (): number => {
      images.draw('ball.png', 3, 3, shade++);
      return messages().length;
    };
    await expect.poll(change, { timeout: 20_000, interval: 500 }).toBeGreaterThan(0);
  });
});

describe('in a build', () => {
  const bundle = async (options: SluiceOptions = {}) => {
    images.write('../main.js', "export { default } from './game.slu';\n");
    const result = await build({
      root,
      base: './',
      configFile: false,
      logLevel: 'silent',
      plugins: [sluice({ declarations: false, ...options })],
      build: {
        write: false,
        minify: false,
        lib: { entry: join(root, 'main.js'), formats: ['es'] },
        // As in the build of a page; that of a library hashes no names.
        rolldownOptions: { output: { assetFileNames: 'assets/[name]-[hash][extname]' } },
      },
    });
    const output = Array.isArray(result) ? result[0]?.output : 'output' in result ? result.output : undefined;
    if (output === undefined) throw new Error('nothing was built');
    return output;
  };

  it('pages are files with hashed names, which the module finds beside itself', async () => {
    const pixels = images.draw('ball.png', 5, 7);
    images.draw('ball@2x.png', 10, 14);
    const output = await bundle();
    const pages = output.filter(({ fileName }) => fileName.endsWith('.png'));
    expect(pages.map(({ fileName }) => fileName)).toEqual([
      expect.stringMatching(/images-1-[\w-]{8}\.png$/),
      expect.stringMatching(/images-2-[\w-]{8}\.png$/),
    ]);
    images.write('../dist.mjs', output[0].code);
    const placed = join(root, 'dist.mjs');
    const { atlas } = ((await import(pathToFileURL(placed).href)) as { default: ScriptModule }).default;
    expect(atlas?.regions.map(({ name, scale, page }) => [name, scale, page])).toEqual([
      ['ball.png', 1, 0],
      ['ball.png', 2, 1],
    ]);
    expect(atlas?.pages.map(({ url }) => url)).toEqual(
      pages.map(({ fileName }) => pathToFileURL(join(root, fileName)).href),
    );
    const [first] = pages;
    if (first?.type !== 'asset') throw new Error('a page is no file');
    const { width, data } = decode(first.source as Uint8Array);
    expect([width, ...data.subarray((width + 1) * 4, (width + 2) * 4)]).toEqual([
      7,
      ...pixels.subarray(0, 4),
    ]);
  });

  it('there is nothing of it where a game has no images', async () => {
    const output = await bundle();
    expect(output.filter(({ fileName }) => fileName.endsWith('.png'))).toEqual([]);
  });

  it('fails with every image that is wrong, and where the folder that an option names is not there', async () => {
    images.draw('good.png', 3, 3);
    images.write('torn.png', 'no image');
    images.draw('huge.png', 2047, 1);
    await expect(bundle()).rejects.toThrow(
      /images\/huge\.png: error: it is too large.*\n\nimages\/torn\.png: error: it is no PNG image/,
    );
    await expect(bundle({ images: 'art' })).rejects.toThrow('art: error: there is no such folder of images');
  });
});

describe('a delivered script', () => {
  it('has the newest atlas, and tells of it', async () => {
    const atlas = (url: string): Atlas => ({ pages: [{ url, width: 1, height: 1 }], regions: [] });
    const state = {
      kind: 'compiled',
      image: encodeImage(await imageOf('(pub defn answer () : i64 1)')),
    } as const;
    const script = new DeliveredScript('game.slu', state, atlas('a'));
    const heard: ScriptEvent[] = [];
    script.subscribe((event) => heard.push(event));
    expect(script.atlas).toEqual(atlas('a'));
    script.receiveImages({ script: 'game.slu', atlas: atlas('b'), problems: ['one'] });
    expect(script.atlas).toEqual(atlas('b'));
    expect(heard).toEqual([{ kind: 'images', atlas: atlas('b'), problems: ['one'] }]);
    expect(new DeliveredScript('game.slu', state).atlas).toBeUndefined();
  });
});
