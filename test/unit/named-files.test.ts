/** What comments and pages say of files: that they are there. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from './house.ts';

const root = projectRoot(import.meta.url);
/** What is not the project's own text. */
const MADE: readonly string[] = ['node_modules', 'build', 'dist', 'test/output', '.git'];

function filesIn(folder: string): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return MADE.includes(path) ? [] : filesIn(path);
  });
}

const files = filesIn('');
const paths = new Set(files);
const names = new Set(files.map((file) => posix.basename(file)));

/** Files of examples, of games, and what is made when something runs. */
const ELSEWHERE = /^(?:game|levels|world)\b|(?:^|\/)(?:game|world)\.slu$|^\.d\.ts$|^bench-results\.json$/;
const NAMED = /`(?<name>[\w./-]+\.(?:ts|mts|mjs|md|slu|json))`/g;

/** A name alone may be any file's; a path is one from here, from the project's root, or the end of one. */
function isThere(name: string, from: string): boolean {
  if (!name.includes('/')) return names.has(name);
  if (paths.has(name) || paths.has(posix.normalize(posix.join(posix.dirname(from), name)))) return true;
  return !name.startsWith('.') && files.some((file) => file.endsWith(`/${name}`));
}

function missing(file: string, text: string): string[] {
  return [...text.matchAll(NAMED)]
    .filter(({ groups }) => !ELSEWHERE.test(groups?.name ?? '') && !isThere(groups?.name ?? '', file))
    .map(({ groups, index }) => `${file}:${text.slice(0, index).split('\n').length}: ${groups?.name}`);
}

it('every file that a comment or a page names is there', () => {
  const read = files.filter(
    (file) => /\.(?:ts|mts|mjs|md)$/.test(file) && !file.startsWith('test/unit/named-files'),
  );
  expect(read.flatMap((file) => missing(file, readFileSync(posix.join(root, file), 'utf8')))).toEqual([]);
});

it('a file that is not is told, with its place', () => {
  expect(
    missing('scripting/heap/README.md', 'See `cells.ts`,\nand `marks.ts` and `heap/spaces/blocks.ts`.'),
  ).toEqual(['scripting/heap/README.md:2: marks.ts']);
  expect(missing('scripting/emit/checks.ts', '`../heap/checks.ts`')).toEqual([
    'scripting/emit/checks.ts:1: ../heap/checks.ts',
  ]);
});
