/**
 * The Vite plugin: `import game from './game.slu'` returns a `ScriptModule`.
 *
 * While serving, scripts are compiled for development in Vite's own process, where the compiler stays warm. Saving a
 * script reloads nothing: the new image, or what is wrong, goes to the page over the development server's socket, and
 * the engine swaps it in at the start of a frame. A build contains release images, and an error in a script fails it.
 */
import { readFile } from 'node:fs/promises';
import { basename, extname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, type ResolvedConfig, searchForWorkspaceRoot } from 'vite';
import {
  encodeImage,
  type Image,
  SCRIPT_EVENT,
  type ScriptMessage,
  type ScriptState,
} from '../image/index.ts';
import { type Diagnostic, render, Source } from '../syntax/index.ts';
import { compile } from './compile.ts';
import { writeDeclarations } from './declaration-file.ts';
import { NOTICE_CODE, NOTICE_FILE, noticeTag } from './opened-as-file.ts';
import { toProblem } from './problems.ts';
import { programSources } from './program-files.ts';

const SCRIPT = /\.slu$/;
/** In an installed package everything is JavaScript. */
const OWN_EXTENSION = extname(fileURLToPath(import.meta.url));
const RUNTIME = fileURLToPath(new URL(`../image/index${OWN_EXTENSION}`, import.meta.url));
/** Packages that the engine uses in a page. */
const OF_OTHERS = ['stats.js', '@jridgewell/trace-mapping'].map((name) =>
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
}

export function sluice({ checked = false, declarations = true, watch = true }: SluiceOptions = {}): Plugin {
  let config: ResolvedConfig;
  /** The files of each program by its main script: what has to be compiled anew when one of them is saved. */
  const programs = new Map<string, ReadonlySet<string>>();

  /** Names in messages are relative to the project, as a person would type them. */
  const nameOf = (file: string) => relative(config.root, file).replaceAll('\\', '/');

  const build = async (main: Source, mode: 'development' | 'release'): Promise<Result> => {
    const files = new Set<string>();
    const sources = await programSources(main, (file) => {
      files.add(file);
      return nameOf(file);
    });
    programs.set(main.name, files);
    const { image, diagnostics } = await compile(sources, {
      mode,
      checked,
      watch: watch || mode === 'development',
    });
    if (declarations && image !== undefined) await writeDeclarations(main.name, image.manifest);
    const state: ScriptState =
      image === undefined
        ? { kind: 'failed', problems: diagnostics.map(toProblem) }
        : { kind: 'compiled', image: encodeImage(image, mode === 'development') };
    return { name: nameOf(main.name), files, image, state, diagnostics };
  };

  const tell = (diagnostics: readonly Diagnostic[]) => {
    for (const diagnostic of diagnostics) {
      const level = diagnostic.severity === 'error' ? 'error' : 'warn';
      config.logger[level](render(diagnostic), { timestamp: true });
    }
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
    },

    async load(id) {
      const file = withoutQuery(id);
      if (!SCRIPT.test(file)) return null;
      const serving = config.command === 'serve';
      const main = new Source(file, await readFile(file, 'utf8'));
      const { name, files, image, state, diagnostics } = await build(
        main,
        serving ? 'development' : 'release',
      );
      for (const imported of files) this.addWatchFile(imported);
      if (!serving && state.kind === 'failed') this.error(diagnostics.map(render).join('\n\n'));
      tell(diagnostics);
      const lines = [`const state = ${jsonExpression(state)};`];
      if (!serving && image !== undefined) {
        // A file of its own is a third smaller than the same as text.
        const program = this.emitFile({
          type: 'asset',
          name: `${basename(file, '.slu')}.wasm`,
          source: image.wasm,
        });
        lines.push(`state.image.wasm = { url: import.meta.ROLLUP_FILE_URL_${program} };`);
      }
      return { code: moduleText(name, lines, serving), map: null, moduleType: 'js' };
    },

    generateBundle() {
      this.emitFile({ type: 'asset', fileName: NOTICE_FILE, source: NOTICE_CODE });
    },

    transformIndexHtml: (_html, { path }) =>
      config.command === 'build' ? [noticeTag(config.base, path)] : undefined,

    async hotUpdate({ file, type, modules, read }) {
      if (!SCRIPT.test(file)) return;
      if (this.environment.name !== 'client') return [];
      for (const module of modules) this.environment.moduleGraph.invalidateModule(module);
      if (type === 'delete') return [];
      for (const [main, files] of programs) {
        if (!files.has(file)) continue;
        for (const module of this.environment.moduleGraph.getModulesByFile(main) ?? [])
          this.environment.moduleGraph.invalidateModule(module);
        const text = main === file ? await read() : await readFile(main, 'utf8');
        const { name, state, diagnostics } = await build(new Source(main, text), 'development');
        tell(diagnostics);
        if (state.kind === 'compiled') config.logger.info(`${name} compiled`, { timestamp: true });
        const message: ScriptMessage = { script: name, state };
        this.environment.hot.send({ type: 'custom', event: SCRIPT_EVENT, data: message });
      }
      return [];
    },
  };
}

interface Result {
  readonly name: string;
  readonly files: ReadonlySet<string>;
  readonly image: Image | undefined;
  /** What pages are told. In a release the image's program is not in it. */
  readonly state: ScriptState;
  readonly diagnostics: readonly Diagnostic[];
}

/** Browsers read JSON faster than the same as an expression. */
const jsonExpression = (value: unknown): string => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;

/** The JavaScript that an imported script is for the page; `state` are the lines that make its state. */
function moduleText(name: string, state: readonly string[], listens: boolean): string {
  const lines = [
    `import { DeliveredScript${listens ? ', SCRIPT_EVENT' : ''} } from ${JSON.stringify(RUNTIME)};`,
    ...state,
    `const script = new DeliveredScript(${JSON.stringify(name)}, state);`,
    'export default script;',
  ];
  if (listens)
    lines.push(
      'if (import.meta.hot) import.meta.hot.on(SCRIPT_EVENT, (message) => {',
      `  if (message.script === ${JSON.stringify(name)}) script.receive(message.state);`,
      '});',
    );
  return `${lines.join('\n')}\n`;
}

function withoutQuery(id: string): string {
  return id.replace(/[?#].*$/s, '');
}
