/** Scripts as modules of a page: while serving, after saving, and in a build. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, createServer, type ViteDevServer } from 'vite';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  DeliveredScript,
  decodeImage,
  encodeImage,
  SCRIPT_EVENT,
  type ScriptEvent,
  type ScriptMessage,
  type ScriptModule,
  type ScriptState,
} from '../../../scripting/image/index.ts';
import { checksum, Machine, ScriptError } from '../../../scripting/machine/index.ts';
import { type SluiceOptions, sluice } from '../../../scripting/tools/index.ts';
import { imageOf, thrown } from './script.ts';

const GOOD = '(pub defn answer () : i64 42)\n';
const BROKEN = '(pub defn answer () : i64\n  (foo))\n';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-vite-')));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The state that a generated module begins with. */
function stateIn(code: string): ScriptState {
  const found = /JSON\.parse\(("(?:[^"\\]|\\.)*")\)/.exec(code)?.[1];
  if (found === undefined) throw new Error(`there is no script in ${code.slice(0, 200)}`);
  return JSON.parse(JSON.parse(found) as string) as ScriptState;
}

async function answerOf(state: ScriptState): Promise<unknown> {
  if (state.kind === 'failed') throw new Error(state.problems.map(({ message }) => message).join());
  return (await Machine.create(decodeImage(state.image))).call('answer');
}

/** A development server over the root, and what it tells pages of scripts. */
async function serve(
  options?: SluiceOptions,
  { folder = root, watches = false } = {},
): Promise<{ server: ViteDevServer; messages: ScriptMessage[] }> {
  const messages: ScriptMessage[] = [];
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    // Tests tell what a watcher would, and nothing else does.
    server: { middlewareMode: true, ws: false, ...(!watches && { watch: null }) },
    plugins: [sluice(options)],
  });
  const { hot } = server.environments.client;
  hot.send = (message: unknown) => {
    const { event, data } = message as { event?: string; data?: ScriptMessage };
    if (event === SCRIPT_EVENT && data !== undefined) messages.push(data);
  };
  return { server, messages };
}

describe('while serving', () => {
  let server: ViteDevServer;
  let messages: ScriptMessage[];

  beforeEach(async () => {
    writeFileSync(join(root, 'game.slu'), GOOD);
    ({ server, messages } = await serve());
  });
  afterEach(() => server.close());

  const load = async () => stateIn((await server.transformRequest('/game.slu'))?.code ?? '');

  /** Saves the script, as an editor would, and waits for what the page is told. */
  async function save(text: string): Promise<ScriptMessage> {
    const file = join(root, 'game.slu');
    const before = messages.length;
    writeFileSync(file, text);
    server.watcher.emit('change', file);
    await expect.poll(() => messages.length, { timeout: 20_000 }).toBeGreaterThan(before);
    return messages.at(-1) as ScriptMessage;
  }

  it('makes a module of a script, with a development image that brings its heap', async () => {
    const state = await load();
    expect(await answerOf(state)).toBe(42);
    expect(state.kind === 'compiled' && state.image.manifest.mode).toBe('development');
  });

  it('sends the page the new image when the script is saved, and serves it from then on', async () => {
    await load();
    const { script, state } = await save(GOOD.replace('42', '43'));
    expect(script).toBe('game.slu');
    expect(await answerOf(state)).toBe(43);
    expect(await answerOf(await load())).toBe(43);
  });

  it('sends what is wrong with place and source line, and an image again when it is mended', async () => {
    await load();
    expect((await save(BROKEN)).state).toEqual({
      kind: 'failed',
      problems: [
        {
          severity: 'error',
          code: 'unknown-name',
          message: expect.stringContaining('foo'),
          file: 'game.slu',
          line: 2,
          column: 4,
          excerpt: '  (foo))',
          length: 3,
          hint: expect.any(String),
        },
      ],
    });
    expect((await load()).kind).toBe('failed');
    expect(await answerOf((await save(GOOD)).state)).toBe(42);
  });
});

describe('a script that imports another, while serving', () => {
  it('is compiled anew when the other one is saved', async () => {
    const module = join(root, 'parts', 'deep.slu');
    mkdirSync(join(root, 'parts'));
    writeFileSync(module, '(pub defn thought () : i64 42)\n');
    writeFileSync(
      join(root, 'game.slu'),
      '(import parts.deep (thought))\n(pub defn answer () : i64 (thought))\n',
    );
    const { server, messages } = await serve();
    try {
      const code = (await server.transformRequest('/game.slu'))?.code ?? '';
      expect(await answerOf(stateIn(code))).toBe(42);
      writeFileSync(module, '(pub defn thought () : i64 7)\n');
      server.watcher.emit('change', module);
      await expect.poll(() => messages.length, { timeout: 20_000 }).toBeGreaterThan(0);
      expect(messages[0]?.script).toBe('game.slu');
      expect(await answerOf(messages[0]?.state as ScriptState)).toBe(7);
      writeFileSync(module, '(pub defn thought () : i64 (foo))\n');
      server.watcher.emit('change', module);
      await expect
        .poll(() => messages.at(-1)?.state, { timeout: 20_000 })
        .toMatchObject({
          kind: 'failed',
          problems: [{ file: 'parts/deep.slu', line: 1 }],
        });
    } finally {
      await server.close();
    }
  });
});

