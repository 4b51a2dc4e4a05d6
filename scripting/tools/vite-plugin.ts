/**
 * The Vite plugin: `import game from './game.slu'` returns a `ScriptModule`.
 *
 * While serving, scripts are compiled for development in Vite's own process, where the compiler stays warm. Saving a
 * script reloads nothing: the new image, or what is wrong, goes to the page over the development server's socket, and
 * the engine swaps it in at the start of a frame. A build contains release images, and an error in a script fails it.
 *
 * What is called an image in the rest of this folder is a compiled program; those that are seen are `vite-images.ts`.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  normalizePath,
  type Plugin,
  type ResolvedConfig,
  searchForWorkspaceRoot,
  type ViteDevServer,
} from 'vite';
import {
  type CompileNews,
  encodeImage,
  IMAGES_EVENT,
  type Image,
  type ImagesMessage,
  REPORT_EVENT,
  SCRIPT_EVENT,
  type ScriptMessage,
  type ScriptState,
} from '../image/index.ts';
import { type Diagnostic, render, Source } from '../syntax/index.ts';
import { compile } from './compile.ts';
import { writeDeclarations } from './declaration-file.ts';
import { KeptSources } from './kept-sources.ts';
import { NOTICE_CODE, NOTICE_FILE, noticeTag } from './opened-as-file.ts';
import { missingScript, toProblem } from './problems.ts';
import { programSources, scriptText } from './program-files.ts';
import type { ProgramText } from './program-text.ts';
import { Recompiler } from './recompiler.ts';
import { reportLine } from './reload-report.ts';
import { SavedProgram } from './saved-program.ts';
import { builtAtlas, jsonExpression, type ScriptImages, SiteImages } from './vite-images.ts';
import { builtModule, builtProgram, servedModule } from './vite-module.ts';

const SCRIPT = /\.slu$/;
/** In an installed package everything is JavaScript. */
const OWN_EXTENSION = extname(fileURLToPath(import.meta.url));
/** Packages that the engine uses in a page. */
const OF_OTHERS = ['stats.js', 'uplot', '@jridgewell/sourcemap-codec'].map((name) =>
  OWN_EXTENSION === '.js' ? `sluice > ${name}` : name,
);
/** The package, or the checkout: pages load from it while serving, wherever it was installed or linked from. */
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

export interface SluiceOptions {
  /**
   * Whether `game.d.slu.ts` is written beside each `game.slu` that is imported, and kept up to date, so that TypeScript knows what the
   * script exports. While a script has errors its declarations stay as they are. Default: true.
   */
  readonly declarations?: boolean;
  /** Whether scripts are compiled as checked builds, which find mistakes of Sluice's own (`compile.ts`). Default: false. */
  readonly checked?: boolean;
  /**
   * Whether a built game looks at the clock in loops and recursion, so that an endless loop does not hang its page. Default: true;
   * what it costs stands in the engine's README.
   */
  readonly watch?: boolean;
  /**
   * The folder beside each script with the images of its game, `.png` files, which are packed into a few pages. Default: `images`,
   * where there is one.
   */
  readonly images?: string;
}

