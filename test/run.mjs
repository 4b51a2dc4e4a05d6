// What `npm test` runs: builds the heap where its sources have changed since, checks types and style, finds a browser, and lets vitest run everything.
// `--long` asks for fresh seeds and large counts, `--quick` leaves out what takes long (`vitest.config.ts`), for the inner loop; further
// arguments go to vitest. Exits with 0 only if all is well.

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changedSince } from '../scripting/tools/bundle.mjs';
import { provideChromium } from './browser/chromium.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const OPTIONS = ['--long', '--quick'];
const [long, quick] = OPTIONS.map((option) => process.argv.includes(option));
const rest = process.argv.slice(2).filter((argument) => !OPTIONS.includes(argument));
const env = { ...process.env, ...(long && { SLUICE_LONG: '1' }), ...(quick && { SLUICE_QUICK: '1' }) };

/** Runs a package's command; true where it ended well. */
function run(title, script, args) {
  console.log(`\n${title}`);
  const { status } = spawnSync(process.execPath, [join(modules, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  return status === 0;
}

// A browser first: without one the tests would not be all of the tests.
if (!quick) {
  const chromium = await provideChromium();
  if (chromium.path === undefined) {
    console.error(chromium.reason);
    process.exit(1);
  }
  env.CHROME_PATH = chromium.path;
}

/** Whether a heap is newer than all that it is made of. */
function isFresh(name) {
  const made = statSync(join(root, 'build', name), { throwIfNoEntry: false })?.mtimeMs;
  return (
    made !== undefined &&
    ['heap', 'library'].every((room) => !changedSince(made, join(root, 'scripting', room)))
  );
}

const buildHeap = (name, config, target) =>
  isFresh(name) ||
  run(`Building ${name}`, 'assemblyscript/bin/asc.js', [
    '--config',
    `scripting/heap/${config}`,
    '--target',
    target,
    '--transform',
    './scripting/heap/direct-fields.mjs',
  ]);
if (
  !buildHeap('heap.wasm', 'asconfig.json', 'release') ||
  !buildHeap('heap-checked.wasm', 'asconfig.checked.json', 'checked')
)
  process.exit(1);

const steps = [
  ['Checking types', 'typescript/bin/tsc', ['--noEmit']],
  ['Checking style', '@biomejs/biome/bin/biome', ['check', '.']],
  ['Testing', 'vitest/vitest.mjs', ['run', ...rest]],
];
const failed = steps.filter((step) => !run(...step)).map(([title]) => title);
if (failed.length > 0) {
  // Said last, because the tests print far more than the checks before them.
  console.error(`\nFailed: ${failed.join(', ')}. What each found stands above, under its name.`);
  process.exitCode = 1;
}