describe('two scripts that import the same one, while serving', () => {
  it('are each told of what is to be said of it as it is now', async () => {
    const module = join(root, 'parts.slu');
    const good = '(pub defn same ((n : i64)) : i64 n)\n';
    const script = '(import parts (same))\n(pub defn answer () : i64 (same 42))\n';
    writeFileSync(module, good);
    for (const name of ['one', 'two']) writeFileSync(join(root, `${name}.slu`), script);
    const { server, messages } = await serve();
    const warned: string[] = [];
    server.config.logger.warn = (message) => void warned.push(message);
    const saved = async (file: string, told: number) => {
      const before = messages.length;
      server.watcher.emit('change', file);
      await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(before + told);
    };
    try {
      for (const name of ['one', 'two']) await server.transformRequest(`/${name}.slu`);
      // While the first one has a mistake, the second one alone is compiled with an edit of the module.
      writeFileSync(join(root, 'one.slu'), script.replace('42', '(foo)'));
      await saved(join(root, 'one.slu'), 1);
      writeFileSync(module, good.replace(' n)\n', ' (+ n 1) n)\n'));
      await saved(module, 2);
      expect(warned.join()).toContain('unused-value');
      warned.length = 0;
      writeFileSync(join(root, 'one.slu'), script);
      writeFileSync(module, good);
      await saved(module, 2);
      expect(messages.slice(-2).map(({ state }) => state.kind)).toEqual(['compiled', 'compiled']);
      expect(warned).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe('files that come and go, while serving', () => {
  const file = () => join(root, 'game.slu');
  const heard = async (messages: ScriptMessage[], count: number) => {
    await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(count);
    return messages.at(-1)?.state as ScriptState;
  };
  const open = async (server: ViteDevServer) =>
    stateIn((await server.transformRequest('/game.slu'))?.code ?? '');

  it('a module that an import misses is made: the program is compiled', async () => {
    writeFileSync(file(), '(import parts.deep (thought))\n(pub defn answer () : i64 (thought))\n');
    const { server, messages } = await serve();
    onTestFinished(() => server.close());
    expect(await open(server)).toMatchObject({ kind: 'failed', problems: [{ code: 'unknown-module' }] });
    mkdirSync(join(root, 'parts'));
    writeFileSync(join(root, 'parts/deep.slu'), '(pub defn thought () : i64 42)\n');
    server.watcher.emit('add', join(root, 'parts/deep.slu'));
    expect(await answerOf(await heard(messages, 1))).toBe(42);
    expect(messages[0]?.news?.changed).toEqual(['parts/deep.slu']);
    rmSync(join(root, 'parts/deep.slu'));
    server.watcher.emit('unlink', join(root, 'parts/deep.slu'));
    expect(await heard(messages, 2)).toMatchObject({ problems: [{ code: 'unknown-module' }] });
  });

  it('a module above the served folder is made: the watcher itself tells of it', async () => {
    const folder = join(root, 'site');
    mkdirSync(folder);
    writeFileSync(join(root, 'package.json'), '{}');
    mkdirSync(join(root, 'parts'));
    writeFileSync(
      join(folder, 'game.slu'),
      '(import parts.deep (thought))\n(pub defn answer () : i64 (thought))\n',
    );
    const { server, messages } = await serve({}, { folder, watches: true });
    onTestFinished(() => server.close());
    expect((await open(server)).kind).toBe('failed');
    // Whoever makes the module does so when the watcher has come that far.
    await expect
      .poll(() => Object.keys(server.watcher.getWatched()), { timeout: 20_000 })
      .toContain(join(root, 'parts'));
    writeFileSync(join(root, 'parts/deep.slu'), '(pub defn thought () : i64 42)\n');
    expect(await answerOf(await heard(messages, 1))).toBe(42);
    writeFileSync(join(root, 'parts/deep.slu'), '(pub defn thought () : i64 43)\n');
    expect(await answerOf(await heard(messages, 2))).toBe(43);
  });

  it('a script that is deleted says so, also to a page that is opened meanwhile, and is there again when it is', async () => {
    writeFileSync(file(), GOOD);
    const { server, messages } = await serve();
    onTestFinished(() => server.close());
    await open(server);
    rmSync(file());
    server.watcher.emit('unlink', file());
    const missing = { kind: 'failed', problems: [{ code: 'missing-script', file: 'game.slu' }] };
    expect(await heard(messages, 1)).toMatchObject(missing);
    expect(await open(server)).toMatchObject(missing);
    writeFileSync(file(), GOOD);
    server.watcher.emit('add', file());
    expect(await answerOf(await heard(messages, 2))).toBe(42);
    expect(await answerOf(await open(server))).toBe(42);
  });

  it('a script that is not there when the server starts is waited for', async () => {
    const { server, messages } = await serve();
    onTestFinished(() => server.close());
    expect(await open(server)).toMatchObject({ kind: 'failed', problems: [{ code: 'missing-script' }] });
    writeFileSync(file(), GOOD);
    server.watcher.emit('add', file());
    expect(await answerOf(await heard(messages, 1))).toBe(42);
  });

  it('a save by renaming is a save, in whatever order the watcher tells of it', async () => {
    writeFileSync(file(), GOOD);
    const { server, messages } = await serve();
    onTestFinished(() => server.close());
    await open(server);
    for (const [i, events] of [['unlink', 'add'], ['change'], ['add']].entries()) {
      writeFileSync(`${file()}.new`, GOOD.replace('42', String(i)));
      renameSync(`${file()}.new`, file());
      for (const event of events) server.watcher.emit(event as 'add', file());
      expect(await answerOf(await heard(messages, i + 1))).toBe(i);
    }
  });

  it('a byte order mark is none of the script, and no reason to compile', async () => {
    writeFileSync(file(), `\uFEFF${BROKEN.replaceAll('\n', '')}`);
    const { server, messages } = await serve();
    onTestFinished(() => server.close());
    expect(await open(server)).toMatchObject({
      problems: [{ column: 29, excerpt: BROKEN.replaceAll('\n', '') }],
    });
    writeFileSync(file(), `\uFEFF${GOOD}`);
    server.watcher.emit('change', file());
    await heard(messages, 1);
    writeFileSync(file(), GOOD);
    server.watcher.emit('change', file());
    writeFileSync(file(), GOOD.replace('42', '7'));
    server.watcher.emit('change', file());
    expect(await answerOf(await heard(messages, 2))).toBe(7);
  });

  it('of a very long line, the page is sent what is around the fault', async () => {
    const line = `(pub defn answer () : i64 (+ ${'1 '.repeat(150_000)}(foo) ${'1 '.repeat(100)}))`;
    writeFileSync(file(), line);
    const { server } = await serve();
    onTestFinished(() => server.close());
    const state = await open(server);
    const [problem] = state.kind === 'failed' ? state.problems : [];
    expect(problem?.column).toBe(line.indexOf('foo') + 1);
    expect(problem?.excerpt.length).toBeLessThan(300);
    expect(problem?.excerpt.slice((problem.at ?? 0) - 1).startsWith('foo')).toBe(true);
  });
});

describe('checked builds', () => {
  const script = (hp: number) => `(defstruct Orc (mut hp : i64))
(defglobal mut *orc* : Orc (Orc ${hp}))
(pub defn answer () : i64 (.hp *orc*))\n`;
  const imageIn = (state: ScriptState) => {
    if (state.kind === 'failed') throw new Error('it does not compile');
    return decodeImage(state.image);
  };

  it('are served where they are asked for, and take one another over', async () => {
    const file = join(root, 'game.slu');
    writeFileSync(file, script(42));
    const { server, messages } = await serve({ checked: true });
    try {
      const image = imageIn(stateIn((await server.transformRequest('/game.slu'))?.code ?? ''));
      const imports = WebAssembly.Module.imports(new WebAssembly.Module(image.wasm as BufferSource));
      expect(imports.map(({ name }) => name)).toContain('checkUse');
      const machine = await Machine.create(image);
      expect(machine.call('answer')).toBe(42);
      writeFileSync(file, script(43).replace('(.hp', '(+ 1 (.hp').replace('*))', '*)))'));
      server.watcher.emit('change', file);
      await expect.poll(() => messages.length, { timeout: 20_000 }).toBeGreaterThan(0);
      machine.replace(await machine.prepare(imageIn(messages[0]?.state as ScriptState)));
      expect(machine.call('answer')).toBe(43);
      expect(machine.verify()).toBeUndefined();
    } finally {
      await server.close();
    }
  });
});

describe('in a build', () => {
  const bundle = () =>
    build({
      root,
      base: './',
      configFile: false,
      logLevel: 'silent',
      plugins: [sluice()],
      build: { write: false, minify: false, lib: { entry: join(root, 'main.js'), formats: ['es'] } },
    });

  beforeEach(() => {
    writeFileSync(join(root, 'main.js'), "export { default } from './game.slu';\n");
  });

  it('holds a release image, and nothing that listens', async () => {
    const more =
      '(defn chosen ((n : i64)) : i64 (nth [1 2] n))\n(pub defn pick ((n : i64)) : i64 (+ 1 (chosen n)))';
    writeFileSync(join(root, 'game.slu'), `${GOOD}${more}\n`);
    const result = await bundle();
    const output = Array.isArray(result) ? result[0]?.output : 'output' in result ? result.output : undefined;
    const code = output?.[0].code ?? '';
    const program = output?.find(({ fileName }) => /game.*\.wasm$/.test(fileName));
    if (program?.type !== 'asset') throw new Error('there is no program');
    // The module finds the program beside itself, wherever it lies.
    const placed = join(root, 'dist.mjs');
    writeFileSync(placed, code);
    const places = output?.find(({ fileName }) => /game.*\.places.*json$/.test(fileName));
    if (places?.type !== 'asset') throw new Error('there is no debug information');
    const files = new Map(
      [program, places].map(({ fileName, source }) => [pathToFileURL(join(root, fileName)).href, source]),
    );
    const fetched: string[] = [];
    let offline = false;
    vi.stubGlobal('fetch', async (url: string) => {
      if (offline) throw new TypeError('Failed to fetch');
      fetched.push(url);
      return new Response(files.get(url) as BufferSource);
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const built = (await import(pathToFileURL(placed).href)) as {
      default: ScriptModule;
    };
    const image = await built.default.load();
    const machine = await Machine.create(image, { describeLater: true });
    expect(machine.call('answer')).toBe(42);
    expect(fetched).toEqual([[...files.keys()][0]]);
    expect(image.manifest.mode).toBe('release');
    expect(code).not.toContain('import.meta.hot');

    // What fails before it can be located says so much, and the rest when that has come.
    const error = thrown(() => machine.call('pick', 9));
    if (!(error instanceof ScriptError)) throw error;
    const { identity } = error;
    expect([error.isLocated, error.position, error.trace]).toEqual([false, undefined, []]);
    expect(error.report()).toBe('index 9 is out of range for length 2');
    expect(() => checksum(machine)).toThrow(/wait for `machine.describe\(\)`/);
    offline = true;
    await error.located();
    expect(error.isLocated).toBe(false);
    await expect(machine.describe()).rejects.toThrow(/cannot be fetched/);
    offline = false;
    await error.located();
    expect(error.report()).toBe(
      'game.slu:2:32: index 9 is out of range for length 2\n  at chosen (game.slu:2:32)\n  at pick (game.slu:3:39)',
    );
    expect(error.identity).toBe(identity);
    expect(machine.world.types).toBeDefined();

    // Who makes a machine without a game has all of it from the start.
    const whole = await Machine.create(await built.default.load());
    const located = thrown(() => whole.call('pick', 9));
    expect(located instanceof ScriptError && located.trace.length).toBe(2);
  });

  it('fails with the error and its line where a script does not compile', async () => {
    writeFileSync(join(root, 'game.slu'), BROKEN);
    await expect(bundle()).rejects.toThrow(/game\.slu:2:4: error: .*foo/);
  });
});

describe('a delivered script', () => {
  it('returns the newest image, and tells of each later state', async () => {
    const states = await Promise.all(
      ['1', '2'].map(async (n): Promise<ScriptState> => {
        const image = await imageOf(`(pub defn answer () : i64 ${n})`);
        return { kind: 'compiled', image: encodeImage(image) };
      }),
    );
    const failed: ScriptState = { kind: 'failed', problems: [] };
    const script = new DeliveredScript('game.slu', states[0] as ScriptState);
    const heard: ScriptEvent['kind'][] = [];
    script.subscribe(({ kind }) => heard.push(kind));
    expect((await Machine.create(await script.load())).call('answer')).toBe(1);
    script.receive(failed);
    await expect(script.load()).rejects.toThrow('game.slu does not compile');
    script.receive(states[1] as ScriptState);
    expect((await Machine.create(await script.load())).call('answer')).toBe(2);
    expect(heard).toEqual(['failed', 'compiled']);
  });

  it('tells whoever listens that it is broken from the start', async () => {
    const script = new DeliveredScript('game.slu', { kind: 'failed', problems: [] });
    const event = await new Promise<ScriptEvent>((resolve) => script.subscribe(resolve));
    expect(event.kind).toBe('failed');
  });
});