export function sluice({
  checked = false,
  declarations = true,
  watch = true,
  images: folder,
}: SluiceOptions = {}): Plugin {
  let config: ResolvedConfig;
  /** The programs that pages have been given, by their main scripts. */
  const programs = new Map<string, SavedProgram<Result>>();
  /** While serving, each has a compiler of its own, which keeps what an edit does not change. */
  const compilers = new Map<string, Recompiler>();
  const images = new SiteImages(folder);
  /** And its own sources: two programs may have a module in common, and to each compiler belong the places in what it is given. */
  const kept = new Map<string, KeptSources>();
  /** Where a module may lie outside of the project. */
  const watched = new Set<string>();
  let server: ViteDevServer | undefined;

  /** Names in messages are relative to the project, as a person would type them. */
  const nameOf = (file: string) => relative(config.root, file).replaceAll('\\', '/');

  const textOf = async (main: string): Promise<ProgramText> => {
    const files = new Set([main]);
    const looked = new Set([main]);
    const text = await scriptText(main);
    if (text === undefined) return { sources: [], files: new Set(), looked };
    const own = kept.get(main) ?? new KeptSources();
    kept.set(main, own);
    const sources = await programSources(
      new Source(main, text),
      (file) => {
        files.add(normalizePath(file));
        return nameOf(file);
      },
      (file) => looked.add(normalizePath(file)),
      own,
    );
    // Vite watches what lies in the project, be it there yet or not.
    const outside = [...looked].filter((file) => !file.startsWith(`${config.root}/`) && !watched.has(file));
    for (const file of outside) watched.add(file);
    if (outside.length > 0) server?.watcher.add(outside);
    return { sources, files, looked };
  };

  const compilerOf = (main: string): Recompiler => {
    const known = compilers.get(main) ?? new Recompiler({ checked });
    compilers.set(main, known);
    return known;
  };

  const build = async (
    main: string,
    { sources }: ProgramText,
    mode: 'development' | 'release',
  ): Promise<Result> => {
    const name = nameOf(main);
    if (sources.length === 0)
      return {
        image: undefined,
        state: { kind: 'failed', problems: [missingScript(name)] },
        diagnostics: [],
      };
    const names = images.namesFor(main);
    const { image, diagnostics } =
      mode === 'development'
        ? await compilerOf(main).compile(sources, names)
        : // Nobody looks through the heap of a finished game.
          await compile(sources, { mode, checked, watch, verifier: checked, images: names });
    if (declarations && image !== undefined) await writeDeclarations(main, image.manifest);
    const state: ScriptState =
      image === undefined
        ? { kind: 'failed', problems: diagnostics.map(toProblem) }
        : { kind: 'compiled', image: encodeImage(image) };
    return { image, state, diagnostics };
  };

  const tell = (diagnostics: readonly Diagnostic[]) => {
    for (const diagnostic of diagnostics) {
      const level = diagnostic.severity === 'error' ? 'error' : 'warn';
      config.logger[level](render(diagnostic), { timestamp: true });
    }
  };

  /** Tells the pages of a main script, and those that are loaded from now on. */
  const send = (main: string, event: string, data: ScriptMessage | ImagesMessage): void => {
    if (server === undefined) return;
    const { moduleGraph, hot } = server.environments.client;
    for (const module of moduleGraph.getModulesByFile(main) ?? []) moduleGraph.invalidateModule(module);
    hot.send({ type: 'custom', event, data });
  };

  /** The program of a main script, which is compiled anew while serving. */
  const programOf = (main: string): SavedProgram<Result> => {
    let compiled = 0;
    const name = nameOf(main);
    const known = programs.get(main);
    if (known !== undefined) return known;
    const program = new SavedProgram<Result>({
      read: () => textOf(main),
      compile: async (text) => {
        const start = performance.now();
        const result = await build(main, text, 'development');
        compiled = performance.now() - start;
        return result;
      },
      tell: ({ state, diagnostics }, changed) => {
        tell(diagnostics);
        const log = { timestamp: true };
        if (state.kind === 'compiled') config.logger.info(`${name} compiled`, log);
        else if (diagnostics.length === 0) config.logger.error(`there is no file ${name}`, log);
        const news: CompileNews = { changed, compiled };
        send(main, SCRIPT_EVENT, { script: name, state, news });
      },
      failed: (error) => config.logger.error(`${name}: ${String(error)}`, { timestamp: true }),
      later: (milliseconds, action) => {
        const timer = setTimeout(action, milliseconds);
        return () => clearTimeout(timer);
      },
    });
    programs.set(main, program);
    return program;
  };

  /** Tells what is new of a script's images while serving. */
  const announce = async (main: string, packed: ScriptImages): Promise<void> => {
    const { problems, fresh, changed, renamed } = images.note(main, packed);
    for (const problem of fresh) {
      const level = problem.severity === 'error' ? 'error' : 'warn';
      config.logger[level](images.render(problem), { timestamp: true });
    }
    const atlas = images.served(packed.packing);
    if (changed) send(main, IMAGES_EVENT, { script: nameOf(main), atlas, problems });
    if (renamed) await programOf(main).renew();
  };

  return {
    name: 'sluice',
    enforce: 'pre',

    // What a project would otherwise have to know.
    config: ({ root, build }) => ({
      // A second copy of PixiJS would know nothing of the first one's textures.
      resolve: { dedupe: ['pixi.js'] },
      // Our files are ES modules, and find what lies beside them by their own address; what they use of others is not all so. All
      // is named here, since what is found late makes the page load a second time.
      optimizeDeps: {
        exclude: ['sluice'],
        include: ['pixi.js', 'pixi.js/unsafe-eval', ...OF_OTHERS],
      },
      // The compiler in a Worker awaits Binaryen at its top level.
      worker: { format: 'es' },
      server: { fs: { allow: [searchForWorkspaceRoot(root ?? process.cwd()), PACKAGE] } },
      build: {
        license: { fileName: 'licenses.md' },
        // PixiJS fetches images; a strict policy lets it do so from the server only, and not from text that stands for one.
        assetsInlineLimit: build?.assetsInlineLimit ?? 0,
      },
    }),

    configResolved(resolved) {
      config = resolved;
      images.configure(resolved.root, resolved.base);
    },

    configureServer(started) {
      server = started;
      images.listen(started);
      const { hot } = started.environments.client;
      hot.on(REPORT_EVENT, (message: unknown) => {
        const line = reportLine(message, (name) =>
          [...programs.keys()].some((main) => nameOf(main) === name),
        );
        if (line !== undefined) config.logger.info(line, { timestamp: true });
      });
    },

    // A script that is not there is a program like another that does not compile: pages say so, and go on when it is back.
    async resolveId(id, importer, options) {
      if (config.command !== 'serve' || !SCRIPT.test(withoutQuery(id))) return null;
      const found = await this.resolve(id, importer, { ...options, skipSelf: true });
      const file = withoutQuery(found?.id ?? id);
      if (found !== null && (found.external || existsSync(file))) return found;
      if (id.startsWith('.') && importer !== undefined)
        return normalizePath(join(dirname(withoutQuery(importer)), id));
      if (!id.startsWith('/')) return found;
      return file.startsWith(`${config.root}/`) ? id : `${config.root}${id}`;
    },

    buildEnd() {
      for (const program of programs.values()) program.end();
      programs.clear();
      for (const compiler of compilers.values()) compiler.dispose();
      compilers.clear();
      kept.clear();
      watched.clear();
    },

    async load(id) {
      const file = withoutQuery(id);
      if (!SCRIPT.test(file)) return null;
      const serving = config.command === 'serve';
      const text = await textOf(file);
      if (serving) programOf(file).given(text);
      const packed = await images.pack(file);
      // Vite watches what lies in the project.
      if (serving && !packed.folder.startsWith(`${config.root}/`)) server?.watcher.add(packed.folder);
      const { image, state, diagnostics } = await build(file, text, serving ? 'development' : 'release');
      for (const imported of serving ? text.looked : text.files) this.addWatchFile(imported);
      if (serving) await announce(file, packed);
      else {
        for (const image of packed.packing.files) this.addWatchFile(image);
        const wrong = packed.problems.filter(({ severity }) => severity === 'error');
        for (const problem of packed.problems)
          if (!wrong.includes(problem)) this.warn(images.render(problem));
        if (state.kind === 'failed' || wrong.length > 0)
          this.error(
            [...diagnostics.map(render), ...wrong.map((problem) => images.render(problem))].join('\n\n'),
          );
      }
      tell(diagnostics);
      const emit = (name: string, source: string | Uint8Array) =>
        `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name, source })}`;
      const atlas =
        packed.packing.regions.length === 0
          ? 'undefined'
          : serving
            ? jsonExpression(images.served(packed.packing))
            : builtAtlas(packed, emit);
      const editor = `${config.base}__open-in-editor?file=${encodeURIComponent(`${config.root}/`)}`;
      const code =
        serving || image === undefined
          ? servedModule(nameOf(file), state, atlas, editor)
          : builtModule(nameOf(file), builtProgram(basename(file, '.slu'), image, checked, emit), atlas);
      return { code, map: null, moduleType: 'js' };
    },

    generateBundle() {
      this.emitFile({ type: 'asset', fileName: NOTICE_FILE, source: NOTICE_CODE });
    },

    transformIndexHtml: (_html, { path }) =>
      config.command === 'build' ? [noticeTag(config.base, path)] : undefined,

    async hotUpdate({ file, modules }) {
      const client = this.environment.name === 'client';
      if (!SCRIPT.test(file)) {
        // What else Vite does about the file is not changed by its being an image.
        for (const main of client ? programs.keys() : [])
          if (file.startsWith(`${images.folderOf(main)}/`)) await announce(main, await images.pack(main));
        return;
      }
      if (!client) return [];
      for (const module of modules) this.environment.moduleGraph.invalidateModule(module);
      await Promise.all([...programs.values()].map((program) => program.concerns(file) && program.saved()));
      return [];
    },
  };
}

interface Result {
  readonly image: Image | undefined;
  /** What pages are told while serving. */
  readonly state: ScriptState;
  readonly diagnostics: readonly Diagnostic[];
}

function withoutQuery(id: string): string {
  return id.replace(/[?#].*$/s, '');
}
