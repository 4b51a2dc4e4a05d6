/**
 * The Vite plugin: `import game from './game.slu'` gives a `ScriptModule`.
 *
 * While serving, scripts are compiled for development in Vite's own process, where the compiler stays warm. Saving a
 * script reloads nothing: the new image, or what is wrong, goes to the page over the development server's socket, and
 * the engine swaps it in at the start of a frame. A build contains release images, and an error in a script fails it.
 */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, ResolvedConfig } from 'vite';
import { encodeImage, SCRIPT_EVENT, type ScriptMessage, type ScriptState } from '../image/index.ts';
import { type Diagnostic, render, Source } from '../syntax/index.ts';
import { compile } from './compile.ts';
import { toProblem } from './problems.ts';

const SCRIPT = /\.slu$/;
const RUNTIME = fileURLToPath(new URL('../image/index.ts', import.meta.url));

export function sluice(): Plugin {
  let config: ResolvedConfig;

  /** Names in messages are relative to the project, as a person would type them. */
  const build = async (file: string, text: string, mode: 'development' | 'release'): Promise<Result> => {
    const source = new Source(relative(config.root, file).replaceAll('\\', '/'), text);
    const { image, diagnostics } = await compile([source], { mode });
    const state: ScriptState =
      image === undefined
        ? { kind: 'failed', problems: diagnostics.map(toProblem) }
        : { kind: 'compiled', image: encodeImage(image) };
    return { name: source.name, state, diagnostics };
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

    configResolved(resolved) {
      config = resolved;
    },

    async load(id) {
      const file = withoutQuery(id);
      if (!SCRIPT.test(file)) return null;
      const serving = config.command === 'serve';
      const { name, state, diagnostics } = await build(
        file,
        await readFile(file, 'utf8'),
        serving ? 'development' : 'release',
      );
      if (!serving && state.kind === 'failed') this.error(diagnostics.map(render).join('\n\n'));
      tell(diagnostics);
      return { code: moduleText(name, state, serving), map: null, moduleType: 'js' };
    },

    async hotUpdate({ file, type, modules, read }) {
      // Modules that nobody imported need no news.
      if (!SCRIPT.test(file) || modules.length === 0) return;
      for (const module of modules) this.environment.moduleGraph.invalidateModule(module);
      if (type === 'delete') return [];
      const { name, state, diagnostics } = await build(file, await read(), 'development');
      tell(diagnostics);
      if (state.kind === 'compiled') config.logger.info(`${name} compiled`, { timestamp: true });
      const message: ScriptMessage = { script: name, state };
      this.environment.hot.send({ type: 'custom', event: SCRIPT_EVENT, data: message });
      return [];
    },
  };
}

interface Result {
  readonly name: string;
  readonly state: ScriptState;
  readonly diagnostics: readonly Diagnostic[];
}

/** The JavaScript that an imported script is for the page. */
export function moduleText(name: string, state: ScriptState, listens: boolean): string {
  const lines = [
    `import { DeliveredScript${listens ? ', SCRIPT_EVENT' : ''} } from ${JSON.stringify(RUNTIME)};`,
    // Browsers read JSON faster than the same as an expression.
    `const state = JSON.parse(${JSON.stringify(JSON.stringify(state))});`,
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
