/**
 * Who may import whom. Arrows point one way: each compiler stage knows only earlier ones, what runs programs knows no
 * compiler, and what a folder does not export through its `index.ts` is nobody else's business.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

/** Each room and the rooms it may import. A room may always import itself. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'scripting/heap': [],
  'scripting/library': ['scripting/heap', 'scripting/syntax'],
  'scripting/atlas': [],
  'scripting/image': ['scripting/atlas'],
  'scripting/syntax': [],
  'scripting/macros': ['scripting/syntax'],
  'scripting/types': ['scripting/syntax', 'scripting/macros', 'scripting/image'],
  'scripting/ir': ['scripting/syntax', 'scripting/image'],
  'scripting/lower': [
    'scripting/syntax',
    'scripting/types',
    'scripting/ir',
    'scripting/heap',
    'scripting/image',
  ],
  'scripting/regions': ['scripting/syntax', 'scripting/ir', 'scripting/heap', 'scripting/image'],
  'scripting/optimise': ['scripting/syntax', 'scripting/ir', 'scripting/heap'],
  'scripting/emit': [
    'scripting/syntax',
    'scripting/ir',
    'scripting/optimise',
    'scripting/heap',
    'scripting/image',
  ],
  'scripting/machine': ['scripting/heap', 'scripting/image'],
  'scripting/reload': ['scripting/heap', 'scripting/image', 'scripting/machine'],
  'scripting/tools': [
    'scripting/syntax',
    'scripting/macros',
    'scripting/types',
    'scripting/ir',
    'scripting/lower',
    'scripting/regions',
    'scripting/emit',
    'scripting/library',
    'scripting/heap',
    'scripting/atlas',
    'scripting/image',
    'scripting/machine',
    'scripting/reload',
    'engine',
  ],
  engine: ['scripting/heap', 'scripting/atlas', 'scripting/image', 'scripting/machine'],
  demos: ['engine', 'scripting/machine', 'scripting/image', 'scripting/heap'],
};

/**
 * The rooms inside a room, each with those that it may import. What lies beside them, in the room itself, is above them all and
 * imports any, but for its foundations.
 */
export const INNER_ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'scripting/heap': {
    spaces: [],
    trace: ['spaces'],
    moving: ['spaces', 'trace'],
    collect: ['spaces', 'trace', 'moving'],
    mutator: ['spaces', 'trace', 'moving', 'collect'],
    verify: ['spaces', 'trace', 'moving', 'collect', 'mutator'],
  },
  'scripting/types': {
    model: [],
    solving: ['model'],
    forms: ['model', 'solving'],
    declarations: ['model', 'solving', 'forms'],
    'whole-program': ['model', 'solving', 'declarations'],
  },
};

/** Files of a room that its inner rooms stand on. */
const FOUNDATIONS: readonly string[] = ['layout', 'cells', 'shared-cells', 'fault', 'checked', 'host'].map(
  (name) => `scripting/heap/${name}.ts`,
);

/** Folders in which files import one another in a circle, with the reason why that is right. */
export const CIRCLES: Readonly<Record<string, string>> = {
  'scripting/emit':
    'code is printed by one recursion, and what prints a module makes the printers of its functions',
  'scripting/lower':
    'what an expression is lowered to contains other expressions, and functions that are reached by that',
  'scripting/machine': 'values that cross to the host contain values',
  'scripting/regions':
    'a function is analysed by what its calls come to, and those are calls in its analysis',
  'scripting/types/forms': 'an expression contains expressions',
  'scripting/types/model': 'a module is a table of definitions, and each of those knows its module',
};

/**
 * Rooms whose files make up one AssemblyScript program: heap.wasm's sources name one another's files, since its compiler
 * knows no index files.
 */
const ONE_PROGRAM = ['scripting/heap', 'scripting/library'];

export interface Import {
  /** The importing file, from the project's root, with `/`. */
  readonly file: string;
  readonly line: number;
  /** What it imports, as written. */
  readonly specifier: string;
}

/** What is wrong with the imports of a file; each a sentence with its place. */
export function wrongImports(file: string, text: string): string[] {
  return importsOf(file, text).flatMap((found) => {
    const wrong = wrongImport(found);
    return wrong === undefined ? [] : [`${found.file}:${found.line}: ${wrong}`];
  });
}

function wrongImport({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === undefined) return undefined;
  if (to === undefined) return `${specifier} lies in no room of the house`;
  if (from !== to && !ROOMS[from]?.includes(to)) return `${from} must not import ${to}`;
  const inner = from === to ? wrongInside(from, file, target) : undefined;
  if (inner !== undefined) return inner;
  // A folder is a room's room: what it shows the others is its index.
  const sameFolder = posix.dirname(target) === posix.dirname(file);
  if (sameFolder || (ONE_PROGRAM.includes(from) && ONE_PROGRAM.includes(to))) return undefined;
  const inside = posix.dirname(file).startsWith(`${posix.dirname(target)}/`);
  if (!inside && /\.[mc]?[jt]s$/.test(target) && posix.basename(target) !== 'index.ts')
    return `${specifier} reaches past the index of ${posix.dirname(target)}`;
  return undefined;
}

/** Of two files of one room: what lies in its inner rooms, and which those may import. */
function wrongInside(room: string, file: string, target: string): string | undefined {
  const rooms = INNER_ROOMS[room];
  if (rooms === undefined) return undefined;
  const [from, to] = [innerRoom(room, file), innerRoom(room, target)];
  if (from === undefined) return undefined;
  if (FOUNDATIONS.includes(target)) return undefined;
  if (to === undefined) return `${from} must not import what lies above it in ${room}`;
  if (rooms[from] === undefined) return `${from} is no room of ${room}`;
  return from === to || rooms[from].includes(to) ? undefined : `${from} must not import ${to}`;
}

/** The folder inside a room; undefined for what lies in the room itself. */
function innerRoom(room: string, path: string): string | undefined {
  const [folder, ...rest] = path.slice(room.length + 1).split('/');
  return rest.length === 0 ? undefined : folder;
}

/** The files of the house that each file imports. */
export function importGraph(root: string, files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(files);
  return new Map(
    files.map((file) => [
      file,
      importsOf(file, readHouseFile(root, file))
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => posix.normalize(posix.join(posix.dirname(file), specifier)))
        .filter((target) => known.has(target)),
    ]),
  );
}

/** The room a path lies in: the longest that matches. */
function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS).find((room) => path.startsWith(`${room}/`));
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?'(?<from>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'\s*\)/g;

/** Imports and re-exports of a file, types included; also dynamic ones. */
export function importsOf(file: string, text: string): Import[] {
  // Comments show imports too; they are blanked out, so that lines stay where they are.
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
  return [...code.matchAll(IMPORT)].map((match) => {
    const specifier = match.groups?.from ?? match.groups?.dynamic ?? '';
    const at = match.index + match[0].length;
    return { file, line: code.slice(0, at).split('\n').length, specifier };
  });
}

/** All TypeScript files of the house, from the project's root, with `/`. */
export function houseFiles(root: string): string[] {
  const tops = [...new Set(Object.keys(ROOMS).map((room) => room.split('/')[0] as string))];
  return tops
    .flatMap((top) => filesIn(join(root, top)))
    .map((file) => relative(root, file).replaceAll('\\', '/'));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesIn(path);
    return /\.(ts|mjs)$/.test(entry.name) ? [path] : [];
  });
}

export function readHouseFile(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The project's root, from this file. */
export function projectRoot(url: string): string {
  return dirname(dirname(dirname(new URL(url).pathname)));
}
