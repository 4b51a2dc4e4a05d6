/** The JavaScript that an imported script is for a page, while serving and in a build. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BuiltProgram,
  debugInfoIn,
  type Image,
  keepFunctionNames,
  nameModule,
  type ScriptState,
} from '../image/index.ts';
import { jsonExpression } from './vite-images.ts';

/** In an installed package everything is JavaScript. */
const RUNTIME = fileURLToPath(
  new URL(`../image/index${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
);

/** The socket's events, and what an imported script does with their messages. */
const LISTENERS = [
  ['SCRIPT_EVENT', 'receive(message.state, message.news)'],
  ['IMAGES_EVENT', 'receiveImages(message)'],
] as const;

/** A script that listens; `atlas` is the expression of its images, and `editor` is what opens a file. */
export function servedModule(name: string, state: ScriptState, atlas: string, editor: string): string {
  const title = JSON.stringify(name);
  return text([
    `import { DeliveredScript, IMAGES_EVENT, REPORT_EVENT, SCRIPT_EVENT } from ${JSON.stringify(RUNTIME)};`,
    `const state = ${jsonExpression(state)};`,
    `const atlas = ${atlas};`,
    `const script = new DeliveredScript(${title}, state, atlas);`,
    'export default script;',
    `script.opens = ${JSON.stringify(editor)};`,
    'const hot = import.meta.hot;',
    'if (hot) {',
    ...LISTENERS.map(
      ([event, method]) =>
        `  hot.on(${event}, (message) => message.script === ${title} && script.${method});`,
    ),
    `  script.report = (report) => hot.send(REPORT_EVENT, { script: ${title}, report });`,
    '}',
  ]);
}

/** A script with its program, an expression, in a built page. */
export function builtModule(name: string, program: string, atlas: string): string {
  return text([
    `import { BuiltScript } from ${JSON.stringify(RUNTIME)};`,
    `const program = ${program};`,
    `const atlas = ${atlas};`,
    `export default new BuiltScript(${JSON.stringify(name)}, program, atlas);`,
  ]);
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** Functions that no trace shows: the heap's, and what lies between the machine and a program. They have half of all names. */
const UNSEEN = /^(scripting|~lib)\/|^sluice:/;

/**
 * The expression of a `BuiltProgram`. `emit` puts a file into the build, and returns the expression of its address. Of a checked build the debug
 * information stays with the program: what such a build finds is told at once, and names types.
 */
export function builtProgram(
  name: string,
  image: Image,
  checked: boolean,
  emit: (name: string, source: string | Uint8Array) => string,
): string {
  const bare = keepFunctionNames(image.wasm, (name) => !UNSEEN.test(name));
  const codeName = `sluice-${createHash('sha256').update(bare).digest('hex').slice(0, 8)}`;
  // A file of its own is a third smaller than the same as text.
  const wasm = `wasm: ${emit(`${name}.wasm`, nameModule(bare, codeName))}`;
  const { sourceMap, manifest } = image;
  if (checked) return `{ ...${jsonExpression({ codeName, sourceMap, manifest })}, ${wasm} }`;
  const program: Omit<BuiltProgram, 'wasm'> = {
    codeName,
    sourceMap: '',
    manifest: {
      ...manifest,
      sites: [],
      inlined: [],
      types: [],
      // What became of a global matters where code is replaced.
      globals: manifest.globals.map((global) => ({ ...global, type: '' })),
    },
  };
  const debugInfo = emit(`${name}.places.json`, JSON.stringify(debugInfoIn(image)));
  return `{ ...${jsonExpression(program)}, ${wasm}, debugInfo: ${debugInfo} }`;
}
