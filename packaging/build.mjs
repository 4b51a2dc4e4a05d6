// `npm run build:package`: what `npm pack` puts into the tarball, in build/package. It is the sources as JavaScript with
// declarations, in the folders that they lie in here, so that what is found beside a file here is found beside it there.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'build/package');

rmSync(target, { recursive: true, force: true });
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
execFileSync(process.execPath, [compiler, '-p', join(root, 'packaging/tsconfig.json')], { stdio: 'inherit' });

/** What lies beside the code: the library's sources, the two heaps, and what the command needs to start. */
const FILES = [
  ...filesIn('scripting/library').filter((file) => file.endsWith('.slu')),
  'build/heap.wasm',
  'build/heap-checked.wasm',
  'scripting/tools/short-run.mjs',
  'scripting/tools/start.mjs',
];
for (const file of FILES) copy(file, file);
copy('packaging/sluice.mjs', 'sluice.mjs');
// What `sluice new` copies. npm leaves files called .gitignore out of a package.
for (const file of filesIn('demos/template')) copy(file, file.replace(/\.gitignore$/, 'gitignore'));

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

function copy(from, to) {
  mkdirSync(dirname(join(target, to)), { recursive: true });
  cpSync(join(root, from), join(target, to));
}
